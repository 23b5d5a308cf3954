/**
 * Hypervolume: how much of the space below a reference point a set of results has conquered.
 * While, Bradstreet and Barone, A Fast Way of Calculating Exact Hypervolumes, IEEE Trans. Evol. Comput. 16 (2012): WFG.
 * Points are losses, the lower the better. Not here: choosing the reference.
 */
import { nonDominatedRanks } from './dominance.ts';

type Point = readonly number[];

/** Points that do not beat the reference in every loss add nothing. */
export function hypervolume(points: readonly Point[], reference: Point): number {
  const inside = points.filter((point) =>
    point.every((value, index) => value < (reference[index] as number)),
  );
  return volumeOf(frontOf(inside), reference);
}

/** The points that are not dominated, each once. */
function frontOf(points: readonly Point[]): readonly Point[] {
  const ranks = nonDominatedRanks(points);
  const different = new Map<string, Point>();
  for (const [index, point] of points.entries()) if (ranks[index] === 1) different.set(point.join(), point);
  return [...different.values()];
}

function volumeOf(front: readonly Point[], reference: Point): number {
  if (reference.length === 2) return areaOf(front, reference);
  // The worst first: what is limited to them below is then small, and much of it dominated.
  const sorted = front.toSorted((a, b) => (b.at(-1) as number) - (a.at(-1) as number));
  let volume = 0;
  for (const [index, point] of sorted.entries()) {
    const others = sorted.slice(index + 1);
    // What the others have of this point's box: each moved into it.
    const limited = others.map((other) => other.map((value, at) => Math.max(value, point[at] as number)));
    volume += boxOf(point, reference) - volumeOf(frontOf(limited), reference);
  }
  return volume;
}

const boxOf = (point: Point, reference: Point): number =>
  point.reduce((volume, value, index) => volume * ((reference[index] as number) - value), 1);

/** Two losses: strips, from the best first loss on. */
function areaOf(front: readonly Point[], [right, top]: Point): number {
  const sorted = front.toSorted((a, b) => (a[0] as number) - (b[0] as number));
  return sorted.reduce((area, [x, y], index) => {
    const above = index === 0 ? (top as number) : (sorted[index - 1]?.[1] as number);
    return area + ((right as number) - (x as number)) * (above - (y as number));
  }, 0);
}
