import t from 'tap';
import { openDashboardResults } from '../../src/store/dashboard-results.ts';
import { diverged, done, experiment, failed, spec, storeWith } from './example.ts';

t.test(
  'a summary counts states, names the leader by the metric, and its revision changes with every trial',
  async (t) => {
    const { path, store, experimentId, trialIds } = storeWith(
      t.testdir(),
      [done(0.9, 0.5), done(0.8, 0.1), failed],
      'validationLoss',
    );
    const results = openDashboardResults(path);
    t.teardown(() => results.close());
    const summary = () => results.summaries()[0];
    const before = summary();
    t.match(before, {
      id: experimentId,
      state: 'running',
      counts: { done: 2, failed: 1, waiting: 0, running: 0, diverged: 0, stopped: 0 },
      best: { number: 2, best: { step: 1, values: [0.1, 0.8] } },
      final: null,
    });
    t.same(summary(), before);
    store.startAttempt(trialIds[2] ?? 0);
    t.not(summary()?.revision, before?.revision, 'another attempt');
    store.finish(trialIds[2] ?? 0, failed);
    t.not(summary()?.revision, before?.revision, 'although it has failed again');
    store.addTrials(experimentId, [{ ...spec(1, 'final'), params: spec(2).params }]);
    t.equal(summary()?.final?.state, 'waiting');
    store.finishExperiment(experimentId, 'done', 1);
    t.equal(summary()?.state, 'done');
    store.close();
  },
);

t.test('the leader of a summary is the first of the leaderboard, whatever the metric', async (t) => {
  for (const metric of ['validationAccuracy', 'validationLoss'] as const) {
    const outcomes = [done(0.5, 0.4), done(0.7, 0.3), done(0.7, 0.2), done(0.6, 0.2), diverged];
    const { path, store, experimentId } = storeWith(
      `${t.testdir({ [metric]: {} })}/${metric}`,
      outcomes,
      metric,
    );
    const results = openDashboardResults(path);
    t.equal(results.summaries()[0]?.best?.id, store.ranked(experimentId)[0]?.id, metric);
    results.close();
    store.close();
  }
});

t.test('a line of the leaderboard says whose copy its trial is', async (t) => {
  const { path, store, experimentId, trialIds } = storeWith(t.testdir(), [done(0.6), done(0.5), done(0.5)]);
  store.recordSameAs(trialIds[2] ?? 0, trialIds[1] ?? 0);
  store.close();
  const results = openDashboardResults(path);
  t.teardown(() => results.close());
  const query = { descending: false, state: undefined, ready: [], values: new Map(), from: 0, count: 10 };
  const { lines } = results.lines(experimentId, { ...query, sort: { by: 'number' } });
  t.same(
    lines.map(({ copyOf }) => copyOf),
    [null, null, 2],
  );
});

t.test('a name of a parameter is never read as a path', async (t) => {
  const { path, store, experimentId } = storeWith(t.testdir(), [done(0.5)]);
  store.close();
  const results = openDashboardResults(path);
  t.teardown(() => results.close());
  const query = { descending: false, state: undefined, ready: [], from: 0, count: 10 } as const;
  for (const name of ["x'; DROP TABLE trial; --", '$', '"', 'a.b', '[0]', '\u0000', '']) {
    const sorted = results.lines(experimentId, { ...query, sort: { parameter: name }, values: new Map() });
    t.equal(sorted.lines.length, 1, name);
    const filtered = results.lines(experimentId, {
      ...query,
      sort: { by: 'rank' },
      values: new Map([[name, 1]]),
    });
    t.equal(filtered.total, 0, name);
  }
});

t.test(
  'by fronts the second of one stands before a better trial of the next, what has none last',
  async (t) => {
    const outcomes = [done(0.9), done(0.8), done(0.7), failed, done(0.6)];
    const { path, store, experimentId, trialIds } = storeWith(t.testdir(), outcomes);
    store.close();
    const results = openDashboardResults(path);
    t.teardown(() => results.close());
    const fronts = new Map(
      [1, 2, 1, undefined, 10].flatMap((front, at) => (front ? [[trialIds[at] ?? 0, front]] : [])),
    );
    const query = { state: undefined, ready: [], values: new Map(), sort: { fronts } } as const;
    const numbers = (descending: boolean, from: number, count: number) =>
      results.lines(experimentId, { ...query, descending, from, count }).lines.map(({ number }) => number);
    t.same(numbers(false, 0, 9), [1, 3, 2, 5, 4]);
    t.same(numbers(true, 0, 9), [5, 2, 1, 3, 4]);
    t.same(numbers(false, 1, 2), [3, 2], 'a page of them');
  },
);

t.test('done trials come in columns, the best first', async (t) => {
  const { path, store, experimentId } = storeWith(t.testdir(), [done(0.5, 0.25), failed, done(0.75)]);
  store.close();
  const results = openDashboardResults(path);
  t.teardown(() => results.close());
  t.match(results.doneColumns(experimentId), {
    number: [3, 1],
    step: [1, 1],
    values: [
      [0.75, 1 / 3],
      [0.5, 0.25],
    ],
    seconds: [1.25, 1.25],
    params: [{ batchSize: 384 }, { batchSize: 128 }],
  });
});

t.test('two experiments are told apart', async (t) => {
  const { path, store } = storeWith(t.testdir(), [done(0.5)]);
  const id = store.beginExperiment(experiment(undefined, 'second'));
  store.addTrials(id, [spec(1), spec(2)]);
  store.startAttempt(store.trials(id)[1]?.id ?? 0);
  const results = openDashboardResults(path);
  t.teardown(() => results.close());
  t.same(
    results.summaries().map(({ name, counts }) => [name, counts.done, counts.waiting, counts.running]),
    [
      ['paper', 1, 0, 0],
      ['second', 0, 1, 1],
    ],
  );
  t.match(results.running(id), [{ number: 2, experimentId: id, role: 'search' }]);
  t.equal(results.experimentOf(store.trials(id)[0]?.id ?? 0), id);
  t.equal(results.experimentOf(99), undefined);
  t.same(results.doneColumns(id).number, []);
  t.same(results.rankedIds(id, 'search'), []);
  store.close();
});
