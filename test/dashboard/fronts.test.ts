/** What the dashboard tells of a run whose metrics count alike. */
import t from 'tap';
import type { ExperimentAnswer, TrialsAnswer } from '../../src/dashboard/answers.ts';
import { startDashboard } from '../../src/dashboard/server.ts';
import { definition, objectiveDatabase } from '../store/objective-example.ts';

const search = { metrics: ['error', 'fitMs'] };
const database = objectiveDatabase(t.testdir(), 1, { definition: JSON.stringify({ ...definition, search }) });
const dashboard = await startDashboard({ database, host: '127.0.0.1', port: 0 });
t.teardown(() => dashboard.close());
const get = async <Answer>(path: string): Promise<Answer> =>
  (await (await fetch(`${dashboard.url}api/${path}`)).json()) as Promise<Answer>;

t.test('an experiment tells which metrics count alike, and how many trials are on the front', async (t) => {
  const { front } = await get<ExperimentAnswer>('experiments/1');
  t.same(front, { metrics: ['error', 'fit ms'], trials: 1 });
});

t.test('the leaderboard stands front by front, what has no result last', async (t) => {
  const fronts = async (query: string) =>
    (await get<TrialsAnswer>(`experiments/1/trials?${query}`)).lines.map(({ front }) => front);
  const without = [null, null, null, null];
  t.same(await fronts(''), [1, 2, 3, ...without]);
  t.same(await fronts('order=descending'), [3, 2, 1, ...without]);
  t.same(await fronts('from=1&count=1'), [2]);
});
