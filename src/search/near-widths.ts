/**
 * How narrow the kernels around good points may be: as narrow as the good points lie close together, all parameters considered.
 * With few parameters they close in on the best place; with many, where neighbours are far away, they stay wide.
 * Widths by nearest neighbours: D. Loftsgaarden, C. Quesenberry, Ann. Math. Stat. 36 (1965) 1049. Not here: widths along one parameter alone (parzen.ts).
 */
import type { Columns } from './mixture.ts';
import type { Dimension } from './parzen.ts';

/** Which of the nearest neighbours a point's width is the distance to. */
const neighbour = 2;
/**
 * The least share of a range that a kernel is wide after so many trials. Where few have been tried, two good ones side by side say
 * little: kernels as narrow as that would look nowhere else.
 */
const narrowestAfter = (trials: number): number => Math.max(0.01, 1 / (2 + trials / 3));

/**
 * The least width of the kernel of each observation, as a share of each range; undefined where nothing lies on an axis.
 * @param usual the least width otherwise, which is never exceeded
 * @param trials how many there are in all, others than these too
 */
export function nearWidths(
  dimensions: readonly Dimension[],
  observations: Columns,
  usual: number,
  trials: number,
): Float64Array | undefined {
  const n = observations[0]?.length ?? 0;
  const columns = dimensions.flatMap((dimension, d) => {
    if ('choices' in dimension) return [];
    const { low, high } = dimension.axis;
    return [(observations[d] as Float64Array).map((x) => (x - low) / (high - low))];
  });
  if (columns.length === 0 || n < 2) return undefined;
  const narrowest = narrowestAfter(trials);
  const distances = new Float64Array(n);
  return Float64Array.from({ length: n }, (_, k) => {
    distances.fill(0);
    for (const column of columns) {
      const x = column[k] as number;
      for (let other = 0; other < n; other++) {
        const distance = x - (column[other] as number);
        distances[other] = (distances[other] as number) + distance * distance;
      }
    }
    // The first is the point itself.
    const square = distances.sort()[Math.min(neighbour, n - 1)] as number;
    return Math.min(usual, Math.max(narrowest, Math.sqrt(square / columns.length)));
  });
}
