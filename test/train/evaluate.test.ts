import t from 'tap';
import type { Kernels } from '../../src/kernel/kernels.ts';
import { blockCount, control, controlWords } from '../../src/train/arena.ts';
import { blockMeasurer, measurementBlocks, type Thread } from '../../src/train/evaluate.ts';
import { paddedCount, padParameters } from '../../src/train/model.ts';
import {
  assistedBy,
  onReference,
  onSimd,
  type Prepared,
  planFor,
  prepare,
  randomRows,
  randomStart,
  run,
  trainHere,
} from './in-process.ts';

// 4 blocks of training rows and 3 of validation rows, the last of each not full.
const data = randomRows({ training: 900, validation: 600 });
const plan = planFor(data, { epochs: 3, params: { learningRate: 0.01, batchSize: 100 } });

for (const helpers of [1, 2, 6]) {
  for (const every of [1, 3]) {
    t.test(`${helpers} helpers joining at every block ${every} measure the same bits`, async (t) => {
      let blocks = 0;
      let depth = 0;
      // Whoever has claimed a block is overtaken by the next thread before it can write: blocks end in other orders.
      const overtaken = (kernels: Kernels): Kernels => ({
        ...kernels,
        loss(...block) {
          blocks++;
          if (blocks % every === 0 && depth < helpers) {
            depth++;
            const helper = prepared.threads[depth];
            if (helper !== undefined) blockMeasurer(helper, prepared.training)();
            depth--;
          }
          return kernels.loss(...block);
        },
      });
      const prepared: Prepared = prepare(
        data,
        plan,
        undefined,
        (memory) => overtaken(onSimd(memory)),
        1 + helpers,
      );
      t.same(run(prepared), trainHere(data, plan));
      const marked = blockCount(plan.evaluation);
      t.equal(
        blocks,
        7 * plan.epochs + marked,
        'each block is measured once an epoch, and once for the bit set',
      );
    });
  }
}

t.test('a wide first layer is measured by the weights of each epoch, laid out in tiles', async (t) => {
  const wide = planFor(data, { hidden: [60], epochs: 3, params: { learningRate: 0.01, batchSize: 100 } });
  let laidOut = 0;
  const counted = (memory: WebAssembly.Memory): Kernels => {
    const kernels = onSimd(memory);
    const tileWeights: Kernels['tileWeights'] = (...given) => {
      laidOut++;
      kernels.tileWeights(...given);
    };
    return { ...kernels, tileWeights };
  };
  t.same(run(prepare(data, wide, undefined, counted)), run(prepare(data, wide, undefined, onReference)));
  t.equal(laidOut, wide.epochs + 1, 'once an epoch, and once for the bit set');
});

t.test('who is still there when the next epoch is published measures it by its own weights', async (t) => {
  const wide = planFor(data, { hidden: [60] });
  const { memory, training, threads } = prepare(data, wide);
  const { arena, sizes } = training;
  const words = controlWords(memory.buffer, arena);
  const sums = new Float64Array(memory.buffer, arena.measured, 2 * measurementBlocks(training));
  const publish = (epoch: number) => {
    const snapshot = new Float32Array(memory.buffer, arena.snapshot, paddedCount(sizes));
    padParameters(sizes, randomStart({ ...wide, seed: epoch }), snapshot);
    words[control.trainedEpochs] = epoch;
    words[control.measuredBlocks] = 0;
    words[control.nextBlock] = 0;
  };
  publish(2);
  blockMeasurer(threads[0] as Thread, training)();
  const alone = sums.slice();
  publish(1);
  let isPublished = false;
  t.capture(Atomics, 'notify', () => {
    if (!isPublished) publish(2);
    isPublished = true;
    return 0;
  });
  blockMeasurer(threads[0] as Thread, training)();
  t.ok(isPublished);
  t.same(sums, alone);
});

for (const batch of [1, 4, 9]) {
  t.test(
    `an epoch measured by an assistant in mini-batch ${batch} of the next one has the same bits`,
    async (t) => {
      let batches = 0;
      const kernelsOn = (memory: WebAssembly.Memory): Kernels => {
        const kernels = onSimd(memory);
        return {
          ...kernels,
          descend(...step) {
            const [, helper] = prepared.threads;
            if (++batches % 9 === batch % 9 && helper !== undefined)
              blockMeasurer(helper, prepared.training)();
            kernels.descend(...step);
          },
        };
      };
      const prepared: Prepared = prepare(data, plan, undefined, kernelsOn, 2);
      assistedBy(1, prepared);
      t.same(run(prepared), trainHere(data, plan));
    },
  );
}

t.test('validation rows that are copies of the training rows give the same losses', async (t) => {
  const rows = randomRows({ training: 300, validation: 300 });
  rows.values.copyWithin(300 * rows.inputs, 0);
  rows.labels.copyWithin(300, 0);
  const copies = { ...rows, entries: rows.values.filter((pixel) => pixel > 0).length };
  for (const metrics of trainHere(copies, planFor(copies)).curve) {
    t.equal(metrics.evaluationLoss, metrics.trainingLoss);
    t.equal(metrics.evaluationAccuracy, metrics.trainingAccuracy);
  }
});

t.test('accuracy is the share of rows whose largest output is their class', async (t) => {
  const rows = randomRows({ inputs: 3, density: 1 });
  const sure = planFor(rows, { hidden: [], params: { learningRate: 1e-30, batchSize: 8 }, epochs: 1 });
  // Each class's output is its own pixel, by which the labels were chosen.
  const identity = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);
  t.match(trainHere(rows, sure, identity).curve, [{ trainingAccuracy: 1, evaluationAccuracy: 1 }]);
  const labels = rows.labels.map((label, row) => (row % 4 === 0 ? (label + 1) % 3 : label));
  t.match(trainHere({ ...rows, labels }, sure, identity).curve, [
    { trainingAccuracy: 30 / 40, evaluationAccuracy: 22 / 30 },
  ]);
});
