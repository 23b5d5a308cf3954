import t from 'tap';
import { activationNames } from '../../src/kernel/activations.ts';
import type { Kernels } from '../../src/kernel/kernels.ts';
import type { Thread } from '../../src/train/evaluate.ts';
import { expectEqualTraining, selfCheck } from '../../src/train/self-check.ts';
import { train } from '../../src/train/train.ts';
import { onSimd, planFor, prepare, randomRows, run } from './in-process.ts';

const problems = {
  'sparse rows, two hidden layers': { density: 0.4, hidden: [7, 5] },
  'dense rows': { density: 0.9, hidden: [6] },
  'a first layer that is updated input by input': { density: 0.3, hidden: [100] },
} as const;

/** Kernels of which one leaves a wrong number behind, or gives one back. */
const withFault = (kernels: Kernels, name: keyof Kernels, at: (given: readonly number[]) => number) =>
  ({
    ...kernels,
    [name]: (...given: never[]) => {
      const result = (kernels[name] as (...given: never[]) => number | undefined)(...given);
      const address = at(given);
      if (Number.isNaN(address)) return (result ?? 0) + 1;
      floats[address / 4] = (floats[address / 4] as number) + 1;
      return result;
    },
  }) as Kernels;
let floats: Float32Array = new Float32Array();

for (const [name, { density, hidden }] of Object.entries(problems)) {
  t.test(`${name}: right kernels pass, and a training is the same with and without the check`, async (t) => {
    const data = randomRows({ density, training: 300 });
    const plan = planFor(data, { hidden, penalty: 'l2', lambda: 0.01, epochs: 3 });
    const plain = run(prepare(data, plan));
    const prepared = prepare(data, plan);
    const [thread] = prepared.threads as [Thread];
    let checks = 0;
    const afterEpoch = () => {
      expectEqualTraining(thread, prepared.training);
      checks += 1;
    };
    t.same(run(prepared, { ...thread, afterEpoch }), plain);
    t.equal(checks, 3);
  });
}

t.test('a first layer that gives other bits for many rows alone is found too', async (t) => {
  const data = randomRows({ training: 300, density: 0.3 });
  const { training, threads, memory } = prepare(data, planFor(data, { hidden: [40] }));
  const kernels = onSimd(memory);
  const wrong: Kernels['forwardSparse'] = (order, count, rows, layer, output, scratch) => {
    kernels.forwardSparse(order, count, rows, layer, output, scratch);
    if (count >= 64) new Float32Array(memory.buffer, output, 1).fill(1);
  };
  t.throws(
    () =>
      expectEqualTraining(
        { ...(threads[0] as Thread), kernels: { ...kernels, forwardSparse: wrong } },
        training,
      ),
    { code: 'ERR_MACHINE', message: /its forwardSparse gives other bits/ },
  );
});

t.test('each kernel that gives other bits is named', async (t) => {
  // Where each kernel writes, as its arguments say.
  const writes: Partial<Record<keyof Kernels, (given: readonly number[]) => number>> = {
    forwardSparse: (given) => given[4] as number,
    forwardDense: (given) => given[4] as number,
    ...Object.fromEntries(activationNames.map((name) => [name, (given: readonly number[]) => given[0]])),
    ...Object.fromEntries(
      activationNames.map((name) => [`${name}Deltas`, (given: readonly number[]) => given[6]]),
    ),
    outputDeltas: (given) => given[4] as number,
    softmaxDeltas: (given) => given[4] as number,
    transpose: (given) => given[1] as number,
    descend: (given) => given[0] as number,
    decayL1: (given) => given[0] as number,
    updateSparse: (given) => (given[4] as unknown as { weights: number }).weights,
    updateDense: (given) => (given[4] as unknown as { weights: number }).weights,
    loss: () => Number.NaN,
    softmaxLoss: () => Number.NaN,
    countEqual: () => Number.NaN,
  };
  const data = randomRows({ training: 50 });
  for (const [kernel, at] of Object.entries(writes)) {
    const [activation = 'sigmoid'] = activationNames.filter((name) => kernel.startsWith(name));
    const output = kernel.startsWith('softmax') ? 'softmax' : 'sigmoid';
    const settings = { activation, output, penalty: 'l1', lambda: 0.01 } as const;
    const plan = planFor(data, { hidden: [5, 4], ...settings });
    const { training, threads, memory } = prepare(data, plan);
    floats = new Float32Array(memory.buffer);
    const kernels = withFault(onSimd(memory), kernel as keyof Kernels, at);
    const before = new Uint8Array(memory.buffer).slice();
    t.throws(
      () => expectEqualTraining({ ...(threads[0] as Thread), kernels }, training),
      { code: 'ERR_MACHINE', message: new RegExp(`its ${kernel} gives other bits`) },
      kernel,
    );
    const { arena } = training;
    const parameters = new Uint8Array(memory.buffer, arena.parameters, arena.snapshot - arena.parameters);
    t.same(parameters, before.subarray(arena.parameters, arena.snapshot), 'and nothing is changed');
  }
});

t.test(
  'each network shape is checked once it is compiled for speed, and a short first training at its end',
  async (t) => {
    const data = randomRows({ training: 40 });
    const check = selfCheck();
    const checkedAt = (batchSize: number, epochs: number): number[] => {
      const plan = planFor(data, { epochs, params: { learningRate: 0.1, batchSize } });
      const { training, threads, memory } = prepare(data, plan);
      let uses = 0;
      const kernels = onSimd(memory);
      const counted: Kernels = {
        ...kernels,
        countEqual: (...given) => {
          uses += 1;
          return kernels.countEqual(...given);
        },
      };
      const [thread] = threads as [Thread];
      const checked: number[] = [];
      const checkAfter = check({ ...thread, kernels: counted }, training);
      const afterEpoch = (epoch: number) => {
        const before = uses;
        checkAfter(epoch);
        if (uses > before) checked.push(epoch);
      };
      train({ ...thread, afterEpoch }, training);
      return checked;
    };
    t.same(
      checkedAt(8, 2),
      [2],
      'a first training of few mini-batches: five an epoch, and two blocks measured',
    );
    t.same(checkedAt(8, 3), [], 'not again while it is young');
    t.same(checkedAt(8, 50), [6], 'with the seventieth call');
    t.same(checkedAt(10, 50), [], 'never again, whatever the batch size');
  },
);

t.test('numbers that are not finite are no fault of the kernels', async (t) => {
  const data = randomRows();
  const plan = planFor(data, { params: { learningRate: 1e38, batchSize: 8 } });
  const { training, threads } = prepare(data, plan);
  const [thread] = threads as [Thread];
  const afterEpoch = () => expectEqualTraining(thread, training);
  t.doesNotThrow(() => train({ ...thread, afterEpoch }, training));
});
