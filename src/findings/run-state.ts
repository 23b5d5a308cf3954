/** How a run stands at this moment, which its record alone does not say. Not here: how its trials stand (status.ts). */
import type { Experiment } from '../store/results.ts';
import { isStudy } from '../sweep/is-study.ts';

/**
 * `interrupted` is a run whose process was killed: it is recorded as running until somebody opens the database to write.
 * `open` is a study that goes on whenever somebody asks or tells: between two calls it is recorded as stopped.
 */
export type RunState = Experiment['state'] | 'interrupted' | 'open';

/** @param isOwned whether a process owns the database: asked only where that decides */
export function runStateNow(
  run: Pick<Experiment, 'state' | 'objectiveHash'>,
  isOwned: () => boolean,
): RunState {
  if (isStudy(run)) return run.state === 'done' ? 'done' : 'open';
  return run.state === 'running' && !isOwned() ? 'interrupted' : run.state;
}
