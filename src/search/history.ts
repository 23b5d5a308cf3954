/** The history that a searcher is shown, kept up as the trials go on. Not here: asking. */
import { paramsKey } from '../space/params-key.ts';
import type { History, Point, SeenTrial } from './searcher.ts';

const nameOf = ({ params, replicate }: Point): string => `${paramsKey(params)}/${replicate}`;

/** A history that grows; only the loop that runs the search adds to it. */
export interface GrowingHistory extends History {
  add(trial: SeenTrial): void;
  /** Puts a trial in place of the one that it was before, counted from 0. */
  replace(index: number, trial: SeenTrial): void;
}

export function historyOf(first: readonly SeenTrial[] = []): GrowingHistory {
  const trials = [...first];
  const names = new Set(trials.map(nameOf));
  return {
    trials,
    has: (point) => names.has(nameOf(point)),
    add(trial) {
      trials.push(trial);
      names.add(nameOf(trial));
    },
    replace(index, trial) {
      trials[index] = trial;
    },
  };
}
