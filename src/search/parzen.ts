/**
 * A Parzen estimator: a density made of a kernel around each observed point, and one over the whole space, the prior.
 * J. Bergstra and others, NIPS 24 (2011), section 4, with several parameters a kernel as in S. Falkner and others, ICML 2018,
 * section 3.3; widths and weights as in S. Watanabe, arXiv:2304.11127, section 3, and Optuna 5.
 * Not here: which observations, and what is done with the density.
 */
import { exp, log } from '../exact.ts';
import type { Random } from '../random.ts';
import type { Axis } from '../space/unit.ts';
import { logMass, truncatedQuantile } from './truncated-normal.ts';

/** One parameter: choices, which are numbered from 0, or an axis. */
export type Dimension = { readonly choices: number } | { readonly axis: Axis };

export interface ParzenOptions {
  /** The weight of the prior's kernel; the newest observations have weight 1. */
  readonly priorWeight: number;
  /** Whether kernels get no narrower than the range divided by their number (at most by 100). */
  readonly considerMagicClip: boolean;
  /** Whether the bounds are neighbours of the outermost observations, where there are two or more. */
  readonly considerEndpoints: boolean;
}

/** Coordinates of points, a column for each dimension: numbers of choices, or coordinates on the axis. */
export type Columns = readonly Float64Array[];

/** What an estimator is made of. */
export interface ParzenObservations {
  /** A column for each dimension, the oldest observation first. */
  readonly columns: Columns;
  /** Of each column, its places in ascending order; of equal ones the oldest stands first. */
  readonly orders: readonly Uint32Array[];
}

export interface Parzen {
  /** One for each observation, then the prior's; their sum is 1. */
  readonly weights: Float64Array;
  /** ln of the density at each point; of the probability, along dimensions that are not continuous. */
  logPdf(points: Columns): Float64Array;
  sample(random: Random, count: number): Columns;
}

/** So many of the newest observations have full weight. */
const fresh = 25;

/** 1 each below 25 observations; else rising evenly from 1/n to 1 over the oldest n - 25, and 1 for the others. */
export function observationWeights(n: number): Float64Array {
  const weights = new Float64Array(n).fill(1);
  const old = n - fresh;
  for (let i = 0; i < old; i++) weights[i] = old === 1 ? 1 / n : 1 / n + (i / (old - 1)) * (1 - 1 / n);
  return weights;
}

/** The kernels along one dimension; `density` adds each one's ln of the density at x to `sums`. */
interface Kernels {
  addLogPdf(x: number, sums: Float64Array): void;
  sample(kernel: number, random: Random): number;
}

/** What else than age and distance along each dimension says how much an observation counts, and how wide its kernel is. */
export interface Shaping {
  readonly weights?: Float64Array | undefined;
  /** The least width of each kernel as a share of each range, in place of the magic clip. */
  readonly widths?: Float64Array | undefined;
}

export function parzen(
  dimensions: readonly Dimension[],
  { columns, orders }: ParzenObservations,
  options: ParzenOptions,
  shaping: Shaping = {},
): Parzen {
  const n = columns[0]?.length ?? 0;
  const weights = new Float64Array(n + 1);
  weights.set(shaping.weights ?? observationWeights(n));
  weights[n] = n === 0 ? 1 : options.priorWeight;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let k = 0; k <= n; k++) weights[k] = (weights[k] as number) / total;
  const logWeights = logs(weights);
  const kernels = dimensions.map((dimension, d) => {
    const column = columns[d] as Float64Array;
    if ('choices' in dimension) return choiceKernels(column, dimension.choices, options.priorWeight);
    const { axis } = dimension;
    const order = orders[d] as Uint32Array;
    const found = kernelsOnAxis(column, order, axis, options, shaping.widths);
    return Number.isFinite(axis.count)
      ? steppedKernels(found, order, axis, options.priorWeight === 0)
      : smoothKernels(found, axis);
  });
  const sums = new Float64Array(n + 1);
  return {
    weights,
    logPdf(points) {
      const found = new Float64Array(points[0]?.length ?? 0);
      for (let i = 0; i < found.length; i++) {
        sums.set(logWeights);
        for (const [d, one] of kernels.entries()) one.addLogPdf(points[d]?.[i] as number, sums);
        found[i] = logSumExp(sums);
      }
      return found;
    },
    sample(random, count) {
      const points = dimensions.map(() => new Float64Array(count));
      for (let i = 0; i < count; i++) {
        const kernel = drawn(weights, random.uniform());
        for (const [d, one] of kernels.entries()) (points[d] as Float64Array)[i] = one.sample(kernel, random);
      }
      return points;
    },
  };
}

/** ln of each, which is worked out once where many in a row are equal. */
function logs(values: Float64Array): Float64Array {
  const found = new Float64Array(values.length);
  for (let k = 0, last = Number.NaN, lastLog = 0; k < found.length; k++) {
    const value = values[k] as number;
    if (value !== last) {
      last = value;
      lastLog = log(value);
    }
    found[k] = lastLog;
  }
  return found;
}

/** ln of the sum of e^x, in the order of the array. */
function logSumExp(values: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) if ((values[k] as number) > largest) largest = values[k] as number;
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    const below = (values[k] as number) - largest;
    // What is 2^-57 of the largest or less is left out: exponentials take most of the time where there are many kernels.
    if (below > -40) sum += exp(below);
  }
  return largest + log(sum);
}

/** The index at a place from 0 to 1 along weights whose sum is 1. */
function drawn(weights: Float64Array, place: number): number {
  let rest = place;
  for (let k = 0; k < weights.length; k++) {
    rest -= weights[k] as number;
    if (rest < 0) return k;
  }
  return weights.length - 1;
}

/** A row of probabilities a kernel: much for its own choice, little for all; the prior's are equal. */
function choiceKernels(column: Float64Array, choices: number, priorWeight: number): Kernels {
  const n = column.length;
  const little = n === 0 ? 1 : priorWeight / (n + 1);
  const whole = 1 + choices * little;
  const [logHit, logMiss] = [log((1 + little) / whole), log(little / whole)];
  const logPrior = -log(choices);
  return {
    addLogPdf(x, sums) {
      for (let k = 0; k < n; k++) sums[k] = (sums[k] as number) + (column[k] === x ? logHit : logMiss);
      sums[n] = (sums[n] as number) + logPrior;
    },
    sample(kernel, random) {
      const place = random.uniform();
      if (kernel === n) return Math.floor(place * choices);
      // A part of the whole is spread evenly, the rest is the kernel's own choice.
      const spread = (choices * little) / whole;
      return place < spread
        ? Math.min(choices - 1, Math.floor((place / spread) * choices))
        : (column[kernel] as number);
    },
  };
}

interface AxisKernels {
  readonly mu: Float64Array;
  readonly sigma: Float64Array;
}

/** How many times narrower than the range n kernels may be. */
export const magicClip = (n: number): number => Math.min(100, n + 2);

/** The middles and widths of the kernels, the prior's last. A width is the larger distance to the two neighbours. */
function kernelsOnAxis(
  column: Float64Array,
  order: Uint32Array,
  { low, high }: Axis,
  { considerMagicClip, considerEndpoints }: ParzenOptions,
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

const halfLogTwoPi = 0.9189385332046728;

function smoothKernels({ mu, sigma }: AxisKernels, { low, high }: Axis): Kernels {
  const n = mu.length;
  const inverse = new Float64Array(n);
  const constant = logs(sigma);
  for (let k = 0; k < n; k++) {
    const middle = mu[k] as number;
    const width = sigma[k] as number;
    inverse[k] = 1 / width;
    const mass = logMass((low - middle) / width, (high - middle) / width);
    constant[k] = -(halfLogTwoPi + (constant[k] as number) + mass);
  }
  return {
    addLogPdf(x, sums) {
      for (let k = 0; k < n; k++) {
        const z = (x - (mu[k] as number)) * (inverse[k] as number);
        sums[k] = (sums[k] as number) + ((constant[k] as number) - 0.5 * z * z);
      }
    },
    sample: (k, random) =>
      truncatedQuantile(random.uniform(), mu[k] as number, sigma[k] as number, low, high),
  };
}

/** So many widths away a kernel has e^-200 of its mass: nothing beside the prior's, whatever it has along other dimensions. */
const nowhere = 20;

/**
 * Kernels over values with steps: the probability of the stretch that stands for a value.
 * @param isAlone there is no prior, beside which others could vanish
 */
function steppedKernels(
  { mu, sigma }: AxisKernels,
  order: Uint32Array,
  axis: Axis,
  isAlone: boolean,
): Kernels {
  const { low, high } = axis;
  const { shapeOf, firstOf } = shapes({ mu, sigma }, order);
  const logWhole = massesOf(low, high);
  const known = new Map<number, Float64Array>();

  /** ln of what each shape has between two places, as if its bounds were further away. */
  function massesOf(from: number, to: number): Float64Array {
    const masses = new Float64Array(firstOf.length);
    for (let s = 0; s < masses.length; s++) {
      const k = firstOf[s] as number;
      const middle = mu[k] as number;
      const width = sigma[k] as number;
      const a = (from - middle) / width;
      const b = (to - middle) / width;
      masses[s] = isAlone || (a < nowhere && b > -nowhere) ? logMass(a, b) : Number.NEGATIVE_INFINITY;
    }
    return masses;
  }

  /** ln of the probability of a value, for each shape. */
  function probabilitiesOf(index: number): Float64Array {
    let masses = known.get(index);
    if (masses === undefined) {
      masses = massesOf(...axis.cellOf(index));
      for (let s = 0; s < masses.length; s++) masses[s] = (masses[s] as number) - (logWhole[s] as number);
      known.set(index, masses);
    }
    return masses;
  }

  return {
    addLogPdf(x, sums) {
      const at = probabilitiesOf(axis.indexAt(x));
      for (let k = 0; k < sums.length; k++)
        sums[k] = (sums[k] as number) + (at[shapeOf[k] as number] as number);
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
