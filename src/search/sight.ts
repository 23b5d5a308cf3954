/**
 * The law of sight: what proposal n may see of the trials below it, and so when it may be made.
 * It sees how trial m ended where n - m >= lag. With a pruner whose rungs grow by a factor it sees m's report at rung r
 * where n - m >= lag * factor^r, or m's end if that came before rung r: long trials hold up nobody, and yet what is seen
 * follows from numbers alone, never from the number of workers or from who was quick. What is not seen yet is pending.
 * A proposal costs a look at one trial a rung; a whole search of n trials n such looks a rung, also when it is resumed.
 * Not here: who must wait at a rung (prune/rungs-in-order.ts), how many trials run at once.
 */
import { firstIndex } from '../exact/first-index.ts';
import type { Report } from '../trial.ts';

/** What decides how much is seen. */
export interface SightOptions {
  readonly lag: number;
  /** How many times as many numbers away each further rung is seen; 1 where there is no such ladder. */
  readonly growth: number;
  /** The step of a rung, counted from 0; undefined after the last one. */
  rung(index: number): number | undefined;
}

/** What is known of a trial at some moment. */
export interface Course {
  /** In order of step. */
  readonly reports: readonly Report[];
  /** How it ended, if it has. */
  readonly end?: 'done' | 'pruned' | 'diverged' | 'failed' | undefined;
}

/** What a proposal sees of a lower trial. `running` says that more of it may be seen later, not that it runs. */
export type Seen =
  | {
      readonly state: 'running' | 'done' | 'pruned';
      readonly result: Report;
    }
  | { readonly state: 'diverged' | 'failed' };

/** The distance from which more is seen of a trial, and up to which step; Infinity is its end. */
interface Level {
  readonly distance: number;
  readonly step: number;
}

/** The levels of a law, nearest first, as far as a distance below `most`. */
function levelsBelow({ lag, growth, rung }: SightOptions, most: number): readonly Level[] {
  const levels: Level[] = [];
  let distance = lag;
  // Without a ladder the end is seen at once; with one, a distance past the last rung.
  for (let index = 0; distance < most; index++, distance *= growth) {
    const step = growth > 1 ? rung(index) : undefined;
    levels.push({ distance, step: step ?? Number.POSITIVE_INFINITY });
    if (step === undefined) break;
  }
  return levels;
}

/** A trial as it is seen up to a step; undefined where it has not come so far. */
export function seenUpTo(step: number, { reports, end }: Course): Seen | undefined {
  const report = reports[firstIndex(reports.length, (index) => (reports[index] as Report).step >= step)];
  if (report !== undefined) return { state: 'running', result: report };
  if (end === undefined) return undefined;
  if (end === 'diverged' || end === 'failed') return { state: end };
  const last = reports.at(-1);
  // Without a report there is no result to compare.
  return last === undefined ? { state: 'failed' } : { state: end, result: last };
}

/** What unfolds as a search goes on. */
export interface Sight {
  /**
   * Whether the proposal with this number may be made: the next one, or a lower one that is known from a record. Before
   * it says so, it has shown everything that this proposal sees and the one before did not.
   */
  opens(number: number): boolean;
}

/**
 * Follows a search from its first proposal on.
 * @param course what is known of a trial, by its number from 1
 * @param show is called for each change in what is seen of a trial
 */
export function followSight(
  options: SightOptions,
  course: (number: number) => Course,
  show: (number: number, seen: Seen) => void,
): Sight {
  let opened = 0;

  /** All that one proposal sees first, or undefined while a trial has not come so far. */
  function newlySeen(
    number: number,
  ): readonly { readonly number: number; readonly seen: Seen }[] | undefined {
    const news: { number: number; seen: Seen }[] = [];
    for (const { distance, step } of levelsBelow(options, number)) {
      const seen = seenUpTo(step, course(number - distance));
      if (seen === undefined) return undefined;
      news.push({ number: number - distance, seen });
    }
    return news;
  }

  return {
    opens(number) {
      // After a restart all proposals are gone through again: a trial below may have lost reports that it had shown.
      for (; opened < number; opened++) {
        const news = newlySeen(opened + 1);
        if (news === undefined) return false;
        for (const { number, seen } of news) show(number, seen);
      }
      return true;
    },
  };
}
