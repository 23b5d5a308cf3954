/**
 * CMA-ES as a search: a generation of points after the other, each from a distribution that the ones before have shaped.
 * When it has shrunk to a point it starts again elsewhere with twice the points: A. Auger, N. Hansen, CEC 2005, section II.
 * The distribution is worked out from the history alone: the trials that are seen, in order of number, a generation at a time.
 * Not here: the update of the distribution (cma.ts).
 */
import { errors } from '../errors.ts';
import { randomStream } from '../random.ts';
import type { Space } from '../space/space.ts';
import { axisOf } from '../space/unit.ts';
import type { Params, Value } from '../trial.ts';
import {
  type CmaState,
  cmaConstants,
  cmaIsSpent,
  cmaSample,
  cmaStart,
  cmaTold,
  defaultPopulation,
} from './cma.ts';
import type { Searcher, SeenTrial } from './searcher.ts';
import { type Goals, ranked, standingOf } from './standing.ts';

export interface CmaEsOptions {
  /** Points a generation; 4 + floor(3 ln n) where it is not said. */
  readonly populationSize?: number | undefined;
  /** The first standard deviation, where every parameter's range is 1. */
  readonly sigma0: number;
}

export const cmaEsDefaults: CmaEsOptions = { populationSize: undefined, sigma0: 1 / 6 };

/** A distribution, and what it was worked out from. */
interface Told {
  readonly population: number;
  readonly restarts: number;
  readonly state: CmaState;
  /** The trials up to and including the generation that made it. */
  readonly trials: number;
}

export function cmaEs(space: Space, goals: Goals, options: CmaEsOptions, seed: number): Searcher {
  const all = space.map(({ name, parameter, when }) => {
    if (parameter.kind === 'choice') throw errors.cmaCannotTake(name, 'is a choice');
    if (when !== undefined)
      throw errors.cmaCannotTake(name, `applies only with some values of ${when.parameter}`);
    return { name, axis: axisOf(parameter) };
  });
  /** Those that have more than one value. */
  const axes = all.filter(({ axis }) => axis.low < axis.high);
  const n = axes.length;
  const placesOf = (params: Params): Float64Array =>
    Float64Array.from(axes, ({ name, axis: { low, high, coordinateOf } }) => {
      const place = (coordinateOf(params[name] as number) - low) / (high - low);
      return Math.min(1, Math.max(0, place));
    });
  const isWhole = ({ params }: SeenTrial) => axes.every(({ name }) => typeof params[name] === 'number');

  const first: Told = {
    population: Math.max(2, options.populationSize ?? defaultPopulation(Math.max(1, n))),
    restarts: 0,
    state: cmaStart(new Float64Array(n).fill(0.5), options.sigma0),
    trials: 0,
  };

  /** One generation further. Begun again, it is around a point that follows from the seed and the number of restarts. */
  function after(told: Told, generation: readonly SeenTrial[]): Told {
    const points = ranked(generation, goals).map(({ params }) => placesOf(params));
    const state = cmaTold(cmaConstants(n, told.population), told.state, points);
    const trials = told.trials + generation.length;
    if (!cmaIsSpent(state, options.sigma0)) return { ...told, state, trials };
    const restarts = told.restarts + 1;
    // Trials are numbered from 1, so no trial draws from this stream.
    const random = randomStream(seed, 'search', 0, restarts);
    const mean = Float64Array.from({ length: n }, () => random.uniform());
    return { population: 2 * told.population, restarts, state: cmaStart(mean, options.sigma0), trials };
  }

  /** Only kept so that it need not be worked out again: each holds as long as the trials it was made from are the same. */
  const known: { readonly generation: readonly SeenTrial[]; readonly told: Told }[] = [];

  function toldBy(trials: readonly SeenTrial[]): Told {
    let told = first;
    for (let index = 0; ; index++) {
      const generation = n === 0 ? [] : trials.slice(told.trials, told.trials + told.population);
      if (generation.length < told.population) return told;
      if (generation.some((trial) => standingOf(trial) === 'pending')) return told;
      const kept = known[index];
      if (kept?.generation.every((trial, place) => trial === generation[place])) told = kept.told;
      else {
        known.length = index;
        told = after(told, generation);
        known.push({ generation, told });
      }
    }
  }

  return {
    total: Number.POSITIVE_INFINITY,
    ahead: 0,
    ask({ trials }, random) {
      const { state } = toldBy(trials.filter(isWhole));
      const point = n === 0 ? [] : cmaSample(state, random, 10 * n);
      const params: Record<string, Value> = {};
      for (const { name, axis } of all) {
        const place = point[axes.findIndex((one) => one.name === name)] ?? 0;
        params[name] = axis.valueAt(axis.low + place * (axis.high - axis.low));
      }
      return { params, replicate: 0 };
    },
  };
}
