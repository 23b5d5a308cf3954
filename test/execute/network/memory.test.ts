import t from 'tap';
import { dataBytes } from '../../../src/data/placement.ts';
import { allocate, type PlanShape } from '../../../src/execute/network/memory.ts';
import { denseScratchBytes } from '../../../src/kernel/kernels.ts';
import { arenaBlocks, place, scratchBlocks } from '../../../src/train/arena.ts';
import { parametersAt } from '../../../src/train/arena-state.ts';
import { planFor, randomRows } from '../../train/in-process.ts';

const shapeFor = (...given: Parameters<typeof planFor>): PlanShape => {
  const plan = planFor(...given);
  return { ...plan, batchSize: plan.params.batchSize };
};

interface Stretch {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** Everything that trainings of a shape use, in the order of their addresses. */
function stretches(memory: ReturnType<typeof allocate>, shape: PlanShape, dataLength: number): Stretch[] {
  const { board, naturalOrder, rows, arenas, scratches } = memory;
  const trainingRows = shape.training.to - shape.training.from;
  const blocks = (what: string, list: readonly { name: string; bytes: number }[], address: number) => {
    const places: Record<string, number> = place(list, address);
    return list.map(({ name, bytes }) => {
      const from = places[name] as number;
      return { what: `${what} ${name}`, from, to: from + bytes };
    });
  };
  return [
    { what: 'board', from: board.byteOffset, to: board.byteOffset + board.byteLength },
    { what: 'data', from: rows.labels, to: rows.labels + dataLength },
    { what: 'natural order', from: naturalOrder, to: naturalOrder + 4 * rows.count },
    ...arenas.flatMap((address, slot) => blocks(`arena ${slot}`, arenaBlocks(shape), address)),
    ...scratches.flatMap((address, thread) =>
      blocks(`scratch ${thread}`, scratchBlocks({ ...shape, trainingRows, form: rows.form.kind }), address),
    ),
  ].sort((a, b) => a.from - b.from);
}

for (const [threads, density] of [
  [1, 0.3],
  [3, 0.3],
  [4, 0.9],
] as const) {
  t.test(
    `no two blocks overlap or share a cache line (${threads} threads, density ${density})`,
    async (t) => {
      const data = randomRows({ inputs: 13, training: 301, validation: 17, density });
      const small = shapeFor(data, { hidden: [3], epochs: 50, params: { learningRate: 1, batchSize: 301 } });
      const large = shapeFor(data, { hidden: [33, 7], epochs: 3 });
      const memory = allocate(data, [small, large], threads, 2 * threads - 1);
      for (const shape of [small, large]) {
        let end = 64;
        for (const { what, from, to } of stretches(memory, shape, dataBytes(data))) {
          t.equal(from % 64, 0, `${what} is aligned`);
          t.ok(from >= end, `${what} begins at ${from}, after ${end}`);
          end = to;
        }
        t.ok(end <= memory.memory.buffer.byteLength);
      }
      t.ok(memory.memory.buffer instanceof SharedArrayBuffer);
    },
  );
}

t.test('a thread has room for what rows of its form need, and for nothing of the other form', async (t) => {
  const [inputs, units] = [1_000, 64];
  for (const [density, form, wanted] of [
    [0.9, 'dense', { wide: 0, tiled: 0, inputs: 4 * 256 * inputs }],
    [0.1, 'sparse', { tiled: 4 * inputs * units, inputs: 0, panels: denseScratchBytes(256, units, units) }],
  ] as const) {
    const data = randomRows({ inputs, density });
    const shape = shapeFor(data, { hidden: [units] });
    const blocks = scratchBlocks({ ...shape, trainingRows: 40, form });
    t.match(Object.fromEntries(blocks.map(({ name, bytes }) => [name, bytes])), wanted);
    const { scratches } = allocate(data, [shape], 2, 1);
    t.equal((scratches[1] as number) - (scratches[0] as number), place(blocks, 0).end, form);
  }
});

t.test('natural order is 0, 1, 2, ... for all rows', async (t) => {
  const data = randomRows();
  const { memory, naturalOrder } = allocate(data, [shapeFor(data)], 1, 1);
  const order = new Uint32Array(memory.buffer, naturalOrder, 70);
  t.ok(order.every((row, index) => row === index));
});

t.test('more than 4 GiB is refused with the sum, before any of it is allocated', async (t) => {
  const data = randomRows();
  const shape = shapeFor(data, { hidden: [20_000, 20_000] });
  t.throws(() => allocate(data, [shapeFor(data), shape], 1, 1), {
    code: 'ERR_MEMORY',
    exitCode: 2,
    // 20,000 x 20,000 float32 five times: parameters, snapshot and best; gradient and transposed weights. The kernels' panels are 20.2 MiB.
    message:
      /^This needs 7693\.9 MiB of shared memory, but at most 4096\.0 MiB can be shared: 0\.0 MiB for the data set \+ 1 trials under way x 4581\.1 MiB \+ 1 threads x 3112.9 MiB\. Use fewer/,
  });
  t.throws(() => allocate(data, [shapeFor(data)], 1_000_000, 1), { code: 'ERR_MEMORY' }, 'too many threads');
});

t.test('a large memory has room for the last byte of every trial', async (t) => {
  const data = randomRows();
  const shape = shapeFor(data, { hidden: [3_000] });
  const { memory, arenas } = allocate(data, [shape], 2, 2);
  const arena = place(arenaBlocks(shape), arenas[1] as number);
  t.equal(parametersAt(memory.buffer, arena.best, shape.sizes).at(-1), 0);
});

t.test('a training fits if it is no larger than one of those the memory was laid out for', async (t) => {
  const data = randomRows();
  const shape = shapeFor(data, { hidden: [50], epochs: 10 });
  const { fits } = allocate(data, [shape], 1, 1);
  t.ok(fits(shape));
  t.ok(fits({ ...shape, sizes: [9, 49, 3], epochs: 9, batchSize: 1 }));
  t.notOk(fits({ ...shape, sizes: [9, 60, 3] }));
  t.notOk(fits({ ...shape, epochs: 1_000 }));
  t.notOk(fits({ ...shape, batchSize: 1_000 }));
});
