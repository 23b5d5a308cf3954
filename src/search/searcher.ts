/**
 * The promise of every search method: which points to try next.
 * Not here: running them, storing them, or remembering anything between two questions.
 */
import type { Random } from '../random.ts';
import type { Params, Trial } from '../trial.ts';

/** What a searcher hands out: one combination, to be trained in one replicate. */
export interface Point {
  readonly params: Params;
  /** Counted from 0. */
  readonly replicate: number;
}

export interface Searcher {
  /**
   * The next points, at most `limit`; none when the search is over.
   * A pure function: the same history and random stream give the same points, so a resumed search goes on as it was.
   * @param history every trial of phase 1 so far, running and waiting ones included, in order of number
   */
  ask(
    history: readonly Pick<Trial, 'params' | 'replicate' | 'state'>[],
    random: Random,
    limit: number,
  ): Point[];
}
