/** Trials that start from the weights in a file. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadModel } from '../../src/store/load-model.ts';
import { safetensorsOf } from '../../src/store/safetensors.ts';
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
    trials.map((trial) => [trial.key, trial.state === 'done' && trial.weightsSha256]);
  t.same(identity(fromJson), identity(fromSafetensors), 'equal weights, equal keys, equal bits');
  t.notSame(identity(fromJson), identity(first));
  const loss = ({ winner }: typeof first) => winner?.last.trainingLoss ?? Number.NaN;
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
