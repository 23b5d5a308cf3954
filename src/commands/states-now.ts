/** How the trials of a run stand at this moment, which their record alone does not say. */
import { readLive } from '../dashboard/read-live.ts';
import { readyAmong, type StateOf, stateNow } from '../findings/live.ts';
import { runStateNow } from '../findings/run-state.ts';
import { isOwned } from '../store/ownership.ts';
import type { Experiment, Results } from '../store/results.ts';

export function statesNow(results: Results, database: string, run: Experiment): StateOf {
  // Nothing of it runs, and to read all trials takes long.
  if (run.state !== 'running') return ({ state }) => state;
  const runNow = runStateNow(run, () => isOwned(database));
  const recorded = results.trials(run.id).filter(({ state }) => state === 'running');
  const ready = readyAmong(recorded, runNow === 'running' ? readLive(database) : undefined);
  return ({ id, state }) => stateNow(state, runNow, ready.has(id));
}
