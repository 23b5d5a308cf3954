/**
 * TPE: points are drawn where good trials were, and the one is taken that good trials are likelier to hold than the rest.
 * J. Bergstra and others, NIPS 24 (2011), section 4; several parameters at once, groups of conditional ones, and the defaults as
 * in Optuna 5 (S. Watanabe, arXiv:2304.11127). Unlike there, failed trials count as the worst, so their places are avoided; good
 * trials count by their rank, and kernels around them get narrow where they lie close together.
 * Not here: which trials are good (good-trials.ts), the densities (parzen.ts), and how much of the other trials is seen (sight.ts).
 */
import type { FrontMetric } from '../fronts/order.ts';
import type { Random } from '../random.ts';
import { valueCount } from '../space/parameter.ts';
import { applies, type Space } from '../space/space.ts';
import { pointsOf } from '../space/unit.ts';
import type { Value } from '../trial.ts';
import { type Coordinate, coordinateOf } from './coordinate.ts';
import { rankWeight, type Split, split } from './good-trials.ts';
import { magicClip } from './kernels.ts';
import { nearWidths } from './near-widths.ts';
import { type Observed, observationsOf } from './observations.ts';
import { type Dimension, type Parzen, type ParzenOptions, parzen } from './parzen.ts';
import type { Searcher } from './searcher.ts';
import type { Goals } from './standing.ts';

export interface TpeOptions extends ParzenOptions {
  /** How many points are random before the first that is not. */
  readonly startupTrials: number;
  /** The share of trials that count as good; at most 25 do. */
  readonly gamma: number;
  /** How many points are drawn for each that is proposed. */
  readonly candidates: number;
  /** Whether parameters are drawn together; otherwise each for itself. */
  readonly multivariate: boolean;
  /** Whether parameters that apply under the same condition are drawn together too. */
  readonly group: boolean;
  /** What a good trial counts: by its rank among them, or alike (as in Optuna). */
  readonly weights: 'rank' | 'equal';
  /** How narrow kernels around good trials may be: by the distance of their neighbours, or by their number (as in Optuna). */
  readonly widths: 'near' | 'count';
}

export const tpeDefaults: TpeOptions = {
  startupTrials: 10,
  gamma: 0.1,
  candidates: 24,
  priorWeight: 1,
  multivariate: true,
  group: true,
  considerMagicClip: true,
  considerEndpoints: false,
  weights: 'rank',
  widths: 'near',
};

/** Parameters that are drawn together: all of them apply, or none. As places in the space. */
export function groupsOf(
  space: Space,
  { multivariate, group }: Pick<TpeOptions, 'multivariate' | 'group'>,
): number[][] {
  const groups = new Map<string, number[]>();
  for (const [index, { when }] of space.entries()) {
    const alone = !multivariate || (when !== undefined && !group);
    const name = alone ? `${index}` : JSON.stringify(when ?? null);
    groups.set(name, [...(groups.get(name) ?? []), index]);
  }
  return [...groups.values()];
}

export function tpe(
  space: Space,
  goals: Goals,
  options: TpeOptions,
  metrics: readonly FrontMetric[] = [],
): Searcher {
  const coordinates = space.map(coordinateOf);
  const groups = groupsOf(space, options);
  const pointAt = pointsOf(space);
  const observed = observationsOf(coordinates);
  const isCountable = space.every(({ parameter }) => Number.isFinite(valueCount(parameter)));

  /** Whether a point was tried before; only finite spaces are asked, where a second try would add nothing. */
  function isTried(group: readonly number[], point: readonly number[]): boolean {
    if (!isCountable || group.length < space.length) return false;
    const values = point.map((at, place) => {
      const { name, valueAt } = coordinates[group[place] as number] as Coordinate;
      return [name, valueAt(at)] as const;
    });
    return observed.has(Object.fromEntries(values));
  }

  /** A value of each parameter of a group. @param trials how many there are, pending ones among them */
  function draw(
    group: readonly number[],
    { good, ranks, others }: Split,
    trials: number,
    random: Random,
  ): Value[] {
    const ofGroup = group.map((index) => coordinates[index] as Coordinate);
    const dimensions = ofGroup.map(({ dimension }) => dimension);
    const best = bestCandidate(
      estimator(dimensions, observed.of(good, group), ranks, trials, options),
      parzen(dimensions, observed.of(others, group), options),
      options.candidates,
      random,
      (point) => isTried(group, point),
    );
    return ofGroup.map(({ valueAt }, place) => valueAt(best[place] as number));
  }

  return {
    total: Number.POSITIVE_INFINITY,
    ahead: 0,
    ask({ trials }, random) {
      if (trials.length < options.startupTrials)
        return { params: pointAt(() => random.uniform()), replicate: 0 };
      const seen = split(trials, goals, options.gamma, metrics);
      observed.follow(trials);
      const drawn = new Map<number, Value>();
      const params: Record<string, Value> = {};
      for (const [index, named] of space.entries()) {
        if (!applies(named, params)) continue;
        if (!drawn.has(index)) {
          const group = groups.find((group) => group.includes(index)) as number[];
          const values = draw(group, seen, trials.length, random);
          for (const [place, index] of group.entries()) drawn.set(index, values[place] as Value);
        }
        params[named.name] = drawn.get(index) as Value;
      }
      return { params, replicate: 0 };
    },
  };
}

/** The estimator of the good trials, whose kernels are not those of the others. */
function estimator(
  dimensions: readonly Dimension[],
  observed: Observed,
  ranks: readonly number[],
  trials: number,
  options: TpeOptions,
): Parzen {
  const { columns, kept } = observed;
  const isNear = options.widths === 'near' && options.considerMagicClip;
  const weightOf = (index: number) => rankWeight(ranks[index] as number, ranks.length);
  return parzen(dimensions, observed, options, {
    weights: options.weights === 'rank' ? Float64Array.from(kept, weightOf) : undefined,
    widths: isNear ? nearWidths(dimensions, columns, 1 / magicClip(kept.length), trials) : undefined,
  });
}

/** Of points drawn from l, the first with the largest l / g; one that was tried only where all were. */
function bestCandidate(
  l: Parzen,
  g: Parzen,
  candidates: number,
  random: Random,
  isTried: (point: number[]) => boolean,
): number[] {
  const points = l.sample(random, candidates);
  const [logL, logG] = [l.logPdf(points), g.logPdf(points)];
  const gain = (index: number) => (logL[index] as number) - (logG[index] as number);
  const pointAt = (index: number) => points.map((column) => column[index] as number);
  let best = 0;
  let isBestTried = isTried(pointAt(0));
  for (let index = 1; index < candidates; index++) {
    const isNewTried = isTried(pointAt(index));
    if (isNewTried === isBestTried ? gain(index) > gain(best) : isBestTried) {
      best = index;
      isBestTried = isNewTried;
    }
  }
  return pointAt(best);
}
