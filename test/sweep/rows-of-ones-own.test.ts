/** What a sweep measured is what its saved model says of the same raw rows: nothing is lost between training and use. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { decisive } from '../../src/metric.ts';
import { loadModel } from '../../src/model/load-model.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import { predict } from '../../src/train/predict.ts';
import { typed } from '../commands/command-line.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { root } from '../source.ts';

const training = { epochs: 5 } as const;
const space = { learningRate: [0.05], batchSize: [10] } as const;

t.test('pictures: bestmodel.json has the validation accuracy that the sweep told', async (t) => {
  const { train } = writeTinyIdx(join(t.testdir(), 'tiny'));
  const { winner } = await runSweep(
    {
      name: 'pictures',
      data: { source: 'idx', folder: 'tiny', train: [0, 60], validation: [60, 120] },
      ...{ model: { hidden: [4] }, training, space },
    },
    { database: join(t.testdirName, 'results.db'), baseFolder: t.testdirName, threads: 1 },
  );
  const predictions = predict(
    loadModel(join(t.testdirName, 'bestmodel.json')),
    train.pixels.subarray(60 * 64),
  );
  const right = predictions.filter(({ class: found }, row) => found === train.labels[60 + row]);
  t.equal(right.length / 60, winner && decisive(winner.best));
});

t.test('a table: run, export, predict on the command line give the test accuracy once more', async (t) => {
  const lines = readFileSync(join(root, 'experiments/data/iris.csv'), 'utf8').trim().split('\n');
  const [header = '', ...rows] = lines;
  const part = (wanted: (row: number) => boolean) =>
    [header, ...rows.filter((_, row) => wanted(row))].join('\n');
  const folder = t.testdir({
    'train.csv': part((row) => row % 3 > 0),
    'test.csv': part((row) => row % 3 === 0),
    'iris.json': JSON.stringify({
      name: 'iris',
      data: {
        ...{ source: 'csv', file: 'train.csv', testFile: 'test.csv', label: 'species', shuffle: 2 },
        ...{ train: [0, 70], validation: [70, 100], test: [0, 50] },
      },
      model: { hidden: [5] },
      ...{ training: { epochs: 20 }, space, final: { epochs: 20 } },
    }),
  });
  const db = ['--db', `${folder}/results/results.db`];
  const run = await typed('run', `${folder}/iris.json`, ...db, '--format', 'json', '--threads', '1');
  const { final } = JSON.parse(run.out) as { final: { testAccuracy: number } };
  t.ok(final.testAccuracy > 0.8, `test accuracy ${final.testAccuracy}`);
  for (const format of ['json', 'safetensors']) {
    const { out: model } = await typed('export', 'final', '--format', format, ...db);
    const answer = await typed('predict', `${folder}/test.csv`, '--model', model.trim(), '--format', 'json');
    const found = JSON.parse(answer.out) as { row: number; class: string }[];
    const right = found.filter(({ row, class: name }) => rows[3 * row]?.endsWith(`,${name}`));
    t.equal(right.length / 50, final.testAccuracy, format);
  }
});

t.test('arrays: a sweep searches what a program brings, and only a program can', async (t) => {
  const folder = t.testdir();
  const data = { source: 'arrays', train: [0, 40], validation: [40, 60] } as const;
  const definition = { name: 'arrays', data, model: { hidden: [] }, training, space } as const;
  const inputs = Float32Array.from({ length: 60 }, (_, row) => (row % 2) * 5 + (row % 7));
  const labels = Uint8Array.from({ length: 60 }, (_, row) => row % 2);
  const options = { database: join(folder, 'results.db'), threads: 1 };
  const { winner } = await runSweep(definition, { ...options, arrays: { inputs, labels } });
  const predictions = predict(loadModel(join(folder, 'bestmodel.json')), inputs.subarray(40));
  const right = predictions.filter(({ class: found }, row) => found === labels[40 + row]);
  t.equal(right.length / 20, winner && decisive(winner.best));
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'arrays.json'), JSON.stringify(definition));
  const { exitCode: code, err } = await typed(
    'run',
    join(folder, 'arrays.json'),
    '--db',
    join(folder, 'other/results.db'),
  );
  t.equal(code, 2);
  t.match(err, /"arrays" is for programs.*ERR_ARRAYS/);
});
