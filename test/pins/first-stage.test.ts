/** A database that the first stage's program wrote (schema version 3) goes on under today's. */
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { loadExperiment } from '../../src/experiment/load.ts';
import { networkOf } from '../../src/experiment/network.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';

const fixture = new URL('../fixtures/first-stage/', import.meta.url);

t.test('a finished run of the first stage is finished: nothing is trained, no bit is another', async (t) => {
  const baseFolder = fileURLToPath(fixture);
  const { experiment: loaded } = await loadExperiment(`${baseFolder}/run.yaml`);
  const experiment = networkOf(loaded, 'the test runs');
  const folder = t.testdir();
  cpSync(baseFolder, folder, { recursive: true });
  const database = `${folder}/results.db`;
  const before = openReadOnly(database);
  const recorded = before.trials(1);
  const curves = recorded.map(({ id }) => before.reports(id));
  before.close();

  const kinds: string[] = [];
  const { experimentId, trials, final } = await runSweep(experiment, {
    database,
    baseFolder,
    onEvent: ({ kind }) => kinds.push(kind),
  });

  t.equal(experimentId, 1, 'the same run');
  t.notOk(kinds.includes('trial started'), 'zero trainings');
  t.same([...trials, final], recorded);
  const after = openReadOnly(database);
  t.equal(after.experiments().length, 1);
  t.same(
    recorded.map(({ id }) => after.reports(id)),
    curves,
  );
  after.close();
});
