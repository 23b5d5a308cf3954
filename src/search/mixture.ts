/**
 * The density of a mixture of kernels over several dimensions, from those kernels alone that can count at a point: of a thousand these are a
 * few dozen, and what the others have would be lost in rounding. Not here: how wide kernels are, and what each has along a dimension.
 */
import { exp } from '../exact/exp.ts';
import { log } from '../exact/log.ts';
import type { Kernels } from './kernels.ts';

/** Coordinates of points, a column for each dimension: numbers of choices, or coordinates on the axis. */
export type Columns = readonly Float64Array[];

/**
 * ln of the density at point i.
 * @param kernels by dimension; the last one of each is the prior's, which is nowhere far away
 * @param inOrder the dimensions, those first by which most kernels are far away
 */
export function logPdfOf(
  kernels: readonly Kernels[],
  logWeights: Float64Array,
  inOrder: readonly number[],
): (points: Columns, i: number) => number {
  const size = logWeights.length;
  const [bounds, sums] = [new Float64Array(size), new Float64Array(size)];
  const near = new Uint32Array(size);
  const [prior, priorSum] = [Uint32Array.of(size - 1), new Float64Array(1)];
  const most = kernels.reduce((sum, { most }) => sum + most, 0);

  /** ln of the weighted density of the first `count` of some kernels, in the order of the dimensions. */
  function weigh(points: Columns, i: number, chosen: Uint32Array, count: number, found: Float64Array): void {
    for (let at = 0; at < count; at++) found[at] = logWeights[chosen[at] as number] as number;
    for (let d = 0; d < kernels.length; d++)
      (kernels[d] as Kernels).addLogPdf(points[d]?.[i] as number, chosen, count, found);
  }

  /** Fills `near` with the kernels whose density can exceed `least`, and returns how many these are. */
  function findNear(points: Columns, i: number, least: number): number {
    let count = size;
    for (let k = 0; k < size; k++) near[k] = k;
    bounds.set(logWeights);
    let rest = most;
    for (const d of inOrder) {
      const one = kernels[d] as Kernels;
      one.addBound(points[d]?.[i] as number, near, count, bounds);
      rest -= one.most;
      let left = 0;
      for (let at = 0; at < count; at++) {
        const bound = bounds[at] as number;
        if (!(bound + rest > least)) continue;
        near[left] = near[at] as number;
        bounds[left++] = bound;
      }
      count = left;
    }
    return count;
  }

  return (points, i) => {
    weigh(points, i, prior, 1, priorSum);
    // What logSumExp would leave out beside the prior alone need not be worked out; a bound may be off by its rounding.
    const count = findNear(points, i, (priorSum[0] as number) - faint - 1);
    weigh(points, i, near, count, sums);
    return logSumExp(sums, count);
  };
}

/** What is e^-40, or 2^-57, of the largest or less is left out of a sum. */
const faint = 40;

/** ln of the sum of e^x over the first `count`, in the order of the array. */
function logSumExp(values: Float64Array, count: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k++) if ((values[k] as number) > largest) largest = values[k] as number;
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const below = (values[k] as number) - largest;
    if (below > -faint) sum += exp(below);
  }
  return largest + log(sum);
}
