/**
 * Each search proposes the points that it has proposed since this was written, bit by bit, whatever became of its trials:
 * a run goes on as another version began it, and is repeated by one. Where a method is to search otherwise, its line changes.
 */
import { createHash } from 'node:crypto';
import t from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import type { ObjectiveInput } from '../../src/experiment/schema.ts';
import { randomStream } from '../../src/random.ts';
import { historyOf } from '../../src/search/history.ts';
import type { SeenTrial } from '../../src/search/searcher.ts';
import type { SpaceDefinition } from '../../src/space/definition.ts';
import { searcherOf } from '../../src/sweep/searcher-of.ts';
import type { Params } from '../../src/trial.ts';

const numbers: SpaceDefinition = {
  x: { float: [-2, 2] },
  rate: { float: [1e-4, 1], scale: 'log' },
  units: { int: [1, 64] },
};
const mixed: SpaceDefinition = {
  ...numbers,
  drop: { float: [0, 0.6], step: 0.1 },
  solver: ['sgd', 'adam', 'lbfgs'],
  momentum: { float: [0, 0.99], when: { solver: ['sgd'] } },
};
const listed: SpaceDefinition = { x: [-1, 0, 1, 2], rate: [0.1, 0.2, 0.3], units: { int: [1, 5] } };

/** How trials end: most with results, some earlier, others without. */
function ended(params: Params, number: number): Pick<SeenTrial, 'state' | 'result'> {
  if (number % 11 === 5) return { state: 'failed' };
  if (number % 13 === 7) return { state: 'diverged' };
  const { x, rate, units } = params as { x: number; rate: number; units: number };
  const values = [(x - 0.5) * (x - 0.5) + rate + units / 64, (x + 1) * (x + 1) - rate];
  if (number % 5 === 4) return { state: 'pruned', result: { step: 1 + (number % 3), values } };
  return { state: 'done', result: { step: 9, values } };
}

/** A hash of all points of a search that sees the ends of all but the last three trials. */
function hashOf(
  search: ObjectiveInput['search'],
  space: SpaceDefinition,
  earlier: readonly SeenTrial[] = [],
) {
  const experiment = checkDefinition(
    {
      ...{ name: 'same points', objective: { module: './none.mjs' }, seed: 7, space },
      ...{ metrics: { loss: 'minimise', other: 'maximise' }, search },
    } as ObjectiveInput,
    'the test',
  );
  const searcher = searcherOf(experiment, earlier);
  const history = historyOf();
  for (let number = 1; number <= 120; number++) {
    const seen = history.trials[number - 5];
    if (seen !== undefined) history.replace(number - 5, { ...seen, ...ended(seen.params, number - 4) });
    const point = searcher.ask(history, randomStream(7, 'search', number, 0));
    if (point === undefined) break;
    history.add({ ...point, state: 'running' });
  }
  const points = history.trials.map(({ params, replicate }) => [params, replicate]);
  return `${points.length} ${createHash('sha256').update(JSON.stringify(points)).digest('hex').slice(0, 16)}`;
}

const enqueue = [
  { x: 0.5, rate: 0.01, units: 8 },
  { x: -1, rate: 1, units: 64 },
];
const earlier = [-1.5, 0.25, 1.25].map((x, index): SeenTrial => {
  const params = { x, rate: 0.1, units: 16 };
  return { params, replicate: 0, ...ended(params, index + 1) };
});
const trials = 100;

type Case = readonly [name: string, points: string, ...Parameters<typeof hashOf>];
const cases: readonly Case[] = [
  [
    'grid',
    '120 6a0fe65b988295ec',
    { method: 'grid', replicates: 2, enqueue: [{ x: 1, rate: 0.2, units: 3 }] },
    listed,
  ],
  ['random', '100 3d283b946388b799', { method: 'random', trials }, mixed],
  ['sobol', '100 6432bef03e90a293', { method: 'sobol', trials, enqueue }, numbers],
  ['halton', '100 9f9ac4c900fb3b80', { method: 'halton', trials, replicates: 3 }, mixed],
  ['tpe', '100 935e6357875506d8', { method: 'tpe', trials }, mixed],
  ['tpe, of few points', '100 de43de5ff7e1c707', { method: 'tpe', trials }, listed],
  ['tpe, of a front', '100 4f55423293638900', { method: 'tpe', trials, metrics: ['loss', 'other'] }, mixed],
  [
    'tpe, each parameter alone',
    '100 7ca76f3463f84aa8',
    { method: 'tpe', trials, multivariate: false },
    mixed,
  ],
  [
    "tpe, Optuna's",
    '100 a42bbc1b7c6ebf80',
    { method: 'tpe', trials, weights: 'equal', widths: 'count' },
    mixed,
  ],
  [
    'tpe, of a known space',
    '100 452453ba77753349',
    { method: 'tpe', trials, replicates: 2, enqueue },
    numbers,
    earlier,
  ],
  ['cma-es', '100 d5088e4ef5b638e8', { method: 'cma-es', trials }, numbers],
  [
    'cma-es, each twice',
    '100 a96c9699fe70cc6b',
    { method: 'cma-es', trials, replicates: 2, populationSize: 4, enqueue },
    numbers,
  ],
];
for (const [name, points, ...search] of cases)
  t.test(`the points of ${name} are what they were`, async (t) => {
    t.equal(hashOf(...search), points);
  });
