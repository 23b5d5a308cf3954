/**
 * The key `search` of a definition, as far as it is the same whatever is tried: which points, how many, and each method's options.
 * Not here: what goes together (search-faults.ts), and how a method searches (search).
 */
import * as z from 'zod';
import { cmaEsDefaults } from '../search/cma-es.ts';
import { tpeDefaults } from '../search/tpe.ts';
import type { Params } from '../trial.ts';
import { limits } from './limits.ts';
import { between, filePath, group, listOf, must, oneOf, sha256Text, whole, yesOrNo } from './shapes.ts';

/** Each method with its own options and their defaults. Names and values are Optuna's where it has them. */
export const methods = {
  grid: {},
  random: {},
  sobol: {},
  halton: {},
  tpe: tpeDefaults,
  'cma-es': cmaEsDefaults,
} as const;

export type SearchMethod = keyof typeof methods;

const usually = (value: unknown) => `${value} where nothing is said.`;

const ofTpe = {
  startupTrials: whole(limits.startupTrials)
    .optional()
    .describe(
      `tpe: so many points are random before the first that is not; ${usually(tpeDefaults.startupTrials)}`,
    ),
  gamma: between(limits.share)
    .optional()
    .describe(`tpe: the share of trials that count as good, at most 25; ${usually(tpeDefaults.gamma)}`),
  candidates: whole(limits.candidates)
    .optional()
    .describe(`tpe: the best of so many drawn points is proposed; ${usually(tpeDefaults.candidates)}`),
  priorWeight: between(limits.weight)
    .optional()
    .describe(`tpe: how much the whole space counts beside one trial; ${usually(tpeDefaults.priorWeight)}`),
  multivariate: yesOrNo()
    .optional()
    .describe(
      `tpe: parameters are drawn together, not each for itself; ${usually(tpeDefaults.multivariate)}`,
    ),
  group: yesOrNo()
    .optional()
    .describe(`tpe: those with one condition are drawn together too; ${usually(tpeDefaults.group)}`),
  considerMagicClip: yesOrNo()
    .optional()
    .describe(`tpe: kernels stay wide while trials are few; ${usually(tpeDefaults.considerMagicClip)}`),
  considerEndpoints: yesOrNo()
    .optional()
    .describe(`tpe: a range's ends widen the outermost kernels; ${usually(tpeDefaults.considerEndpoints)}`),
  weights: oneOf('rank', 'equal')
    .optional()
    .describe(`tpe: what a good trial counts, by its rank or all alike; ${usually(tpeDefaults.weights)}`),
  widths: oneOf('near', 'count')
    .optional()
    .describe(
      `tpe: kernels of good trials get narrow as these come near each other, or many; ${usually(tpeDefaults.widths)}`,
    ),
};

const ofCmaEs = {
  populationSize: whole(limits.population)
    .optional()
    .describe('cma-es: points a generation; 4 + floor(3 ln n) of n parameters where nothing is said.'),
  sigma0: between(limits.share)
    .optional()
    .describe('cma-es: the first standard deviation, where each range is 1; 1/6 where nothing is said.'),
};

const point = z.record(
  z.string(),
  z.unknown(),
  must('be a point such as { learningRate: 0.01 }'),
) as unknown as z.ZodType<Params, Params>;

/** Of `search`: which points are tried, and how many. */
export const searching = {
  method: oneOf('grid', 'random', 'sobol', 'halton', 'tpe', 'cma-es')
    .optional()
    .describe(
      'grid: every combination once; random; sobol, halton: evenly spread; tpe: where good ones were, for every kind of parameter; cma-es: for numbers alone. Where nothing is said: grid for finitely many combinations, tpe for others.',
    ),
  trials: whole(limits.trials)
    .optional()
    .describe(
      'A budget: the search ends with this many trials, and goes on where it is raised. Only a grid can do without.',
    ),
  lag: whole(limits.lag)
    .default(16)
    .describe(
      'tpe, cma-es: a proposal sees how trials that many numbers below it ended, so that at most so many run at once, whatever the number of workers.',
    ),
  enqueue: listOf(point, limits.enqueued, 'points')
    .optional()
    .describe('Points that are tried before any other, in this order.'),
  from: group({
    database: filePath('a database').describe('Where the other run is, relative to the definition.'),
    run: whole({ min: 1, max: Number.MAX_SAFE_INTEGER }).describe('Its number, as `coresweep list` has it.'),
    sha256: sha256Text()
      .optional()
      .describe('What the SHA-256 of its trials must be; a run records what it was.'),
  })
    .optional()
    .describe("tpe: another run's trials, which the search knows from the start; parameters by their names."),
  ...ofTpe,
  ...ofCmaEs,
};

/** Of `search`: how often each point is tried. */
export const replicates = whole(limits.replicates)
  .default(1)
  .describe('How often each combination is tried, each with its own random streams.');
