/** A search that begins with given points. Not here: whether they are points of its space. */
import type { Params } from '../trial.ts';
import type { Searcher } from './searcher.ts';

export interface EnqueuedOptions {
  readonly replicates: number;
  /** Whether the search is shown the results of the given points; one that counts its own points is not. */
  readonly isShown: boolean;
}

/** The given points in order, each in every replicate; then those of the search. */
export function enqueued(
  searcher: Searcher,
  points: readonly Params[],
  { replicates, isShown }: EnqueuedOptions,
): Searcher {
  const count = points.length * replicates;
  if (count === 0) return searcher;
  return {
    total: searcher.total + count,
    ahead: searcher.ahead,
    ask(history, random) {
      const { trials, has } = history;
      const params = points[Math.floor(trials.length / replicates)];
      if (params !== undefined) return { params, replicate: trials.length % replicates };
      return searcher.ask(isShown ? history : { trials: trials.slice(count), has }, random);
    },
  };
}
