import t from 'tap';
import { outputsOf } from '../../src/dashboard/page/network.ts';
import { activationNames } from '../../src/kernel/activations.ts';
import { outputsFor } from '../../src/train/outputs.ts';
import { predict } from '../../src/train/predict.ts';
import { digits, pictures, sampleModel } from '../export/sample-models.ts';

const sigmoids = { activation: 'sigmoid', output: 'sigmoid' } as const;

const close = (got: ArrayLike<number>, wanted: readonly number[]) =>
  wanted.every((value, index) => Math.abs((got[index] ?? Number.NaN) - value) < 1e-9);

t.test('the outputs are those of the paper: a = b + W h, h = sigmoid(a), layer by layer', async (t) => {
  // weights1 (2 x 2), biases1 (2), weights2 (2 x 1), biases2 (1)
  const parameters = Float32Array.of(1, 2, -3, 0.5, 0.25, -1, 2, -2, 0.5);
  const g = (a: number) => 1 / (1 + Math.exp(-a));
  const hidden = [g(0.25 + 1 * 0.5 - 3 * 2), g(-1 + 2 * 0.5 + 0.5 * 2)] as const;
  const wanted = [g(0.5 + 2 * hidden[0] - 2 * hidden[1])];
  t.ok(close(outputsOf({ ...sigmoids, sizes: [2, 2, 1], parameters }, [0.5, 2]), wanted));
});

t.test('a network without hidden layers, and a blank picture, are read too', async (t) => {
  const parameters = Float32Array.of(1, 2, 3, 4, -1, 1);
  t.ok(
    close(outputsOf({ ...sigmoids, sizes: [2, 2], parameters }, [0, 0]), [
      1 / (1 + Math.E),
      1 / (1 + 1 / Math.E),
    ]),
  );
});

t.test('every activation and output is what training and predicting make of it', async (t) => {
  const rows = pictures(3);
  for (const activation of activationNames)
    for (const output of outputsFor('classes')) {
      const model = sampleModel([784, 20, 12, 10], digits, { activation, output });
      for (const [row, { outputs }] of predict(model, rows).entries()) {
        const input = rows.slice(784 * row, 784 * (row + 1)).map((pixel) => pixel / 255);
        const found = outputsOf({ ...model, ...model.weights }, input);
        const off = Math.max(...found.map((value, at) => Math.abs(value - (outputs[at] as number))));
        t.ok(off < 1e-6, `${activation}, ${output}: ${off}`);
      }
    }
});
