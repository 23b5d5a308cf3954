/**
 * Which trials of a history count as good, and how much each does. With several metrics those of the first fronts do:
 * Y. Ozaki and others, JAIR 73 (2022) 1209, section 4.
 * Not here: what is drawn from that (tpe.ts).
 */
import type { FrontMetric } from '../fronts/order.ts';
import type { SeenTrial } from './searcher.ts';
import { bestByFront, bestOf, type Goals, standingOf } from './standing.ts';

const mostGood = 25;

/** How many of n finished trials count as good. */
export const goodCount = (n: number, gamma: number): number => Math.min(Math.ceil(gamma * n), mostGood);

/** The places of the trials in the history, good ones and all others, in order of number. */
export interface Split {
  readonly good: readonly number[];
  /** Of each good one, its place among them, the best at 0. */
  readonly ranks: readonly number[];
  readonly others: readonly number[];
}

/** @param metrics those that count alike, where there are several; else the first goal decides */
export function split(
  trials: readonly SeenTrial[],
  goals: Goals,
  gamma: number,
  metrics: readonly FrontMetric[] = [],
): Split {
  let finished = 0;
  for (let index = 0; index < trials.length; index++)
    if (standingOf(trials[index] as SeenTrial) !== 'pending') finished += 1;
  const count = goodCount(finished, gamma);
  const best = metrics.length > 1 ? bestByFront(trials, count, metrics) : bestOf(trials, count, goals);
  const rankOf = new Map(best.map((place, rank) => [place, rank]));
  const good = best.toSorted((a, b) => a - b);
  const isGood = new Uint8Array(trials.length);
  for (const place of best) isGood[place] = 1;
  // Pending trials are among the others, so the next proposals look elsewhere (Optuna's constant liar).
  const others: number[] = [];
  for (let index = 0; index < trials.length; index++) if (isGood[index] === 0) others.push(index);
  return { good, ranks: good.map((place) => rankOf.get(place) as number), others };
}

/** Good trials count by their rank, the best twice as much as on average; all together as much as if they counted alike. */
export const rankWeight = (rank: number, count: number): number => (2 * (count - rank)) / (count + 1);
