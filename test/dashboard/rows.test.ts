/** What the dashboard says of the rows that an experiment was measured on. */

import t from 'tap';
import type { ExperimentAnswer, PicturesAnswer } from '../../src/dashboard/answers.ts';
import { type Available, networkInput, picturesIn } from '../../src/dashboard/page/mistakes.ts';
import { outputsOf } from '../../src/dashboard/page/network.ts';
import { startDashboard } from '../../src/dashboard/server.ts';
import { loadData } from '../../src/data/dataset.ts';
import { classOf } from '../../src/evidence/classified-rows.ts';
import { runSweep } from '../../src/index.ts';
import { decisive } from '../../src/metric.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { root } from '../source.ts';

const database = `${t.testdir()}/results.db`;
const common = {
  model: { hidden: [4] },
  training: { epochs: 20 },
  space: { learningRate: [0.1], batchSize: [16] },
  final: { epochs: 2 },
};
const ranges = { train: [0, 90], validation: [90, 120], test: [0, 30] } as const;
writeTinyIdx(`${t.testdirName}/pictures`);
const classNames = ['shirt', 'boot', 'bag'];
const idx = { source: 'idx', folder: `${t.testdirName}/pictures`, classNames, ...ranges } as const;
await runSweep({ name: 'pictures', data: idx, ...common }, { database, threads: 1 });
const csv = {
  source: 'csv',
  file: `${root}/experiments/data/iris.csv`,
  label: 'species',
  shuffle: 1,
  train: [0, 90],
  validation: [90, 120],
  test: [120, 150],
} as const;
const { final } = await runSweep({ name: 'table', data: csv, ...common }, { database, threads: 1 });
const { validation: _, ...whole } = csv;
const folded = { name: 'folds', data: { ...whole, folds: 3 }, ...common } as const;
await runSweep(folded, { database, threads: 1 });
const dashboard = await startDashboard({ database, host: '127.0.0.1', port: 0 });
t.teardown(() => dashboard.close());
const ask = (path: string) => fetch(`${dashboard.url}api/${path}`);

t.test('rows are called what they are, and classes by their names', async (t) => {
  const of = async (id: number) => (await (await ask(`experiments/${id}`)).json()) as ExperimentAnswer;
  t.match(await of(1), { rows: 'pictures', classNames });
  t.match(await of(2), { rows: 'table', classNames: ['setosa', 'versicolor', 'virginica'] });
});

t.test("a table's rows are read by the page as the training read them", async (t) => {
  const data = (await (await ask('experiments/2/data')).json()) as PicturesAnswer;
  t.match(data, { available: true, rows: 1, columns: 4, classes: 3, scaling: 'float32', test: 30 });
  const bytes = await (await ask('experiments/2/pictures?rows=test&from=0&count=30')).arrayBuffer();
  const results = openReadOnly(database);
  t.teardown(() => results.close());
  const model = final && results.weights(final.id, 'last');
  if (model === undefined || final?.state !== 'done') throw new Error('nothing was trained');
  const sigmoids = { activation: 'sigmoid', output: 'sigmoid' } as const;
  const rows = picturesIn(bytes, data as Available);
  const right = rows.filter(
    ({ label, pixels }) =>
      classOf(outputsOf({ ...model, ...sigmoids }, networkInput(pixels, 'float32'))) === label,
  );
  t.equal(rows.length, 30);
  t.equal(right.length / 30, decisive(final.last));
});

t.test('rows of a relative path are looked for below the base', async (t) => {
  const baseFolder = `${t.testdirName}/elsewhere`;
  writeTinyIdx(`${baseFolder}/pictures`);
  const relative = { name: 'relative', data: { ...idx, folder: './pictures' }, ...common };
  const apart = `${t.testdirName}/apart/results.db`;
  await runSweep(relative, { database: apart, baseFolder, threads: 1 });
  const isAvailable = async (base?: string) => {
    const { url, close } = await startDashboard({ database: apart, base, host: '127.0.0.1', port: 0 });
    t.teardown(close);
    return ((await (await fetch(`${url}api/experiments/1/data`)).json()) as PicturesAnswer).available;
  };
  t.equal(await isAvailable(baseFolder), true);
  t.equal(await isAvailable(), false);
});

t.test('with folds the rows of a trial are those of its fold', async (t) => {
  const labelsOf = async (replicate: number) => {
    const path = `experiments/3/pictures?rows=validation&replicate=${replicate}&from=0&count=100`;
    const data = (await (await ask('experiments/3/data')).json()) as Available;
    return picturesIn(await (await ask(path)).arrayBuffer(), data).map(({ label }) => label);
  };
  const data = await loadData({ ...folded.data, scaling: 'standard' });
  for (const [replicate, { validation }] of (data.folds ?? []).entries())
    t.same(await labelsOf(replicate), [...data.labels.slice(validation.from, validation.to)], `${replicate}`);
  t.same(await labelsOf(4), await labelsOf(1));
});
