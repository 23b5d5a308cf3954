import t from 'tap';
import { parametersAt } from '../../src/train/arena-state.ts';
import { backward } from '../../src/train/backprop.ts';
import type { Thread } from '../../src/train/evaluate.ts';
import { layersAt, networkAt, strideOf, unpadParameters } from '../../src/train/model.ts';
import type { TrainingPlan } from '../../src/train/train.ts';
import { crossEntropy, inputsOf, numericGradient, preActivations } from './float64-network.ts';
import {
  onReference,
  onSimd,
  planFor,
  prepare,
  randomRows,
  randomStart,
  run,
  trainHere,
} from './in-process.ts';

const memory = new WebAssembly.Memory({ initial: 8, maximum: 8, shared: true });
const kernels = onSimd(memory);

/** What `drop` makes of ones. */
function masked(floats: number, rate: number, key: readonly [number, number], first = 0): Float32Array {
  new Float32Array(memory.buffer, 64, floats).fill(1);
  const dropping = { key, threshold: Math.floor(rate * 2 ** 32), scale: 1 / (1 - rate) };
  kernels.drop(64, 64, floats, first, dropping);
  return new Float32Array(memory.buffer, 64, floats).slice();
}

t.test('a mask is the same for ever', async (t) => {
  const mask = [...masked(32, 0.5, [12, 34])].map((x) => (x > 0 ? '1' : '0')).join('');
  t.equal(mask, '10011101111000101001000001110000');
});

t.test('as many numbers drop out as the rate says, and their mean stays', async (t) => {
  const count = 100_000;
  for (const rate of [0.1, 0.5, 0.8]) {
    const mask = masked(count, rate, [0x1234_5678, 0x9abc_def0]);
    const dropped = mask.filter((x) => x === 0).length / count;
    // Four standard deviations of a share of 100,000.
    t.ok(Math.abs(dropped - rate) < 4 * Math.sqrt((rate * (1 - rate)) / count), `${dropped} of ${rate}`);
    const mean = mask.reduce((sum, x) => sum + x, 0) / count;
    t.ok(Math.abs(mean - 1) < 4 * Math.sqrt(rate / (1 - rate) / count), `mean ${mean}`);
  }
});

t.test('other keys drop others, and neighbours drop out independently', async (t) => {
  const [one, other] = [masked(10_000, 0.5, [1, 2]), masked(10_000, 0.5, [1, 3])];
  const equal = one.filter((x, i) => x === other[i]).length;
  t.ok(Math.abs(equal - 5_000) < 200, `${equal}`);
  const pairs = one.filter((x, i) => x > 0 && (one[i + 1] ?? 0) > 0).length;
  t.ok(Math.abs(pairs - 2_500) < 200, `${pairs}`);
});

t.test('a mini-batch in parts has the mask of the whole', async (t) => {
  const whole = masked(64, 0.3, [5, 6]);
  t.same([...masked(24, 0.3, [5, 6]), ...masked(40, 0.3, [5, 6], 24)], [...whole]);
});

t.test('the gradient is that of the network without the units that dropped out', async (t) => {
  for (const activation of ['sigmoid', 'tanh', 'relu'] as const) {
    const data = randomRows({ inputs: 6, classes: 3, training: 8, density: 0.9 });
    const plan = planFor(data, { hidden: [7, 5], activation, dropout: 0.4 });
    const { sizes } = plan;
    const start = randomStart(plan);
    const { training, threads } = prepare(data, plan, start, onReference);
    const [{ kernels, buffer, scratch }] = threads as [Thread];
    const keys = [[1, 2] as const, [3, 4] as const];
    const batch = { order: training.naturalOrder, count: 4, dropout: { rate: 0.4, keys, firstRow: 0 } };
    const network = networkAt(training, training.arena.parameters);
    backward(kernels, network, training.rows, batch, layersAt(sizes, scratch.gradient), scratch);
    const got = unpadParameters(sizes, parametersAt(buffer, scratch.gradient, sizes));
    const masks = keys.map((key, layer) => masked(4 * strideOf(sizes[layer + 1] as number), 0.4, key));
    const loss = (parameters: ArrayLike<number>): number =>
      [0, 1, 2, 3].reduce((sum, row) => {
        const mask = (layer: number, unit: number) =>
          masks[layer]?.[row * strideOf(sizes[layer + 1] as number) + unit] as number;
        const outputs = preActivations(sizes, parameters, inputsOf(data, row), activation, mask);
        return sum + crossEntropy(outputs, data.labels[row] as number);
      }, 0);
    const wanted = numericGradient(loss, start);
    const off = Math.max(...wanted.map((value, i) => Math.abs(value - (got[i] as number))));
    t.ok(off < 2e-5, `${activation}: off by ${off}`);
  }
});

t.test('each epoch, replicate and seed drops others, and the same ones again', async (t) => {
  const data = randomRows();
  const plan = planFor(data, { dropout: 0.5, hidden: [6] });
  const last = (change: object = {}) => trainHere(data, { ...plan, ...change }).last.sha256;
  t.equal(last(), last());
  t.not(last({ dropout: 0 }), last());
  // With the rows in their own order, so that nothing else can differ.
  const natural = { rowOrder: 'natural' };
  const others = [{}, { replicate: 1 }, { seed: 2 }, { orderPurpose: 'final row order' }];
  const start = randomStart(plan);
  const hashes = others.map(
    (change) => trainHere(data, { ...plan, ...natural, ...change } as TrainingPlan, start).last.sha256,
  );
  t.equal(new Set(hashes).size, others.length);
  t.equal(run(prepare(data, plan, undefined, onReference)).last.sha256, last(), 'by the reference too');
});

t.test('a class counts as much as its weight', async (t) => {
  const data = randomRows({ classes: 3, training: 8, density: 0.9 });
  const classWeights = [0.5, 2, 3];
  const plan = planFor(data, { hidden: [4], classWeights });
  const { sizes } = plan;
  const start = randomStart(plan);
  const { training, threads } = prepare(data, plan, start);
  const [{ kernels, buffer, scratch }] = threads as [Thread];
  new Float32Array(buffer, scratch.classWeights, 3).set(classWeights);
  const batch = { order: training.naturalOrder, count: 8, classWeights: scratch.classWeights };
  const network = networkAt(training, training.arena.parameters);
  backward(kernels, network, training.rows, batch, layersAt(sizes, scratch.gradient), scratch);
  const got = unpadParameters(sizes, parametersAt(buffer, scratch.gradient, sizes));
  const wanted = numericGradient((parameters) => {
    let loss = 0;
    for (let row = 0; row < 8; row++) {
      const label = data.labels[row] as number;
      const outputs = preActivations(sizes, parameters, inputsOf(data, row));
      loss += (classWeights[label] as number) * crossEntropy(outputs, label);
    }
    return loss;
  }, start);
  t.ok(Math.max(...wanted.map((value, i) => Math.abs(value - (got[i] as number)))) < 5e-5);
});
