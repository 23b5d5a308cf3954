import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { errorTestsOf } from '../../src/findings/error-tests.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';

t.test(
  'two trials that learn numbers are compared on the rows that measured both, while these are at hand',
  async (t) => {
    const folder = t.testdir();
    const file = join(folder, 'rows.csv');
    const rows = Array.from({ length: 120 }, (_, i) => [i % 7, i % 11, (i % 7) - 0.5 * (i % 11)]);
    writeFileSync(file, ['a,b,y', ...rows.map((row) => row.join())].join('\n'));
    const database = join(folder, 'results.db');
    await runSweep(
      {
        name: 'numbers',
        data: { source: 'csv', file, targets: ['y'], split: { validation: 0.3 } },
        model: { hidden: [3], activation: 'tanh', output: 'linear' },
        training: { epochs: 3, reduction: 'mean', optimizer: 'adam' },
        space: { learningRate: [0.0001, 0.05], batchSize: [8] },
      },
      { database, threads: 1 },
    );
    const results = openReadOnly(database);
    t.teardown(() => results.close());
    const [run] = results.experiments();
    const [slow, fast] = run === undefined ? [] : results.trials(run.id);
    if (run === undefined || slow === undefined || fast === undefined) throw new Error('nothing was trained');
    const found = await errorTestsOf({ results, database }, run, slow, fast);
    t.match(found, [{ target: 'y', rows: 36 }]);
    const [test] = found === undefined || 'reason' in found ? [] : found;
    t.ok(test !== undefined && test.p < 0.05 && test.secondNearer > test.firstNearer, JSON.stringify(test));
    t.match(await errorTestsOf({ results, database }, run, slow, { ...fast, role: 'final' }), {
      reason: /the same rows/,
    });
    rmSync(file);
    t.match(await errorTestsOf({ results, database }, run, slow, fast), { reason: /rows\.csv/ });
  },
);
