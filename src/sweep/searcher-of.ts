/** The searcher and the pruner that a definition asks for. Not here: how they search and judge. */
import { replicatesOf } from '../experiment/replicates.ts';
import type { Experiment } from '../experiment/schema.ts';
import { methods } from '../experiment/search-shape.ts';
import { largestEpochs } from '../experiment/trial-settings.ts';
import type { FrontMetric } from '../fronts/order.ts';
import { prunerOf as prunerBy } from '../prune/method.ts';
import type { Pruner } from '../prune/pruner.ts';
import { budgeted } from '../search/budgeted.ts';
import { cmaEs } from '../search/cma-es.ts';
import { enqueued } from '../search/enqueued.ts';
import { gridSearch } from '../search/grid.ts';
import { haltonSearch } from '../search/halton.ts';
import { randomSearch } from '../search/random.ts';
import { replicated } from '../search/replicated.ts';
import type { Searcher, SeenTrial } from '../search/searcher.ts';
import { sobolSearch } from '../search/sobol.ts';
import { tpe } from '../search/tpe.ts';
import { warm } from '../search/warm.ts';
import { spaceOf } from '../space/definition.ts';
import { paramsKey } from '../space/params-key.ts';
import type { Space } from '../space/space.ts';
import type { Params } from '../trial.ts';
import { metricsOf } from './tried.ts';

/** @param earlier trials of another run that the search knows from the start */
export function searcherOf(experiment: Experiment, earlier: readonly SeenTrial[] = []): Searcher {
  const { trials } = experiment.search;
  const replicates = replicatesOf(experiment);
  const space = spaceOf(experiment.space);
  const points = enqueuedPoints(experiment, space);
  if (experiment.search.method === 'grid') {
    const grid = gridSearch(space, replicates);
    // Its own points, which it passes over where they have been tried.
    const first = enqueued(grid, points, { replicates, isShown: false });
    return budgeted({ ...first, total: grid.total }, trials);
  }
  const isShown = experiment.search.method === 'tpe';
  return budgeted(
    enqueued(replicated(warm(searcherBy(experiment, space), earlier), replicates), points, {
      replicates,
      isShown,
    }),
    trials,
  );
}

/** The points that are tried first, each once, with their parameters in the order of the space. */
function enqueuedPoints({ search }: Experiment, space: Space): Params[] {
  const known = new Map<string, Params>();
  for (const point of search.enqueue ?? []) {
    const named = space.flatMap(({ name }) => (name in point ? [[name, point[name]] as const] : []));
    known.set(paramsKey(point), Object.fromEntries(named) as Params);
  }
  return [...known.values()];
}

/** One replicate of each point. */
function searcherBy(experiment: Experiment, space: Space): Searcher {
  const { seed, search } = experiment;
  switch (search.method) {
    case 'grid':
      return gridSearch(space, 1);
    case 'random':
      return randomSearch(space);
    case 'sobol':
      return sobolSearch(space, seed);
    case 'halton':
      return haltonSearch(space, seed);
    case 'tpe':
      return tpe(space, metricsOf(experiment), withOptions(methods.tpe, search), frontMetrics(experiment));
    case 'cma-es':
      return cmaEs(space, metricsOf(experiment), withOptions(methods['cma-es'], search), seed);
    default:
      return search.method satisfies never;
  }
}

/** A method's options: as the definition says, else as usual. */
function withOptions<Options extends object>(usual: Options, search: object): Options {
  const said = Object.entries(search).filter(([key, value]) => key in usual && value !== undefined);
  return { ...usual, ...Object.fromEntries(said) };
}

/** The metrics that make a front together: those that search.metrics names; none where one decides. */
function frontMetrics(experiment: Experiment): FrontMetric[] {
  if (experiment.objective === undefined) return [];
  const { metrics, search } = experiment;
  return metrics.flatMap(({ name, goal }, position) =>
    goal !== 'none' && search.metrics?.includes(name) ? [{ position, goal }] : [],
  );
}

/** Undefined where every trial runs to its end. */
export function prunerOf(experiment: Experiment): Pruner | undefined {
  const { prune } = experiment;
  if (prune.method === 'none') return undefined;
  return prunerBy(prune, experiment.objective === undefined ? largestEpochs(experiment) : undefined);
}
