import t from 'tap';
import { completed } from '../../src/experiment/completed.ts';
import { objectiveShape } from '../../src/experiment/objective-shape.ts';
import { randomStream } from '../../src/random.ts';
import { historyOf } from '../../src/search/history.ts';
import { spaceOf } from '../../src/space/definition.ts';
import { misfits } from '../../src/space/misfits.ts';
import { prunerOf, searcherOf } from '../../src/sweep/searcher-of.ts';

const space = { rate: { float: [1e-5, 1], scale: 'log' }, width: { int: [1, 64] } } as const;

/** As if it had been checked: ranges are right here whatever the schema knows of them. */
const experimentOf = (search: object, prune?: object) => {
  const { space: _, ...form } = objectiveShape().parse({
    name: 'any',
    objective: 'any.ts',
    metrics: { error: 'minimise' },
    space: { rate: [1] },
    search,
    prune,
  });
  return completed({ ...form, space });
};

/** The points of a search whose every trial ends with its rate. */
function points(search: object): object[] {
  const searcher = searcherOf(experimentOf(search));
  const history = historyOf();
  for (;;) {
    const number = history.trials.length + 1;
    const point = searcher.ask(history, randomStream(1, 'search', number, 0));
    if (point === undefined) return history.trials.map(({ params }) => params);
    history.add({ ...point, state: 'done', result: { step: 1, values: [Number(point.params['rate'])] } });
  }
}

t.test('each method searches the space until its budget is used up', async (t) => {
  const found = ['random', 'sobol', 'halton', 'tpe', 'cma-es'].map((method) =>
    points({ method, trials: 30 }),
  );
  for (const each of found) {
    t.equal(each.length, 30);
    for (const params of each) t.same(misfits(spaceOf(space), params as never), []);
  }
  t.equal(new Set(found.map((each) => JSON.stringify(each))).size, 5, 'and no two alike');
});

t.test('options reach the method', async (t) => {
  const usual = JSON.stringify(points({ method: 'tpe', trials: 30 }));
  for (const option of [{ gamma: 0.5 }, { candidates: 1 }, { startupTrials: 5 }, { multivariate: false }])
    t.not(JSON.stringify(points({ method: 'tpe', trials: 30, ...option })), usual, JSON.stringify(option));
});

t.test('enqueued points come first, once each, with parameters in the order of the space', async (t) => {
  const enqueue = [
    { width: 8, rate: 0.1 },
    { rate: 0.1, width: 8 },
    { rate: 1, width: 1 },
  ];
  const found = points({ method: 'tpe', trials: 5, enqueue });
  t.strictSame(found.slice(0, 2), [
    { rate: 0.1, width: 8 },
    { rate: 1, width: 1 },
  ]);
  t.strictSame(Object.keys(found[0] as object), ['rate', 'width']);
  t.equal(found.length, 5, 'they count');
});

t.test('an enqueued point of a grid is not tried again', async (t) => {
  const experiment = experimentOf({ method: 'grid', enqueue: [{ a: 3 }], replicates: 2 });
  const searcher = searcherOf({ ...experiment, space: { a: [1, 2, 3] } } as typeof experiment);
  t.equal(searcher.total, 6);
  const history = historyOf();
  for (let point = searcher.ask(history, randomStream(1, 'search', 1, 0)); point !== undefined; ) {
    history.add({ ...point, state: 'done' });
    point = searcher.ask(history, randomStream(1, 'search', 1, 0));
  }
  t.same(
    history.trials.map(({ params, replicate }) => [params['a'], replicate]),
    [3, 1, 2].flatMap((a) => [0, 1].map((replicate) => [a, replicate])),
  );
});

t.test('the pruner is the one asked for, over as many steps as are known', async (t) => {
  t.equal(prunerOf(experimentOf({ trials: 1 })), undefined);
  t.equal(prunerOf(experimentOf({ trials: 1 }, { method: 'median' }))?.growth, 1);
  const asha = prunerOf(experimentOf({ trials: 1 }, { method: 'asha', reductionFactor: 3, maxResource: 10 }));
  t.same(
    [0, 1, 2, 3].map((index) => asha?.rung(index)),
    [1, 3, 9, undefined],
  );
  t.equal(prunerOf(experimentOf({ trials: 1 }, { method: 'hyperband', maxResource: 81 }))?.growth, 3);
});
