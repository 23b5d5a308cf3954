import t from 'tap';
import { weightsSha256 } from '../../src/train/weights-hash.ts';
import { loss, numericGradient } from './float64-network.ts';
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

const densities = { sparse: 0.3, dense: 0.8 };

for (const [form, density] of Object.entries(densities)) {
  for (const shape of [
    { inputs: 1, hidden: [], classes: 2 },
    { inputs: 9, hidden: [5], classes: 3 },
    { inputs: 16, hidden: [8, 4], classes: 4 },
    { inputs: 30, hidden: [3, 17, 6], classes: 10 },
  ]) {
    const { hidden, ...rows } = shape;
    t.test(
      `SIMD trains to the reference's bits (${form}, ${[rows.inputs, ...hidden, rows.classes]})`,
      async (t) => {
        const data = randomRows({ ...rows, density });
        for (const reduction of ['sum', 'mean'] as const) {
          for (const penalty of ['none', 'l1', 'l2'] as const) {
            for (const rowOrder of ['shuffled', 'natural'] as const) {
              const plan = planFor(data, { hidden, reduction, penalty, lambda: 0.01, rowOrder, epochs: 2 });
              const start = randomStart(plan);
              const simd = trainHere(data, plan, start, onSimd);
              t.same(simd, trainHere(data, plan, start, onReference), `${reduction} ${penalty} ${rowOrder}`);
              t.equal(simd.end.state, 'finished');
              t.not(simd.last.sha256, weightsSha256(start), 'it trained at all');
            }
          }
        }
      },
    );
  }
}

t.test('sparse and dense rows train to the same bits', async (t) => {
  const data = randomRows({ density: 0.4 });
  const plan = planFor(data);
  t.same(trainHere({ ...data, density: 1 }, plan), trainHere(data, plan));
});

for (const [what, batchSize] of [
  ['of its own for the rows that are left', 4],
  ['for each row', 1],
  ['for all rows where it is larger than they are', 50],
] as const) {
  for (const reduction of ['sum', 'mean'] as const) {
    t.test(`an epoch makes a step ${what} (${reduction})`, async (t) => {
      const data = randomRows({ inputs: 4, training: 7 });
      const params = { learningRate: 0.2, batchSize };
      const plan = planFor(data, { hidden: [3], params, reduction, rowOrder: 'natural', epochs: 1 });
      const start = randomStart(plan);
      const expected = Float64Array.from(start);
      for (let first = 0; first < 7; first += batchSize) {
        const rows = Array.from({ length: Math.min(batchSize, 7 - first) }, (_, k) => first + k);
        const setting = { reduction, penalty: 'none', lambda: 0 } as const;
        const gradient = numericGradient((at) => loss(data, plan.sizes, at, rows, setting), expected);
        for (const [i, slope] of gradient.entries()) expected[i] = (expected[i] as number) - 0.2 * slope;
      }
      const { last, curve } = trainHere(data, plan, start);
      const off = expected.map((value, i) => Math.abs(value - (last.parameters[i] as number)));
      t.ok(Math.max(...off) < 1e-5, `off by ${Math.max(...off)}`);

      const measure = (from: number, to: number) => {
        const rows = Array.from({ length: to - from }, (_, k) => from + k);
        return loss(data, plan.sizes, expected, rows, { reduction: 'mean', penalty: 'none', lambda: 0 });
      };
      t.ok(Math.abs((curve[0]?.trainingLoss ?? 0) - measure(0, 7)) < 1e-5, 'training loss');
      t.ok(Math.abs((curve[0]?.evaluationLoss ?? 0) - measure(7, 37)) < 1e-5, 'evaluation loss');
    });
  }
}

t.test('the penalty is part of the steps, and not of the losses that are measured', async (t) => {
  const data = randomRows();
  // A learning rate that moves no weight: the losses are those of the start.
  const still = { params: { learningRate: 1e-30, batchSize: 8 }, epochs: 1 };
  const plain = trainHere(data, planFor(data, still));
  t.same(trainHere(data, planFor(data, { ...still, penalty: 'l2', lambda: 5 })).curve, plain.curve);
});

t.test('rows are shuffled anew each epoch, by seed, purpose and replicate', async (t) => {
  const data = randomRows();
  const plan = planFor(data, { epochs: 2 });
  const start = randomStart(plan);
  const hash = (change: Partial<typeof plan>) => trainHere(data, { ...plan, ...change }, start).last.sha256;
  const hashes = [
    hash({}),
    hash({ seed: 2 }),
    hash({ replicate: 1 }),
    hash({ orderPurpose: 'final row order' }),
    hash({ rowOrder: 'natural' }),
  ];
  t.equal(new Set(hashes).size, hashes.length);
  t.equal(hash({}), hashes[0], 'and the same way every time');
});

t.test('a second epoch has an order of its own unless rows are in natural order', async (t) => {
  const data = randomRows();
  for (const rowOrder of ['shuffled', 'natural'] as const) {
    const plan = planFor(data, { rowOrder, epochs: 1 });
    const first = trainHere(data, plan);
    const firstAgain = trainHere(data, plan, first.last.parameters);
    const second = trainHere(data, { ...plan, epochs: 2 });
    t.equal(second.last.sha256 === firstAgain.last.sha256, rowOrder === 'natural', rowOrder);
  }
});

t.test('what an earlier training has left in the scratch changes nothing', async (t) => {
  const data = randomRows();
  const plan = planFor(data);
  const used = prepare(data, plan);
  for (const { buffer, scratch } of used.threads) {
    new Float32Array(buffer, scratch.order, (scratch.end - scratch.order) / 4).fill(3);
  }
  t.same(run(used), trainHere(data, plan));
});
