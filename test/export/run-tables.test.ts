import t from 'tap';
import { curvesTable, trialsTable } from '../../src/export/run-tables.ts';
import type { Experiment } from '../../src/store/results.ts';
import type { Trial } from '../../src/trial.ts';
import { experiment, resultsOf, trial } from '../findings/example-results.ts';

t.test('no two columns of a table have one name, whatever parameters and metrics are called', (t) => {
  const report = { step: 3, values: [0.5, 7] };
  const params = { step: 1, state: 'solid', error: 2 };
  const results = resultsOf([trial(1, { params, best: report, last: report }) as Trial], {
    curve: () => [report],
  });
  const run = {
    ...experiment(),
    metric: null,
    metrics: [
      { name: 'error', goal: 'minimise' },
      { name: 'seconds', goal: 'none' },
    ],
    definition: '{"name":"example","space":{}}',
  } as Experiment;
  for (const { names } of [trialsTable(results, run), curvesTable(results, run)]) {
    t.ok(names.length > 6, names.join(', '));
    t.equal(new Set(names).size, names.length, names.join(', '));
  }
  t.end();
});
