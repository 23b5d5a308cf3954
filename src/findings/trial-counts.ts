/** How far the search of a run is. Not here: which of its trials lie ready (live.ts), and its final training, which is none of them. */
import type { Experiment } from '../store/results.ts';
import { isEnded } from '../sweep/ended.ts';
import { trialsInAll } from '../sweep/trial-count.ts';
import type { Trial } from '../trial.ts';

export type Counts = Readonly<Record<Trial['state'], number>>;

export interface TrialCounts {
  /** Trials that lie ready for a thread, or are still to be proposed, wait. */
  readonly counts: Counts;
  /** Of those that wait. */
  readonly unproposed: number;
  /** A stopped trial continues with its run, so it has not ended. */
  readonly ended: number;
  readonly trials: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/**
 * @param recorded trials of the search
 * @param ready how many of those that are recorded as running lie ready
 */
export function trialCounts(run: Experiment, recorded: Counts, ready = 0): TrialCounts {
  const known = sum(Object.values(recorded));
  const trials = trialsInAll(run, known);
  const unproposed = trials - known;
  const { waiting, running } = recorded;
  const states = Object.keys(recorded) as Trial['state'][];
  return {
    counts: { ...recorded, waiting: waiting + ready + unproposed, running: running - ready },
    unproposed,
    ended: sum(states.filter((state) => isEnded({ state })).map((state) => recorded[state])),
    trials,
  };
}

export function countsOf(trials: readonly Trial[]): Counts {
  const counts = {
    ...{ waiting: 0, running: 0, paused: 0, stopped: 0 },
    ...{ done: 0, pruned: 0, diverged: 0, failed: 0 },
  };
  for (const { role, state } of trials) if (role === 'search') counts[state]++;
  return counts;
}
