import t, { type Test } from 'tap';
import type { LoadedData } from '../../src/data/dataset.ts';
import { activationNames } from '../../src/kernel/activations.ts';
import type { Kernels } from '../../src/kernel/kernels.ts';
import type { Address } from '../../src/kernel/layout.ts';
import { parametersAt } from '../../src/train/arena-state.ts';
import { backward } from '../../src/train/backprop.ts';
import type { Thread } from '../../src/train/evaluate.ts';
import {
  layersAt,
  type NetworkFunctions,
  networkAt,
  paddedCount,
  parameterBlocks,
  unpadParameters,
} from '../../src/train/model.ts';
import { descend, plainDescent, type Step } from '../../src/train/optimizer.ts';
import { outputNames } from '../../src/train/outputs.ts';
import { crossEntropy, inputsOf, loss, numericGradient, preActivations, sigmoid } from './float64-network.ts';
import {
  onReference,
  type Prepared,
  planFor,
  prepare,
  randomRows,
  randomStart,
  withTargets,
} from './in-process.ts';

/** Odd sizes, no, one, two and three hidden layers; rows as lists of their non-blank pixels, and whole. */
const cases = [
  { hidden: [], inputs: 5, classes: 3, density: 0.3 },
  { hidden: [1], inputs: 1, classes: 2, density: 0.9 },
  { hidden: [7], inputs: 9, classes: 3, density: 0.3 },
  { hidden: [4, 3], inputs: 6, classes: 5, density: 0.9 },
  { hidden: [3, 6, 5], inputs: 7, classes: 4, density: 0.3 },
] as const;

/** What a float32 gradient of such nets may be off; a wrong term would be off by the size of the gradient. */
const tolerance = 1e-5;

function closeTo(t: Test, got: ArrayLike<number>, wanted: Float64Array): void {
  const size = Math.max(1, ...wanted.map(Math.abs));
  const off = wanted.map((value, i) => Math.abs(value - (got[i] as number)) / size);
  t.equal(got.length, wanted.length);
  t.ok(Math.max(...off) < tolerance, `off by ${Math.max(...off)}`);
  t.ok(
    wanted.some((value) => Math.abs(value) > 100 * tolerance),
    'the gradient is not all 0',
  );
}

/** Rows 3 to 12 of a data set as one batch, which starts in the middle to show that row numbers count. */
const rows = Array.from({ length: 10 }, (_, k) => k + 3);

/** Leaves the gradient of `count` of the rows in the scratch of the only thread. */
function backwardOver({ training, threads }: Prepared, count = rows.length): Thread {
  const { sizes, arena } = training;
  const [thread] = threads as [Thread];
  const { kernels, scratch, buffer } = thread;
  parametersAt(buffer, scratch.gradient, sizes).fill(0);
  const order: Address = training.naturalOrder + 4 * (rows[0] as number);
  const [network, gradient] = [networkAt(training, arena.parameters), layersAt(sizes, scratch.gradient)];
  backward(kernels, network, training.rows, { order, count }, gradient, scratch);
  return thread;
}

const setUp = ({ hidden, ...shape }: (typeof cases)[number], functions: Partial<NetworkFunctions> = {}) => {
  const pictures = randomRows({ ...shape, training: 20, validation: 3 });
  const data = functions.output === 'linear' ? withTargets(pictures) : pictures;
  const plan = planFor(data, { ...functions, hidden, params: { learningRate: 1, batchSize: rows.length } });
  const start = randomStart(plan);
  return { data, sizes: plan.sizes, start, prepared: prepare(data, plan, start, onReference) };
};

for (const shape of cases) {
  const name = `${[shape.inputs, ...shape.hidden, shape.classes].join('-')}, density ${shape.density}`;

  t.test(`backward() gives the gradient of the summed loss (${name})`, async (t) => {
    const { data, sizes, start, prepared } = setUp(shape);
    const { buffer, scratch } = backwardOver(prepared);
    const gradient = unpadParameters(sizes, parametersAt(buffer, scratch.gradient, sizes));
    closeTo(t, gradient, lossGradient(data, sizes, start, { reduction: 'sum', penalty: 'none', lambda: 0 }));
  });

  for (const reduction of ['sum', 'mean'] as const) {
    for (const [penalty, lambda] of [
      ['none', 0],
      ['l1', 0.3],
      ['l2', 0.3],
    ] as const) {
      t.test(`one step descends the ${reduction} of the loss, penalty ${penalty} (${name})`, async (t) => {
        const { data, sizes, start, prepared } = setUp(shape);
        const step = { learningRate: 1, divisor: reduction === 'sum' ? 1 : rows.length, penalty, lambda };
        const moved = afterStep(prepared, step);
        const went = start.map((before, i) => before - (moved[i] as number));
        closeTo(t, went, lossGradient(data, sizes, start, { reduction, penalty, lambda }));
      });
    }
  }

  t.test(`the loss's gradient at an output's pre-activation is its prediction - y (${name})`, async (t) => {
    const { data, sizes, start, prepared } = setUp(shape);
    const [row] = rows as [number];
    const label = data.labels[row] as number;
    const outputs = preActivations(sizes, start, inputsOf(data, row));
    const numeric = numericGradient((a) => crossEntropy([...a], label), outputs);
    const formula = outputs.map((a, j) => sigmoid(a) - (j === label ? 1 : 0));
    closeTo(t, formula, numeric);
    // A bias is added to its pre-activation, so one row's gradient at the biases is that at the pre-activations.
    const { buffer, scratch } = backwardOver(prepared, 1);
    const { offset, cols } = parameterBlocks(sizes).at(-1) as { offset: number; cols: number };
    closeTo(t, parametersAt(buffer, scratch.gradient, sizes).slice(offset, offset + cols), numeric);
  });
}

for (const activation of activationNames) {
  for (const output of outputNames) {
    for (const shape of cases) {
      for (const penalty of ['none', 'l1', 'l2'] as const) {
        const name = `${activation}, ${output}, penalty ${penalty}, ${shape.hidden.length} hidden layers`;
        t.test(`one step descends the loss (${name})`, async (t) => {
          const { data, sizes, start, prepared } = setUp(shape, { activation, output });
          const setting = { reduction: 'sum', penalty, lambda: 0.3, activation, output } as const;
          const moved = afterStep(prepared, { learningRate: 1, divisor: 1, ...setting });
          const went = start.map((before, i) => before - (moved[i] as number));
          closeTo(t, went, lossGradient(data, sizes, start, setting));
        });
      }
    }
  }
}

t.test('a step leaves the gradient and all padding at 0', async (t) => {
  const { sizes, prepared } = setUp(cases[4]);
  const moved = afterStep(prepared, { learningRate: 1, divisor: 1, penalty: 'l1', lambda: 0.3 });
  const [{ buffer, scratch }] = prepared.threads as [Thread];
  t.ok(parametersAt(buffer, scratch.gradient, sizes).every((value) => value === 0));
  const padded = parametersAt(buffer, prepared.training.arena.parameters, sizes);
  t.equal(padded.filter((value) => value !== 0).length, moved.length);
});

t.test('neither penalty moves a parameter that is 0', async (t) => {
  const data = randomRows();
  const plan = planFor(data);
  for (const penalty of ['l1', 'l2'] as const) {
    const zeros = randomStart(plan).fill(0);
    const prepared = prepare(data, plan, zeros, onReference);
    const [{ kernels, buffer, scratch }] = prepared.threads as [Thread];
    const { arena, sizes } = prepared.training;
    const by = { learningRate: 1, divisor: 1, penalty, lambda: 0.3 };
    step(kernels, arena.parameters, scratch.gradient, paddedCount(sizes), by);
    t.same(unpadParameters(sizes, parametersAt(buffer, arena.parameters, sizes)), zeros);
  }
});

function lossGradient(
  data: LoadedData,
  sizes: readonly number[],
  start: Float32Array,
  setting: Parameters<typeof loss>[4],
): Float64Array {
  return numericGradient((parameters) => loss(data, sizes, parameters, rows, setting), start);
}

/** A step of plain descent. */
function step(kernels: Kernels, parameters: Address, gradient: Address, floats: number, by: PlainStep): void {
  const stepped = { parameters, gradient, floats, moments: [] };
  descend(kernels, stepped, { ...by, optimizer: plainDescent, decayed: { beta1: 0, beta2: 0 } });
}

type PlainStep = Omit<Step, 'optimizer' | 'decayed'>;

function afterStep(prepared: Prepared, by: PlainStep): Float32Array {
  const { sizes, arena } = prepared.training;
  const { kernels, buffer, scratch } = backwardOver(prepared);
  step(kernels, arena.parameters, scratch.gradient, paddedCount(sizes), by);
  return unpadParameters(sizes, parametersAt(buffer, arena.parameters, sizes));
}
