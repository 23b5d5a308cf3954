/**
 * CMA-ES as mathematics: a normal distribution that is moved, widened and turned by what its points were worth.
 * N. Hansen, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772v2: figure 6 and table 1, with negative weights.
 * Not here: trials and parameters (cma-es.ts).
 */
import { exp } from '../exact/exp.ts';
import { log } from '../exact/log.ts';
import type { Random } from '../random.ts';
import { eigenvectors, type Matrix } from './eigenvectors.ts';

/** What follows from the number of dimensions and the size of a generation. */
export interface CmaConstants {
  readonly n: number;
  /** Weights by rank, the best first; the last ones are negative. */
  readonly weights: Float64Array;
  /** How many weights are positive, and how many equal ones they are worth. */
  readonly mu: number;
  readonly muEff: number;
  readonly cC: number;
  readonly c1: number;
  readonly cMu: number;
  readonly cSigma: number;
  readonly dSigma: number;
  /** The length that a vector of n standard normals has on average. */
  readonly chiN: number;
}

/** 4 + floor(3 ln n): table 1. */
export const defaultPopulation = (n: number): number => 4 + Math.floor(3 * log(n));

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

export function cmaConstants(n: number, population: number): CmaConstants {
  const mu = Math.floor(population / 2);
  const raw = Float64Array.from({ length: population }, (_, i) => log((population + 1) / 2) - log(i + 1));
  const worth = (part: Float64Array) => sum(part) ** 2 / sum(part.map((weight) => weight * weight));
  const [muEff, muEffMinus] = [worth(raw.subarray(0, mu)), worth(raw.subarray(mu))];
  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1 - 1e-8, (2 * (muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff));
  const least = Math.min(1 + c1 / cMu, 1 + (2 * muEffMinus) / (muEff + 2), (1 - c1 - cMu) / (n * cMu));
  const positive = sum(raw.filter((weight) => weight > 0));
  const negative = -sum(raw.filter((weight) => weight < 0));
  const weights = raw.map((weight) => (weight >= 0 ? weight / positive : (least / negative) * weight));
  const cSigma = (muEff + 2) / (n + muEff + 5);
  return {
    n,
    weights,
    mu,
    muEff,
    c1,
    cMu,
    cSigma,
    cC: (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma,
    chiN: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/** The distribution: normal around `mean`, with the covariance sigma^2 B D^2 B'. */
export interface CmaState {
  readonly generation: number;
  readonly mean: Float64Array;
  readonly sigma: number;
  readonly pathSigma: Float64Array;
  readonly pathC: Float64Array;
  /** C = B D^2 B': B's columns are eigenvectors, D the square roots of eigenvalues. */
  readonly b: Matrix;
  readonly d: Float64Array;
}

/** The smallest variance along an axis; also keeps lengths from being 0 where they divide. */
const epsilon = 1e-8;

export function cmaStart(mean: Float64Array, sigma: number): CmaState {
  const n = mean.length;
  const b = Array.from(mean, (_, index) => new Float64Array(n).fill(1, index, index + 1));
  const zero = new Float64Array(n);
  return { generation: 0, mean, sigma, pathSigma: zero, pathC: zero, b, d: new Float64Array(n).fill(1) };
}

const times = (matrix: Matrix, vector: Float64Array): Float64Array =>
  Float64Array.from(matrix, (row) => sum(row.map((value, column) => value * (vector[column] as number))));

const transposed = (matrix: Matrix): Matrix =>
  matrix.map((_, row) => Float64Array.from(matrix, (other) => other[row] as number));

/** A point of the unit cube: drawn again where it lies outside, at most `redraws` times; then the nearest to one more. */
export function cmaSample({ mean, sigma, b, d }: CmaState, random: Random, redraws: number): Float64Array {
  const draw = () => {
    const stretched = d.map((length) => length * random.normal());
    return times(b, stretched).map((step, axis) => (mean[axis] as number) + sigma * step);
  };
  for (let round = 0; round < redraws; round++) {
    const point = draw();
    if (point.every((x) => x >= 0 && x <= 1)) return point;
  }
  return draw().map((x) => Math.min(1, Math.max(0, x)));
}

/** The distribution after a generation. @param points the best first */
export function cmaTold(constants: CmaConstants, state: CmaState, points: readonly Float64Array[]): CmaState {
  const { n, weights, mu, muEff, cC, c1, cMu, cSigma, dSigma, chiN } = constants;
  const { mean, sigma, b, d } = state;
  const generation = state.generation + 1;
  const steps = points.map((point) => point.map((x, axis) => (x - (mean[axis] as number)) / sigma));
  const mix = (of: Float64Array, keep: number, by: Float64Array, change: number) =>
    of.map((x, axis) => keep * x + change * (by[axis] as number));
  const step = new Float64Array(n);
  for (const [rank, one] of steps.slice(0, mu).entries())
    for (let axis = 0; axis < n; axis++)
      step[axis] = (step[axis] as number) + (weights[rank] as number) * (one[axis] as number);

  /** C^(-1/2) times a vector. */
  const bTransposed = transposed(b);
  const whitened = (vector: Float64Array) =>
    times(
      b,
      times(bTransposed, vector).map((x, axis) => x / (d[axis] as number)),
    );
  const squares = (vector: Float64Array) => sum(vector.map((x) => x * x));

  const pathSigma = mix(
    state.pathSigma,
    1 - cSigma,
    whitened(step),
    Math.sqrt(cSigma * (2 - cSigma) * muEff),
  );
  const length = Math.sqrt(squares(pathSigma));
  let memory = 1;
  for (let power = 0; power < 2 * (generation + 1); power++) memory *= 1 - cSigma;
  const isShort = length / Math.sqrt(1 - memory) < (1.4 + 2 / (n + 1)) * chiN;
  const pathC = mix(state.pathC, 1 - cC, step, isShort ? Math.sqrt(cC * (2 - cC) * muEff) : 0);

  const lost = isShort ? 0 : cC * (2 - cC);
  const kept = 1 + c1 * lost - c1 - cMu * sum(weights);
  const ranked = steps.map((one, rank) => {
    const weight = weights[rank] as number;
    return weight >= 0 ? weight : (weight * n) / (squares(whitened(one)) + epsilon);
  });
  const c = b.map((row, i) =>
    Float64Array.from({ length: n }, (_, j) => {
      const old = sum(row.map((x, k) => x * (d[k] as number) ** 2 * (b[j]?.[k] as number)));
      const rankMu = sum(
        steps.map((one, rank) => (ranked[rank] as number) * (one[i] as number) * (one[j] as number)),
      );
      return kept * old + c1 * (pathC[i] as number) * (pathC[j] as number) + cMu * rankMu;
    }),
  );
  const even = c.map((row, i) => row.map((x, j) => (x + (c[j]?.[i] as number)) / 2));
  const { values, vectors } = eigenvectors(even);
  return {
    generation,
    mean: mix(mean, 1, step, sigma),
    sigma: Math.min(1e32, sigma * exp((cSigma / dSigma) * (length / chiN - 1))),
    pathSigma,
    pathC,
    b: vectors,
    d: values.map((value) => Math.sqrt(value < 0 ? epsilon : value)),
  };
}

/** Whether the distribution has shrunk to a point, has grown out of bounds, or has degenerated: section B.3. */
export function cmaIsSpent({ sigma, pathC, b, d }: CmaState, firstSigma: number): boolean {
  const [shortest, longest] = [Math.min(...d), Math.max(...d)];
  const deviations = b.map((row) => Math.sqrt(sum(row.map((x, k) => (x * (d[k] as number)) ** 2))));
  const isTiny = (x: number) => sigma * Math.abs(x) < 1e-12 * firstSigma;
  return (
    (deviations.every(isTiny) && pathC.every(isTiny)) ||
    sigma * longest > 1e4 * firstSigma ||
    longest ** 2 > 1e14 * shortest ** 2
  );
}
