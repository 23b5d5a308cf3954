/**
 * Results by several metrics from the best to the worst: by front, and within a front those that stand alone first.
 * K. Deb and others, NSGA-II, IEEE Trans. Evol. Comput. 6 (2002) 182, section III: rank and crowding distance.
 * Not here: what is a result, and which metrics count.
 */
import { nonDominatedRanks } from './dominance.ts';

interface Placed<Item> {
  readonly item: Item;
  /** Counted from 1: those of front 1 are not dominated. */
  readonly front: number;
}

/** Which way each metric is better that counts, and where its value stands in a report. */
export interface FrontMetric {
  readonly position: number;
  readonly goal: 'minimise' | 'maximise';
}

/** A report's values as losses: the lower the better. */
export const lossesOf = (metrics: readonly FrontMetric[], values: readonly number[]): number[] =>
  metrics.map(({ position, goal }) => (goal === 'minimise' ? 1 : -1) * (values[position] as number));

/**
 * The items from the best to the worst, each with its front. Of equal ones the first given stands first.
 * @param losses of an item: finite, the lower the better
 */
export function byFront<Item>(
  items: readonly Item[],
  losses: (item: Item) => readonly number[],
): Placed<Item>[] {
  const points = items.map((item) => losses(item));
  const ranks = nonDominatedRanks(points);
  const fronts = Map.groupBy(points.keys(), (index) => ranks[index] as number);
  return [...fronts.keys()]
    .sort((a, b) => a - b)
    .flatMap((front) => {
      const members = fronts.get(front) as number[];
      const room = crowding(members.map((index) => points[index] as readonly number[]));
      const order = [...members.keys()].sort((a, b) => (room[b] as number) - (room[a] as number) || a - b);
      return order.map((place) => ({ item: items[members[place] as number] as Item, front }));
    });
}

/** The distance between each point's neighbours, over all losses, each as a share of its range; Infinity at the ends. */
function crowding(points: readonly (readonly number[])[]): number[] {
  const room = points.map(() => 0);
  for (let axis = 0; axis < (points[0]?.length ?? 0); axis++) {
    // Halved, so that the difference of two huge ones is still a number.
    const half = (place: number) => ((points[place] as readonly number[])[axis] as number) / 2;
    const order = [...points.keys()].sort((a, b) => half(a) - half(b) || a - b);
    const [first, last] = [order[0] as number, order.at(-1) as number];
    const range = half(last) - half(first);
    room[first] = Number.POSITIVE_INFINITY;
    room[last] = Number.POSITIVE_INFINITY;
    for (let at = 1; at < order.length - 1 && range > 0; at++) {
      const place = order[at] as number;
      room[place] =
        (room[place] as number) + (half(order[at + 1] as number) - half(order[at - 1] as number)) / range;
    }
  }
  return room;
}
