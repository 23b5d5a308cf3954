/**
 * The promise of every search method: which point to try next.
 * Not here: running it, storing it, or remembering anything between two questions.
 */
import type { Random } from '../random.ts';
import type { Params, Report, Trial } from '../trial.ts';

/** What a searcher hands out: one combination, to be trained in one replicate. */
export interface Point {
  readonly params: Params;
  /** Counted from 0. */
  readonly replicate: number;
}

/** Every trial of the search so far, running and waiting ones included. */
export interface History {
  /** In order of number. */
  readonly trials: readonly SeenTrial[];
  /** Whether a trial of this point is among them; takes no longer where there are many. */
  has(point: Point): boolean;
}

/** What a searcher sees of a trial. */
export interface SeenTrial extends Point {
  readonly state: Trial['state'];
  /** What it was measured by, as far as the law of sight shows it; a trial that was not done got as far as `step`. */
  readonly result?: Report;
}

/** How far ahead points may be asked for that follow from their number alone. */
export const independentAhead = 10_000;

export interface Searcher {
  /** How many points it gives in all. */
  readonly total: number;
  /** How many points may be asked for before they can run; 0 where a point depends on how those before it ended. */
  readonly ahead: number;
  /**
   * The next point; undefined when the search is over.
   * A pure function: the same history and random stream give the same point, so a resumed search goes on as it was.
   */
  ask(history: History, random: Random): Point | undefined;
}
