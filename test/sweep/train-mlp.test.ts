import { writeFileSync } from 'node:fs';
import t from 'tap';
import { loadModel } from '../../src/model/load-model.ts';
import { safetensorsOf } from '../../src/model/safetensors.ts';
import { trainMlp } from '../../src/sweep/train-mlp.ts';
import { predict } from '../../src/train/predict.ts';

/** Two clouds of points, 30 rows each. */
const inputs = Float32Array.from({ length: 120 }, (_, at) => ((at >> 1) % 2) * 4 + Math.sin(at * 12.9898));
const labels = Uint8Array.from({ length: 60 }, (_, row) => row % 2);
const validation = { inputs: inputs.slice(0, 20), labels: labels.slice(0, 10) };
const options = { inputs, labels, validation, hidden: [3], learningRate: 0.1, batchSize: 10, epochs: 20 };

t.test('a network learns arrays, and its model predicts raw rows', async (t) => {
  const before = inputs.slice();
  const { model, curve, best, last } = await trainMlp({ ...options, classes: ['left', 'right'] });
  t.equal(curve.length, 20);
  t.same(last, curve.at(-1));
  t.same(
    best,
    curve.find(({ epoch }) => epoch === best.epoch),
  );
  t.equal(best.evaluationAccuracy, 1);
  const names = predict(model, inputs).map(({ name }) => name);
  t.same(
    names,
    [...labels].map((label) => ['left', 'right'][label]),
  );
  t.same(inputs, before, 'the arrays are not changed');
});

t.test('equal options give equal bits, another seed others', async (t) => {
  const hash = async (seed: number) => (await trainMlp({ ...options, seed })).model.weights.sha256;
  const [one, again, other] = [await hash(1), await hash(1), await hash(2)];
  t.equal(again, one);
  t.not(other, one);
});

t.test('a trained model can be saved and read again', async (t) => {
  const { model } = await trainMlp(options);
  const path = `${t.testdir()}/model.safetensors`;
  writeFileSync(path, safetensorsOf(model));
  t.strictSame(predict(loadModel(path), inputs), predict(model, inputs));
});

t.test('options that do not fit are refused with what is allowed', async (t) => {
  for (const [change, expected] of [
    [
      { learningRate: -1 },
      { code: 'ERR_DEFINITION', message: /^\s+learningRate must be .* greater than 0/m },
    ],
    [
      { batchSize: 61 },
      {
        code: 'ERR_DEFINITION',
        message: /^\s+batchSize must be .* from 1 to 60 \(the training rows\), but got 61/m,
      },
    ],
    [{ epochs: 0 }, { code: 'ERR_DEFINITION', message: /^\s+epochs must be/m }],
    [{ lambda: 1 }, { code: 'ERR_DEFINITION', message: /^\s+lambda needs penalty "l1"/m }],
    [{ labels: labels.slice(1) }, { code: 'ERR_ARRAYS' }],
    [
      { validation: { inputs: [], labels: [] } },
      { code: 'ERR_ARRAYS', message: /validation\.labels .* empty/ },
    ],
  ] as const) {
    await t.rejects(trainMlp({ ...options, ...change }), expected);
  }
});

t.test('a training that diverges, and one that is stopped, have no model', async (t) => {
  const wild = { ...options, learningRate: 3e38, scaling: 'none' } as const;
  await t.rejects(trainMlp(wild), { code: 'ERR_DIVERGED', message: /Take a learning rate smaller/ });
  const signal = AbortSignal.timeout(50);
  await t.rejects(trainMlp({ ...options, epochs: 100_000, signal }), { name: 'TimeoutError' });
});
