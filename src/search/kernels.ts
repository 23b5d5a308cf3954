/**
 * What a Parzen estimator is made of along one dimension: a kernel around each observation, the prior's last; and their widths.
 * S. Watanabe, arXiv:2304.11127, section 3.3, and Optuna 5. Not here: the densities of each kind of dimension (…-kernels.ts).
 */
import type { Random } from '../random.ts';
import type { Axis } from '../space/unit.ts';

/** The kernels along one dimension. */
export interface Kernels {
  /** What ln of no kernel's density exceeds anywhere. */
  readonly most: number;
  /** Adds to `bounds` what ln of the density at x of the first `count` kernels in `near` cannot exceed. Cheap: most are far away. */
  addBound(x: number, near: Uint32Array, count: number, bounds: Float64Array): void;
  /** Adds to `sums` ln of the density at x of the first `count` kernels in `near`. */
  addLogPdf(x: number, near: Uint32Array, count: number, sums: Float64Array): void;
  sample(kernel: number, random: Random): number;
}

export interface WidthOptions {
  /** Whether kernels get no narrower than the range divided by their number (at most by 100). */
  readonly considerMagicClip: boolean;
  /** Whether the bounds are neighbours of the outermost observations, where there are two or more. */
  readonly considerEndpoints: boolean;
}

/** The middles and widths of kernels on an axis, the prior's last. */
export interface AxisKernels {
  readonly mu: Float64Array;
  readonly sigma: Float64Array;
}

/** How many times narrower than the range n kernels may be. */
export const magicClip = (n: number): number => Math.min(100, n + 2);

/**
 * A width is the larger distance to the two neighbours.
 * @param order the places of the column in ascending order
 * @param widths the least width of each kernel as a share of the range, in place of the magic clip
 */
export function kernelsOnAxis(
  column: Float64Array,
  order: Uint32Array,
  { low, high }: Axis,
  { considerMagicClip, considerEndpoints }: WidthOptions,
  widths: Float64Array | undefined,
): AxisKernels {
  const n = column.length;
  const range = high - low;
  const [mu, sigma] = [new Float64Array(n + 1), new Float64Array(n + 1)];
  mu.set(column);
  mu[n] = 0.5 * (low + high);
  sigma[n] = range;
  const least = considerMagicClip ? range / magicClip(n) : 1e-12;
  const hasInner = !considerEndpoints && n >= 2;
  let left = n > 0 && !hasInner ? (column[order[0] as number] as number) - low : 0;
  for (let at = 0; at < n; at++) {
    const k = order[at] as number;
    const x = column[k] as number;
    const right = at < n - 1 ? (column[order[at + 1] as number] as number) - x : hasInner ? 0 : high - x;
    const own = widths === undefined ? least : range * (widths[k] as number);
    sigma[k] = Math.min(range, Math.max(own, left, right));
    left = right;
  }
  return { mu, sigma };
}

/**
 * What -ln of a kernel's mass between its bounds cannot exceed: its middle lies there, and they are at least a width apart, so that it has
 * no less than the 0.3413 between its middle and a width beside it.
 */
export const mostLost = 1.08;
