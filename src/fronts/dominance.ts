/**
 * Which results are better than which when several metrics count: dominance, and the fronts that come of it.
 * Zhang et al., An Efficient Approach to Nondominated Sorting, IEEE Trans. Evol. Comput. 19 (2015): ENS-BS.
 * Points are losses, the lower the better in every one. Not here: how much a front is worth (hypervolume.ts).
 */
import { firstIndex } from '../exact/first-index.ts';

/** Whether `one` is nowhere worse than `other` and somewhere better. */
export function dominates(one: readonly number[], other: readonly number[]): boolean {
  let better = false;
  for (const [index, value] of one.entries()) {
    if (value > (other[index] as number)) return false;
    if (value < (other[index] as number)) better = true;
  }
  return better;
}

/**
 * The front of each point, counted from 1: front 1 is not dominated, front 2 by points of front 1 alone, and so on.
 * Equal points are in one front. Every value must be finite.
 */
export function nonDominatedRanks(points: readonly (readonly number[])[]): number[] {
  const ranks = new Array<number>(points.length).fill(0);
  const fronts: number[][] = [];
  // In this order no point dominates one before it.
  const order = [...points.keys()].sort((a, b) => compared(points[a] as number[], points[b] as number[]));
  for (const index of order) {
    const point = points[index] as readonly number[];
    // If no point of a front dominates it, none of a later front does.
    const own = firstIndex(fronts.length, (at) => !holdsDominating(fronts[at] as number[], points, point));
    const front = fronts[own] ?? [];
    front.push(index);
    fronts[own] = front;
    ranks[index] = own + 1;
  }
  return ranks;
}

/** Whether one of a front, whose points are in the order above, dominates a later point. */
function holdsDominating(
  front: readonly number[],
  points: readonly (readonly number[])[],
  point: readonly number[],
): boolean {
  const at = (index: number) => points[index] as readonly number[];
  // Of two losses the second falls along a front as the first rises, so the last one is the lowest there: O(n log n) in all.
  if (point.length <= 2) return dominates(at(front.at(-1) as number), point);
  // The last ones are the nearest, and so the likeliest.
  return front.findLast((index) => dominates(at(index), point)) !== undefined;
}

/** By the first value that differs. */
function compared(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((value, at) => value !== other[at]);
  return index < 0 ? 0 : (one[index] as number) - (other[index] as number);
}
