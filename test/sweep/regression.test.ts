/** A run whose networks learn numbers, from its definition to its document and to the command line. */
import { join } from 'node:path';
import t from 'tap';
import { decisive } from '../../src/metric.ts';
import { loadModel } from '../../src/model/load-model.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import { trainMlp } from '../../src/sweep/train-mlp.ts';
import { predict, predictNumbers } from '../../src/train/predict.ts';
import { typed } from '../commands/command-line.ts';

/** y = 3 + 40 a - 20 b and its square, of 60 rows. */
const rows = Array.from({ length: 60 }, (_, row) => {
  const [a, b] = [(row * 7) % 11, (row * 5) % 13].map((value) => value / 10) as [number, number];
  const y = 3 + 40 * a - 20 * b;
  return [a, b, y, (y * y) / 100] as const;
});
const definition = {
  name: 'numbers',
  data: {
    source: 'csv',
    file: 'rows.csv',
    targets: ['y', 'square'],
    train: [0, 30],
    validation: [30, 45],
    test: [45, 60],
  },
  model: { hidden: [6], activation: 'tanh', output: 'linear' },
  training: { epochs: 30, reduction: 'mean', optimizer: 'adam' },
  space: { learningRate: [0.01, 0.03], batchSize: [5] },
  final: { epochs: 10 },
} as const;

function folderOf(): string {
  const lines = ['a,b,y,square', ...rows.map((row) => row.join())].join('\n');
  return t.testdir({ 'rows.csv': lines, 'numbers.json': JSON.stringify(definition) });
}

t.test(
  'the RMSE that decides is that of its model in the own units, and a finished run trains nothing',
  async (t) => {
    const folder = folderOf();
    const options = { database: join(folder, 'results.db'), baseFolder: folder, threads: 1 };
    const { winner, trials, experimentId } = await runSweep(definition, options);
    if (winner === undefined) throw new Error('There is no winner.');
    t.equal(
      decisive(winner.best),
      Math.min(...trials.map((trial) => ('best' in trial ? decisive(trial.best) : 1e9))),
    );
    const model = loadModel(join(folder, 'bestmodel.json'));
    const validating = rows.slice(30, 45);
    const predicted = predictNumbers(
      model,
      validating.flatMap((row) => row.slice(0, 2)),
    );
    const rmse = ([0, 1] as const).map((target) => {
      const errors = validating.map(
        (row, at) => (row[2 + target] as number) - (predicted[2 * at + target] as number),
      );
      return Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    }) as [number, number];
    t.ok(Math.abs((rmse[0] + rmse[1]) / 2 - decisive(winner.best)) < 1e-4);
    t.match(model, { output: 'linear', provenance: { validationRmse: decisive(winner.best) } });
    t.throws(() => predict(model, [1, 2]), { code: 'ERR_MODEL_OUTPUT' });
    const again = await runSweep(definition, options);
    t.same(again.winner, winner);
    const results = openReadOnly(options.database);
    t.teardown(() => results.close());
    const [run] = results.experiments();
    t.match(run, { metric: 'validationRmse', metrics: [{ name: 'validationRmse', goal: 'minimise' }] });
    t.ok(results.trials(experimentId).every(({ attempts }) => attempts === 1));
  },
);

t.test('its document has each test row, and predict says the same of the file', async (t) => {
  const folder = folderOf();
  const db = ['--db', join(folder, 'results.db')];
  const run = await typed('run', join(folder, 'numbers.json'), ...db, '--format', 'json', '--threads', '1');
  const { final } = JSON.parse(run.out) as {
    final: { testRmse: number; targets: { name: string; rmse: number; predicted: number[] }[] };
  };
  t.same(
    final.targets.map(({ name }) => name),
    ['y', 'square'],
  );
  const mean = final.targets.reduce((sum, { rmse }) => sum + rmse, 0) / 2;
  t.ok(Math.abs(mean - final.testRmse) < 1e-4 * mean);
  const { out: model } = await typed('export', 'final', '--format', 'safetensors', ...db);
  const given = await typed(
    'predict',
    join(folder, 'rows.csv'),
    '--model',
    model.trim(),
    '--format',
    'json',
    '--rows',
    '45..59',
  );
  const found = JSON.parse(given.out) as { targets: { y: number } }[];
  t.ok(found.every(({ targets }, at) => Math.abs(targets.y - (final.targets[0]?.predicted[at] ?? 0)) < 1e-4));
  const verified = await typed('verify', ...db, '--base', folder, '--threads', '1');
  t.match(verified.out, /3 trials trained again, every bit as recorded/);
  t.match((await typed('show', 'final', '--classes', ...db)).err, /Its network gives numbers/);
});

t.test('a network learns numbers of a program', async (t) => {
  const inputs = rows.flatMap((row) => row.slice(0, 2));
  const targets = rows.map(([, , y]) => y);
  const { model, best } = await trainMlp({
    ...{ inputs, targets, targetNames: ['y'], validation: { inputs, targets } },
    ...{ hidden: [], output: 'linear', learningRate: 0.1, batchSize: 10, epochs: 60, reduction: 'mean' },
  });
  t.ok(best.evaluationR2 > 0.999, `R2 ${best.evaluationR2}`);
  t.ok(Math.abs((predictNumbers(model, [1, 0])[0] as number) - 43) < 1);
});
