/** What the dashboard tells of a run whose metrics count alike. */
import t from 'tap';
import type { ExperimentAnswer, TrialsAnswer } from '../../src/dashboard/answers.ts';
import { linesByFront } from '../../src/dashboard/fronts.ts';
import { startDashboard } from '../../src/dashboard/server.ts';
import type { TrialLine } from '../../src/store/overview.ts';
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

t.test('the second of a front stands before a better one of the next front', (t) => {
  const byTrial = new Map([
    [11, 1],
    [12, 2],
    [13, 1],
  ]);
  const lines = [11, 12, 13].map((id, index): TrialLine => {
    const none = { params: {}, step: 1, values: [], seconds: 1, remark: null };
    return { id, rank: index + 1, number: index, replicate: 0, state: 'done', ...none };
  });
  const query = {
    sort: { by: 'rank' },
    descending: false,
    state: undefined,
    ready: [],
    values: new Map(),
  } as const;
  const results = { lines: () => ({ total: 3, lines }) };
  const page = linesByFront(results, 1, { ...query, from: 0, count: 9 }, { metrics: ['a', 'b'], byTrial });
  t.same(
    page.lines.map(({ id }) => id),
    [11, 13, 12],
  );
  t.end();
});
