/**
 * Both phases of an experiment: search, then run the winner on. A run that was cut off goes on.
 * Not here: the phases themselves (search-phase.ts, final-phase.ts), how a trial is run (execute) and stored (store).
 */
import type { Metric } from '../metric.ts';
import type { Combination } from '../store/ranking.ts';
import type { DoneTrial, Trial } from '../trial.ts';
import { finalPhase } from './final-phase.ts';
import { patiently } from './patience.ts';
import { openRun, type SweepTask } from './run.ts';
import { searchPhase } from './search-phase.ts';
import { metricsOf } from './tried.ts';

/** What a run has come to. */
export interface SweepResult {
  readonly experimentId: number;
  /** In the order of every report's values; the first decides. */
  readonly metrics: readonly Metric[];
  /** Phase 1, in order of number. */
  readonly trials: readonly Trial[];
  /** The same trials, the best first, those without a result last. */
  readonly ranked: readonly Trial[];
  /** The same by combination, the best first: the mean over its replicates decides. */
  readonly combinations: readonly Combination[];
  /** The best replicate of the best combination, from which the final training starts; undefined where none is done. */
  readonly winner: DoneTrial | undefined;
  /** The trial of phase 2; undefined where there was none. */
  readonly final: Trial | undefined;
  readonly state: 'done' | 'stopped';
  /** Of all sessions of the run. */
  readonly seconds: number;
}

/** Runs both phases of an experiment, as a new run in the store or going on with one. */
export async function sweep(task: SweepTask): Promise<SweepResult> {
  const { tried, executor, store, signal, onEvent } = task;
  const run = await openRun(task);
  const { experimentId, recorded } = run;
  await searchPhase(run);
  const winner = store.winner(experimentId);
  let final: Trial | undefined;
  if (winner !== undefined && !signal.aborted) final = await finalPhase(run, winner);

  const state = signal.aborted ? 'stopped' : 'done';
  const trials = store.trials(experimentId).filter(({ role }) => role === 'search');
  let seconds = recorded?.seconds ?? 0;
  if (run.isAwake()) {
    const session = executor.age();
    seconds += session;
    const end = () => {
      store.recordMachines(executor.machines?.() ?? []);
      store.finishExperiment(experimentId, state, session);
    };
    await patiently(() => store.together(end), signal);
  } else {
    onEvent({
      kind: 'remark',
      text: `Experiment ${experimentId} was finished before. ${retryText(trials)}--fresh runs it anew.`,
    });
  }
  const [ranked, combinations] = [store.ranked(experimentId), store.combinations(experimentId)];
  const metrics = metricsOf(tried.experiment);
  return { experimentId, metrics, trials, ranked, combinations, winner, final, state, seconds };
}

function retryText(trials: readonly Trial[]): string {
  const failed = trials.filter(({ state }) => state === 'failed').length;
  if (failed === 0) return '';
  return `--retry-failed tries ${failed === 1 ? 'the trial' : `the ${failed} trials`} again that failed, `;
}
