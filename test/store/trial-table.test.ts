import t from 'tap';
import { trialTable } from '../../src/store/trial-table.ts';
import { done } from '../findings/sample-trials.ts';

const metrics = [
  { name: 'loss', goal: 'minimise' },
  { name: 'rate', goal: 'none' },
] as const;
const best = { step: 2, values: [0.5, 7] };

t.test('a table has a column a parameter and a metric, by their names', (t) => {
  const trial = { ...done, params: { alpha: 0.1 }, best, last: best };
  const { columns, rows } = trialTable(metrics, [trial]);
  t.same(columns, [
    'trial',
    'role',
    'rank',
    'replicate',
    'state',
    'alpha',
    'step',
    'loss',
    'rate',
    'seconds',
  ]);
  t.same(rows, [[done.number, 'search', 1, 0, 'done', 0.1, 2, 0.5, 7, done.seconds]]);
  t.end();
});

t.test('no two columns have one name, whatever parameters and metrics are called', (t) => {
  const params = { state: 'solid', step: 0.1, rate: 3 };
  const { columns } = trialTable(metrics, [{ ...done, params, best, last: best }]);
  t.same(columns.slice(5), [
    ...['state (parameter)', 'step (parameter)', 'rate', 'step', 'loss', 'rate (measured)', 'seconds'],
  ]);
  t.equal(new Set(columns).size, columns.length);
  t.end();
});
