/** Kernels over values with steps: normal distributions cut off at the ends, each value with the probability of the stretch that stands for it. */
import type { Axis } from '../space/unit.ts';
import { type AxisKernels, type Kernels, mostLost } from './kernels.ts';
import { logMass, truncatedQuantile } from './truncated-normal.ts';

/** So many widths away a kernel has e^-200 of its mass: nothing beside the prior's, whatever it has along other dimensions. */
const nowhere = 20;

/**
 * @param order the places of the observations in ascending order
 * @param isAlone there is no prior, beside which others could vanish
 */
export function steppedKernels(
  { mu, sigma }: AxisKernels,
  order: Uint32Array,
  axis: Axis,
  isAlone: boolean,
): Kernels {
  const { low, high } = axis;
  const { shapeOf, firstOf } = shapes({ mu, sigma }, order);
  /** By shape, 0 until it is asked for: ln of its mass between the bounds, and of the probability of the value at hand. */
  const logWholes = new Float64Array(firstOf.length);
  const found = new Float64Array(firstOf.length);

  /** ln of what a shape has between two places, as if its bounds were further away. */
  function massOf(shape: number, from: number, to: number): number {
    const k = firstOf[shape] as number;
    const middle = mu[k] as number;
    const width = sigma[k] as number;
    const a = (from - middle) / width;
    const b = (to - middle) / width;
    return isAlone || (a < nowhere && b > -nowhere) ? logMass(a, b) : Number.NEGATIVE_INFINITY;
  }

  function logProbability(shape: number, from: number, to: number): number {
    if (logWholes[shape] === 0) logWholes[shape] = massOf(shape, low, high);
    return massOf(shape, from, to) - (logWholes[shape] as number);
  }

  return {
    most: 0,
    addBound(x, near, count, bounds) {
      const [from, to] = axis.cellOf(axis.indexAt(x));
      for (let i = 0; i < count; i++) {
        const k = near[i] as number;
        const middle = mu[k] as number;
        const distance = middle < from ? from - middle : middle > to ? middle - to : 0;
        // Beyond so many widths from the middle there is less than e^(-z^2/2).
        const z = distance / (sigma[k] as number);
        bounds[i] = (bounds[i] as number) + Math.min(0, mostLost - 0.5 * z * z);
      }
    },
    addLogPdf(x, near, count, sums) {
      const [from, to] = axis.cellOf(axis.indexAt(x));
      for (let i = 0; i < count; i++) {
        const shape = shapeOf[near[i] as number] as number;
        if (found[shape] === 0) found[shape] = logProbability(shape, from, to);
        sums[i] = (sums[i] as number) + (found[shape] as number);
      }
      for (let i = 0; i < count; i++) found[shapeOf[near[i] as number] as number] = 0;
    },
    sample(k, random) {
      const x = truncatedQuantile(random.uniform(), mu[k] as number, sigma[k] as number, low, high);
      return axis.coordinateAt(axis.indexAt(x));
    },
  };
}

/**
 * Kernels of one middle and width as one shape: the shape of each kernel, and the first kernel of each shape.
 * Where many observations share few values there are few, and each costs three masses.
 */
function shapes(
  { mu, sigma }: AxisKernels,
  order: Uint32Array,
): { shapeOf: Uint32Array; firstOf: readonly number[] } {
  const shapeOf = new Uint32Array(mu.length);
  const firstOf: number[] = [];
  /** The first shape of the middle that is at hand. */
  let from = 0;
  const place = (k: number) => {
    if (firstOf.length > 0 && mu[firstOf[from] as number] !== mu[k]) from = firstOf.length;
    // Of equal middles only the outermost have widths of their own.
    let shape = from;
    while (shape < firstOf.length && sigma[firstOf[shape] as number] !== sigma[k]) shape++;
    if (shape === firstOf.length) firstOf.push(k);
    shapeOf[k] = shape;
  };
  for (const k of order) place(k);
  place(order.length);
  return { shapeOf, firstOf };
}
