/** Trials that start from the weights in a file. */

import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { epochOf } from '../../src/metric.ts';
import { loadModel } from '../../src/model/load-model.ts';
import { safetensorsOf } from '../../src/model/safetensors.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import { sampleModel } from '../export/sample-models.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';

/** Runs a small search in the test's folder; `start.json` and the like are looked for there. */
async function search(t: Test, database: string, change: object = {}) {
  writeTinyIdx(join(t.testdirName, 'tiny'));
  const definition = {
    name: 'from a file',
    data: { source: 'idx', folder: 'tiny', train: [0, 60], validation: [60, 120] },
    model: { hidden: [4] },
    training: { epochs: 2 },
    space: { learningRate: [0.05], batchSize: [10, 20] },
    ...change,
  } as const;
  const options = {
    database: join(t.testdirName, database, 'results.db'),
    baseFolder: t.testdirName,
    threads: 1,
  };
  return runSweep(definition, options);
}

t.test('a search goes on from the winner of another, whatever the format and name of its file', async (t) => {
  t.testdir();
  const first = await search(t, 'first');
  const model = join(t.testdirName, 'first', 'bestmodel.json');
  writeFileSync(join(t.testdirName, 'start.safetensors'), safetensorsOf(loadModel(model)));
  copyFileSync(model, join(t.testdirName, 'other-name.json'));
  const fromSafetensors = await search(t, 'second', { start: { file: 'start.safetensors' } });
  const fromJson = await search(t, 'third', { start: { file: 'other-name.json' } });
  const identity = ({ trials }: typeof first) =>
    trials.map((trial) => [trial.key, trial.state === 'done' && trial.artifacts.best]);
  t.same(identity(fromJson), identity(fromSafetensors), 'equal weights, equal keys, equal bits');
  t.notSame(identity(fromJson), identity(first));
  const loss = ({ winner }: typeof first) =>
    winner === undefined ? Number.NaN : epochOf('validationAccuracy', winner.last).trainingLoss;
  t.ok(loss(fromJson) < loss(first), 'it starts where the first one ended');
});

t.test('the weights are a part of what a trial is, and of what a definition asks for', async (t) => {
  t.testdir();
  const keys = new Set<string>();
  for (const sizes of [[64, 4, 3]] as const) {
    for (const shift of [0, 1e-3]) {
      const model = sampleModel(sizes, { kind: 'pictures', rows: 8, columns: 8, pixels: '0-1' });
      const parameters = model.weights.parameters.map((weight) => weight + shift);
      const file = safetensorsOf({ ...model, weights: { ...model.weights, parameters } });
      writeFileSync(join(t.testdirName, 'start.safetensors'), file);
      const { trials } = await search(t, `shift-${shift}`, { start: { file: 'start.safetensors' } });
      for (const { key } of trials) keys.add(key);
    }
  }
  t.equal(keys.size, 4, 'two batch sizes from two starts');
});

t.test(
  'a search that started from a file goes on with it, and is another one with other weights',
  async (t) => {
    t.testdir();
    const pictures = { kind: 'pictures', rows: 8, columns: 8, pixels: '0-1' } as const;
    const model = sampleModel([64, 4, 3], pictures);
    const file = join(t.testdirName, 'start.safetensors');
    const start = { file: 'start.safetensors' };
    writeFileSync(file, safetensorsOf(model));
    const first = await search(t, 'one', { start });
    const again = await search(t, 'one', { start });
    t.equal(again.experimentId, first.experimentId);
    t.same(again.trials, first.trials, 'nothing was trained twice');
    const more = await search(t, 'one', { start, space: { learningRate: [0.05], batchSize: [10, 20, 30] } });
    t.equal(more.experimentId, first.experimentId, 'it may gain values');
    t.equal(more.trials.length, 3);

    const results = openReadOnly(join(t.testdirName, 'one', 'results.db'));
    const { rows } = results.query('SELECT DISTINCT start_sha256, start_forced FROM trial');
    results.close();
    t.same(rows, [[model.weights.sha256, 0]], 'the database says what they started from');

    const parameters = model.weights.parameters.map((weight) => weight / 2);
    writeFileSync(file, safetensorsOf({ ...model, weights: { ...model.weights, parameters } }));
    const other = await search(t, 'one', { start });
    t.not(other.experimentId, first.experimentId);
    t.notSame(
      other.trials.map(({ key }) => key),
      first.trials.map(({ key }) => key),
    );
  },
);

t.test('a definition may say which weights it means', async (t) => {
  t.testdir();
  const model = sampleModel([64, 4, 3], { kind: 'pictures', rows: 8, columns: 8, pixels: '0-1' });
  writeFileSync(join(t.testdirName, 'start.safetensors'), safetensorsOf(model));
  const { sha256 } = model.weights;
  const named = await search(t, 'named', { start: { file: 'start.safetensors', sha256 } });
  const unnamed = await search(t, 'unnamed', { start: { file: 'start.safetensors' } });
  t.same(
    named.trials.map(({ key }) => key),
    unnamed.trials.map(({ key }) => key),
  );
  for (const [wrong, expected] of [
    ['0'.repeat(64), { code: 'ERR_START_CHANGED', message: sha256 }],
    ['0'.repeat(63), { code: 'ERR_DEFINITION', message: /start.sha256 must be a SHA-256/ }],
  ] as const) {
    await t.rejects(search(t, 'wrong', { start: { file: 'start.safetensors', sha256: wrong } }), expected);
  }
});

t.test(
  'a file of another shape, a missing one and two starts are refused before anything is written',
  async (t) => {
    t.testdir();
    const pictures = { kind: 'pictures', rows: 8, columns: 8, pixels: '0-1' } as const;
    writeFileSync(join(t.testdirName, 'wide.safetensors'), safetensorsOf(sampleModel([64, 5, 3], pictures)));
    for (const [change, expected] of [
      [
        { start: { file: 'wide.safetensors' } },
        { code: 'ERR_MODEL_SHAPE', message: /64-5-3, but .* needs 64-4-3/ },
      ],
      [{ start: { file: 'none.json' } }, { code: 'ERR_MODEL_MISSING' }],
      [
        { start: { file: '' } },
        { code: 'ERR_DEFINITION', message: /start.file must be the path of a model/ },
      ],
      [
        { start: { file: 'wide.safetensors' }, model: { hidden: [5], initialWeights: 'normal' } },
        { code: 'ERR_DEFINITION', message: /both say how weights start/ },
      ],
    ] as const) {
      await t.rejects(search(t, 'refused', change), expected);
      t.throws(() => loadModel(join(t.testdirName, 'refused', 'bestmodel.json')), {
        code: 'ERR_MODEL_MISSING',
      });
    }
  },
);
