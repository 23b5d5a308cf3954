import t from 'tap';
import { crossEntropy, expMinusAbs, log1p, logOf1Plus, sigmoid, tanh } from '../../src/kernel/float32.ts';
import { referenceKernels } from '../../src/kernel/reference.ts';
import { kernelsContract, memoryBytes } from '../contracts/kernels-contract.ts';

/** The distance between neighbouring float32 numbers around x. */
const ulp = (x: number): number => 2 ** (Math.floor(Math.log2(Math.abs(x))) - 23);

/** The largest and the mean error of `found` against `truth`, in ulps of the truth, on even steps from `from` to `to`. */
function errors(from: number, to: number, found: (x: number) => number, truth: (x: number) => number) {
  const steps = 100_000;
  let largest = 0;
  let sum = 0;
  for (let step = 1; step < steps; step++) {
    const x = Math.fround(from + ((to - from) * step) / steps);
    const error = (found(x) - truth(x)) / ulp(truth(x));
    largest = Math.max(largest, Math.abs(error));
    sum += error;
  }
  return { largest, mean: sum / steps };
}

const trueSigmoid = (a: number): number => 1 / (1 + Math.exp(-a));
const trueSoftplus = (a: number): number => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));

for (const { name, from, to, found, truth, ulps } of [
  { name: 'exp', from: -70, to: 0, found: expMinusAbs, truth: Math.exp, ulps: 1 },
  { name: 'log1p', from: 0, to: 1, found: log1p, truth: Math.log1p, ulps: 1.6 },
  { name: 'sigmoid below 0', from: -70, to: 0, found: sigmoid, truth: trueSigmoid, ulps: 2.5 },
  { name: 'sigmoid above 0', from: 0, to: 70, found: sigmoid, truth: trueSigmoid, ulps: 1.6 },
  { name: 'tanh', from: -12, to: -0.6, found: tanh, truth: Math.tanh, ulps: 2 },
  { name: 'tanh near 0', from: 1e-4, to: 0.63, found: tanh, truth: Math.tanh, ulps: 2 },
  { name: 'log(1 + x)', from: 0, to: 65_535, found: logOf1Plus, truth: Math.log1p, ulps: 2 },
  {
    name: 'the loss of label 0',
    from: -60,
    to: 60,
    found: (a: number) => crossEntropy(a, 0),
    truth: trueSoftplus,
    ulps: 2.5,
  },
  {
    name: 'the loss of label 1',
    from: -60,
    to: 60,
    found: (a: number) => crossEntropy(a, 1),
    truth: (a: number) => trueSoftplus(-a),
    ulps: 2.5,
  },
]) {
  t.test(`${name} is within ${ulps} ulp of float64 and unbiased`, async (t) => {
    const { largest, mean } = errors(from, to, found, truth);
    t.ok(largest <= ulps, `largest error ${largest} ulp`);
    t.ok(Math.abs(mean) < 0.05, `mean error ${mean} ulp`);
  });
}

t.test('the sigmoid saturates exactly, so that no delta of a saturated unit is denormal', async (t) => {
  t.equal(sigmoid(Number.NEGATIVE_INFINITY), 0);
  t.equal(sigmoid(-88), 0);
  t.equal(sigmoid(88), 1);
  t.equal(sigmoid(Number.POSITIVE_INFINITY), 1);
});

t.test('tanh saturates exactly, and keeps its sign', async (t) => {
  t.same([-100, -9.2, 9.2, 100].map(tanh), [-1, -1, 1, 1]);
  t.equal(tanh(0), 0);
  t.equal(tanh(Number.NEGATIVE_INFINITY), -1);
  t.ok(Number.isNaN(tanh(Number.NaN)));
});

t.test('the sigmoid of either zero is one half, and of NaN is NaN', async (t) => {
  t.equal(sigmoid(0), 0.5);
  t.equal(sigmoid(-0), 0.5);
  t.ok(Number.isNaN(sigmoid(Number.NaN)));
});

t.test('the sigmoid rises with its argument across its range', async (t) => {
  let before = 0;
  for (let step = -90_000; step <= 90_000; step++) {
    const found = sigmoid(Math.fround(step / 1000));
    if (found < before) t.fail(`sigmoid(${step / 1000})`);
    before = found;
  }
  t.equal(before, 1);
});

t.test('a network of one unit by hand', async (t) => {
  const buffer = new ArrayBuffer(256);
  const kernels = referenceKernels(buffer);
  const floats = new Float32Array(buffer);
  const layer = { inputs: 2, units: 1, stride: 4, weights: 0, biases: 32 };
  floats[0] = 0.5;
  floats[4] = -0.25;
  floats[8] = 1;
  floats.set([2, 4], 12);
  kernels.forwardDense(48, 4, 1, layer, 64, 0);
  t.equal(floats[16], 1 + 2 * 0.5 - 4 * 0.25);
  // Row 0 of the order at 80 has label 0 at 84, so y = 1: the loss is log(1 + 1/e), the delta sigmoid(1) - 1.
  t.ok(Math.abs(kernels.loss(84, 1, layer, 64, 96, 85) - Math.log1p(1 / Math.E)) < 1e-7);
  kernels.outputDeltas(80, 84, 1, layer, 64);
  t.ok(Math.abs((floats[16] as number) + 1 / (1 + Math.E)) < 1e-7);
  floats[16] = 0.5;
  kernels.updateDense(48, 4, 1, 64, layer, 0);
  t.same([floats[0], floats[4], floats[8]], [1.5, 1.75, 1.5]);
});

const one = new ArrayBuffer(memoryBytes);
const other = new ArrayBuffer(memoryBytes);
kernelsContract(
  t,
  { buffer: one, kernels: referenceKernels(one) },
  { buffer: other, kernels: referenceKernels(other) },
);
