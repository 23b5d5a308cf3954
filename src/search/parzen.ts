/**
 * A Parzen estimator: a density made of a kernel around each observed point, and one over the whole space, the prior.
 * J. Bergstra and others, NIPS 24 (2011), section 4, with several parameters a kernel as in S. Falkner and others, ICML 2018,
 * section 3.3; weights as in S. Watanabe, arXiv:2304.11127, section 3.2, and Optuna 5.
 * Not here: which observations, what is done with the density, and the kernels along each dimension (kernels.ts).
 */
import { log } from '../exact/log.ts';
import type { Random } from '../random.ts';
import type { Axis } from '../space/unit.ts';
import { choiceKernels } from './choice-kernels.ts';
import { kernelsOnAxis, type WidthOptions } from './kernels.ts';
import { type Columns, logPdfOf } from './mixture.ts';
import { smoothKernels } from './smooth-kernels.ts';
import { steppedKernels } from './stepped-kernels.ts';

/** One parameter: choices, which are numbered from 0, or an axis. */
export type Dimension = { readonly choices: number } | { readonly axis: Axis };

export interface ParzenOptions extends WidthOptions {
  /** The weight of the prior's kernel; the newest observations have weight 1. */
  readonly priorWeight: number;
}

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

/** How many of the newest observations have full weight. */
const fresh = 25;

/** 1 each below 25 observations; else rising evenly from 1/n to 1 over the oldest n - 25, and 1 for the others. */
export function observationWeights(n: number): Float64Array {
  const weights = new Float64Array(n).fill(1);
  const old = n - fresh;
  for (let i = 0; i < old; i++) weights[i] = old === 1 ? 1 / n : 1 / n + (i / (old - 1)) * (1 - 1 / n);
  return weights;
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
  const logPdfAt = logPdfOf(kernels, logs(weights), axesFirst(dimensions));
  return {
    weights,
    logPdf: (points) => Float64Array.from(points[0] ?? [], (_, i) => logPdfAt(points, i)),
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

/** Axes tell what is far away, choices hardly. */
function axesFirst(dimensions: readonly Dimension[]): number[] {
  const isChoice = (d: number) => Number('choices' in (dimensions[d] as Dimension));
  return [...dimensions.keys()].sort((a, b) => isChoice(a) - isChoice(b));
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
