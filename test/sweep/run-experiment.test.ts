import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { startThreads } from '../../src/execute/network/thread-pool.ts';
import { checkDefinition } from '../../src/experiment/check.ts';
import { openStore } from '../../src/store/store.ts';
import { runExperiment } from '../../src/sweep/run-experiment.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';

const unbootable = fileURLToPath(new URL('../torture/unbootable-worker.ts', import.meta.url));

t.test('a run whose threads cannot boot leaves no trace where there was no database before', async (t) => {
  const baseFolder = t.testdir({ there: {} });
  writeTinyIdx(join(baseFolder, 'tiny'));
  const experiment = checkDefinition(
    {
      name: 'no threads',
      data: { source: 'idx', folder: 'tiny', train: [0, 60], validation: [60, 120] },
      model: { hidden: [4] },
      training: { epochs: 2 },
      space: { learningRate: [0.05], batchSize: [10] },
    },
    'the test',
  );
  const failing = (folder: string) => {
    const database = join(baseFolder, folder, 'results.db');
    const run = runExperiment({ experiment, baseFolder, database }, { booted: startThreads(1, unbootable) });
    return t.rejects(run, { code: 'ERR_THREADS' });
  };
  await failing('there');
  t.same(readdirSync(join(baseFolder, 'there')), []);
  await failing('new');
  t.notOk(readdirSync(baseFolder).includes('new'));
  const threads = 1;
  const database = join(baseFolder, 'there', 'results.db');
  await runExperiment({ experiment, baseFolder, database, threads });
  await failing('there');
  const store = openStore(database);
  t.teardown(() => store.close());
  t.equal(store.experiments().length, 1, 'a database that has a run stays');
});
