import t from 'tap';
import type { CurvesAnswer, TrialAnswer, TrialsAnswer } from '../../src/dashboard/answers.ts';
import { startDashboard } from '../../src/dashboard/server.ts';
import { weightsIn } from '../fixtures/weights-in.ts';
import { diverged, done, failed, result, storeWith } from '../store/example.ts';

const {
  path: database,
  store,
  experimentId,
  trialIds,
} = storeWith(t.testdir(), [done(0.5), done(0.9), failed, diverged]);
store.close();
const dashboard = await startDashboard({ database, host: '127.0.0.1', port: 0 });
t.teardown(() => dashboard.close());

const ask = (path: string) => fetch(`${dashboard.url}api/${path}`);
const get = async <Answer>(path: string): Promise<Answer> => (await ask(path)).json() as Promise<Answer>;
const trials = (query: string) => get<TrialsAnswer>(`experiments/${experimentId}/trials?${query}`);
const numbers = ({ lines }: TrialsAnswer) => lines.map(({ number }) => number);

t.test('trials come the best first, those without a result last, with the reason', async (t) => {
  const answer = await trials('');
  t.same(numbers(answer), [2, 1, 3, 4]);
  t.match(answer.lines, [
    { rank: 1, values: [0.9], params: { batchSize: 256 } },
    { rank: 2, values: [0.5] },
    { rank: null, state: 'failed', remark: 'the thread ended' },
    { rank: null, state: 'diverged', remark: 'at step 2' },
  ]);
});

t.test(
  'trials are sorted by any column and by any parameter, in both directions, pages in order',
  async (t) => {
    t.same(numbers(await trials('sort=number&order=descending')), [4, 3, 2, 1]);
    t.same(numbers(await trials('sort=metric.0')), [1, 2, 3, 4]);
    t.same(numbers(await trials('sort=parameter.batchSize&order=descending')), [4, 3, 2, 1]);
    t.same(numbers(await trials('sort=parameter.learningRate')), [4, 3, 2, 1]);
    t.same(numbers(await trials('sort=number&from=1&count=2')), [2, 3]);
  },
);

t.test('a filter lets through what has the state or the value, and counts it', async (t) => {
  const ended = await trials('state=done&count=1');
  t.equal(ended.total, 2);
  t.same(numbers(ended), [2]);
  t.same(numbers(await trials('is.batchSize=384')), [3]);
  t.same(numbers(await trials('is.batchSize=384&state=done')), []);
  const unknown = await ask(`experiments/${experimentId}/trials?is.batchSize=7`);
  t.equal(unknown.status, 400, 'a value that no trial has is no filter that lets all through');
  await unknown.text();
});

t.test('curves for a figure hold every trial that has one, the best first', async (t) => {
  const { total, curves, winner } = await get<CurvesAnswer>(`experiments/${experimentId}/curves`);
  t.equal(total, 3);
  t.same(
    curves.map(({ number }) => number),
    [2, 1, 4],
  );
  t.same(curves[0]?.points, [
    [1, 0.9, 0.333333],
    [2, 0.45, 0.666667],
  ]);
  t.same(winner, { number: 2, bestStep: 1 });
});

t.test('a trial tells its result and its curve, and hands out its weights bit by bit', async (t) => {
  const [first = 0] = trialIds;
  const { trial, curve, sizes } = await get<TrialAnswer>(`trials/${first}`);
  t.match(trial, { number: 1, state: 'done', best: { values: [0.5] } });
  t.same(curve, result().reports);
  t.same(sizes, [3, 2, 1]);
  for (const [kind, weights] of [
    ['best', weightsIn(result(), 'best')],
    ['last', weightsIn(result(), 'last')],
  ] as const) {
    const bytes = await (await ask(`trials/${first}/weights?kind=${kind}`)).arrayBuffer();
    t.same([...new Float32Array(bytes)], [...weights.parameters]);
  }
});

t.test('data that is not at hand is told in words, and its pictures are not found', async (t) => {
  const answer = await get<{ available: boolean; reason: string }>(`experiments/${experimentId}/data`);
  t.equal(answer.available, false);
  t.type(answer.reason, 'string');
  t.equal((await ask(`experiments/${experimentId}/pictures`)).status, 404);
});
