/** What the dashboard answers of a run whose trials are no networks. */
import t from 'tap';
import type {
  CombinationsAnswer,
  CurvesAnswer,
  ExperimentAnswer,
  FiguresAnswer,
  TrialAnswer,
  TrialsAnswer,
} from '../../src/dashboard/answers.ts';
import { startDashboard } from '../../src/dashboard/server.ts';
import { objectiveDatabase } from '../store/objective-example.ts';

const dashboard = await startDashboard({
  ...{ database: objectiveDatabase(t.testdir(), 2), host: '127.0.0.1', port: 0 },
});
t.teardown(() => dashboard.close());
const get = async <Answer>(path: string): Promise<Answer> =>
  (await (await fetch(`${dashboard.url}api/${path}`)).json()) as Promise<Answer>;

t.test('an experiment tells its metrics, its parameters with any values, and its space', async (t) => {
  const answer = await get<ExperimentAnswer>('experiments/1');
  t.match(answer, {
    ...{ metric: null, dataHash: null, isReplicated: true, counts: { done: 6, pruned: 2, failed: 2 } },
    ...{ metrics: [{ name: 'error', goal: 'minimise' }, { name: 'fitMs' }, { name: 'rows' }] },
  });
  t.match(answer.parameters.map(({ name }) => name).sort(), ['alpha', 'degree', 'scale', 'solver']);
  t.same(answer.parameters.find(({ name }) => name === 'scale')?.values, [true], 'no number for a boolean');
});

t.test(
  'trials have the values of their metrics, and are sorted and filtered by them and by parameters',
  async (t) => {
    const numbers = async (query: string) =>
      (await get<TrialsAnswer>(`experiments/1/trials?${query}`)).lines.map(({ number }) => number);
    const { lines } = await get<TrialsAnswer>('experiments/1/trials');
    t.match(lines[0], { rank: 1, state: 'done', interval: null, p: null });
    t.equal(lines[0]?.values?.length, 3);
    t.match(lines.find(({ state }) => state === 'pruned')?.remark, /^at step \d+$/);
    t.match(lines.find(({ state }) => state === 'failed')?.remark, 'the matrix is singular');
    t.same(await numbers('sort=metric.0'), await numbers(''), 'the first metric decides');
    t.equal((await numbers('is.solver=%22lu%22')).length, 6);
    t.equal((await numbers('is.scale=true')).length, 14);
    t.equal((await numbers('is.degree=3&state=done')).length, 2);
    t.same(await numbers('sort=parameter.degree&state=done&order=descending&count=2'), [3, 4]);
  },
);

t.test('combinations have the mean and the deviation of every metric', async (t) => {
  const { combinations } = await get<CombinationsAnswer>('experiments/1/combinations');
  t.match(combinations[0], { rank: 1, done: 2, params: { solver: 'qr', degree: 3 } });
  t.equal(combinations[0]?.spreads.length, 3);
});

t.test('curves hold every metric, those of pruned trials too', async (t) => {
  const { curves, winner } = await get<CurvesAnswer>('experiments/1/curves');
  t.equal(curves[0]?.points[0]?.length, 4);
  t.ok(curves.some(({ state }) => state === 'pruned'));
  t.type(winner?.bestStep, 'number');
});

t.test(
  'a trial tells what it has written; figures hold any metrics, and the steps of pruned trials',
  async (t) => {
    t.match(await get<TrialAnswer>('trials/2'), { sizes: null, log: /^fold 1 of 5\n/ });
    t.match(await get<TrialAnswer>('trials/1'), { log: null, trial: { state: 'done' } });
    const { done, pruned } = await get<FiguresAnswer>('experiments/1/figures');
    t.equal(done.values[0]?.length, 3);
    t.equal(pruned.length, 2);
  },
);
