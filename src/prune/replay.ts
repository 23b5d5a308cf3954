/**
 * What a pruner would have saved and lost on curves that are recorded whole: trial by trial, in order of number.
 * For a search that does not look at results this is what would have happened, to the last step; one that does would
 * have tried other points after the first pruned one. Not here: where curves come from, and how the answer is shown.
 */
import type { Pruner } from './pruner.ts';
import { rungsInOrder } from './rungs-in-order.ts';

/** A recorded trial; a run of them has the numbers 1, 2, 3, ... */
export interface RecordedTrial {
  /** In order of step. A loss is the lower the better. */
  readonly reports: readonly { readonly step: number; readonly loss: number }[];
  /** Its place on the leaderboard, counted from 1; undefined where it has none, such as a diverged one. */
  readonly rank: number | undefined;
}

export interface Replayed {
  /** How many trials are pruned. */
  readonly pruned: number;
  /** Steps that are still run, of all that are recorded. */
  readonly steps: number;
  readonly recordedSteps: number;
  /** The place on the recorded leaderboard of the trial that wins now; undefined where none is left that has a place. */
  readonly crowned: number | undefined;
  /** The last step of each trial, in order of number. */
  readonly lastSteps: readonly number[];
}

export function replay(trials: readonly RecordedTrial[], pruner: Pruner): Replayed {
  const rungs = rungsInOrder(pruner);
  const lastSteps: number[] = [];
  const sum = (steps: readonly number[]): number => steps.reduce((total, step) => total + step, 0);
  let pruned = 0;
  let crowned: number | undefined;
  for (const [at, { reports, rank }] of trials.entries()) {
    // No trial waits here: all lower ones have ended.
    const cut = reports.find(({ step, loss }) =>
      rungs.report(at + 1, step, loss).some(({ verdict }) => verdict === 'prune'),
    );
    rungs.ended(at + 1);
    lastSteps.push((cut ?? reports.at(-1))?.step ?? 0);
    if (cut !== undefined) pruned++;
    else if (rank !== undefined) crowned = Math.min(crowned ?? rank, rank);
  }
  const recordedSteps = sum(trials.map(({ reports }) => reports.at(-1)?.step ?? 0));
  return { pruned, steps: sum(lastSteps), recordedSteps, crowned, lastSteps };
}
