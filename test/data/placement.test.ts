import { join } from 'node:path';
import t from 'tap';
import { type LoadedData, loadData } from '../../src/data/dataset.ts';
import { pixelRoomBytes } from '../../src/data/pixel-rows.ts';
import { dataBytes, denseAbove, layOut, sharedPictures, writeRows } from '../../src/data/placement.ts';
import type { SparseRows } from '../../src/kernel/layout.ts';
import type { RowsInMemory } from '../../src/train/model.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';

const address = 48;

async function load(folder: string, pixels: '0-1' | 'raw' = '0-1'): Promise<LoadedData> {
  writeTinyIdx(join(folder, 'tiny'), { rows: 5, columns: 3 });
  return loadData({ source: 'idx', folder: 'tiny', pixels, train: [0, 70], validation: [70, 120] }, folder);
}

/** Places data in memory that held something else before. */
function place(data: LoadedData): { placed: RowsInMemory; buffer: SharedArrayBuffer } {
  const room = address + dataBytes(data) + 16;
  const pages = Math.ceil((room + pixelRoomBytes) / 65_536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  new Uint8Array(buffer).fill(0xa5);
  const placed = layOut(data, buffer, address);
  writeRows(data, placed, memory, room);
  return { placed, buffer };
}

/** What a kernel sees: (count x inputs). */
function read({ form, count, inputs }: RowsInMemory, buffer: SharedArrayBuffer): Float32Array {
  const seen = new Float32Array(count * inputs);
  if (form.kind === 'dense') {
    const rows = new Float32Array(buffer, form.rows, count * form.stride);
    return seen.map((_, at) => rows[Math.floor(at / inputs) * form.stride + (at % inputs)] as number);
  }
  const start = new Uint32Array(buffer, form.rows.start, count + 1);
  const entries = start[count] as number;
  const index = new Uint16Array(buffer, form.rows.index, entries);
  const value = valuesOf(form.rows, entries, buffer);
  for (let row = 0; row < count; row++) {
    for (let entry = start[row] as number; entry < (start[row + 1] as number); entry++) {
      seen[row * inputs + (index[entry] as number) / 2] = value[entry] as number;
    }
  }
  return seen;
}

function valuesOf({ value, table }: SparseRows, entries: number, buffer: SharedArrayBuffer): Float32Array {
  if (table === undefined) return new Float32Array(buffer, value, entries);
  const meant = new Float32Array(buffer, table, 256);
  return Float32Array.from(new Uint8Array(buffer, value, entries), (byte) => meant[byte] as number);
}

function sparseRows({ form }: RowsInMemory): SparseRows {
  if (form.kind !== 'sparse') throw new Error(`rows are ${form.kind}`);
  return form.rows;
}

const dense = (data: LoadedData): LoadedData => ({ ...data, density: 1 });

for (const [scaling, divisor] of [
  ['0-1', 255],
  ['raw', 1],
] as const) {
  t.test(`both forms hold each pixel / ${divisor} as float32 (${scaling})`, async (t) => {
    const data = await load(t.testdir(), scaling);
    const expected = Float32Array.from(data.values, (pixel) => pixel / divisor);
    const sparse = place(data);
    t.match(sparse.placed.form, { kind: 'sparse', rows: { table: Number } });
    t.same(read(sparse.placed, sparse.buffer), expected);
    const full = place(dense(data));
    t.equal(full.placed.form.kind, 'dense');
    t.same(read(full.placed, full.buffer), expected);
  });
}

t.test('both forms hold the values of a table as they are, -0 as a blank', async (t) => {
  const values = Float32Array.of(0, -1.5, 0, 0, 0, 3e38, 1e-45, -0, 7, 0, 0, 0);
  const encoding = {
    kind: 'table',
    columns: ['a', 'b', 'c'],
    offsets: [],
    divisors: [],
    classes: [],
  } as const;
  const base = await load(t.testdir());
  const labels = Uint8Array.of(0, 1, 2, 0);
  const data = { ...base, inputs: 3, encoding, values, labels, entries: 4, density: 4 / 12 };
  for (const [kind, placed] of [
    ['sparse', place(data)],
    ['dense', place(dense(data))],
  ] as const) {
    t.equal(placed.placed.form.kind, kind);
    t.same(read(placed.placed, placed.buffer), values);
  }
});

t.test('the form follows the density', async (t) => {
  const data = await load(t.testdir());
  t.equal(place({ ...data, density: denseAbove }).placed.form.kind, 'sparse');
  t.equal(place({ ...data, density: denseAbove + 0.01 }).placed.form.kind, 'dense');
});

t.test('rows wider than an index can tell are dense', async (t) => {
  const base = await load(t.testdir());
  for (const [inputs, kind] of [
    [32_768, 'sparse'],
    [32_769, 'dense'],
  ] as const) {
    const values = new Float32Array(inputs);
    values[inputs - 1] = 1;
    const encoding = { kind: 'table', columns: [], offsets: [], divisors: [], classes: [] } as const;
    const one = { inputs, encoding, values, labels: Uint8Array.of(0), entries: 1, density: 1 / inputs };
    const { placed, buffer } = place({ ...base, ...one });
    t.equal(placed.form.kind, kind);
    t.same(read(placed, buffer), values);
  }
});

t.test('entries of a row ascend, none of them 0', async (t) => {
  const { placed, buffer } = place(await load(t.testdir()));
  const rows = sparseRows(placed);
  const start = new Uint32Array(buffer, rows.start, placed.count + 1);
  const entries = start[placed.count] as number;
  const index = new Uint16Array(buffer, rows.index, entries);
  t.ok(valuesOf(rows, entries, buffer).every((value) => value > 0));
  for (const [row, from] of start.subarray(0, -1).entries()) {
    const inputs = [...index.subarray(from, start[row + 1])];
    t.same(
      inputs,
      [...new Set(inputs)].sort((a, b) => a - b),
    );
  }
});

t.test('the padding of dense rows is 0', async (t) => {
  const { placed, buffer } = place(dense(await load(t.testdir())));
  const { form } = placed;
  t.match(form, { kind: 'dense', stride: 16 });
  const rows = new Float32Array(buffer, form.rows as number, placed.count * 16);
  t.ok(rows.filter((_, at) => at % 16 === 15).every((value) => value === 0));
});

t.test('labels are placed, blocks are aligned, and nothing outside dataBytes is touched', async (t) => {
  for (const data of [await load(t.testdir()), dense(await load(t.testdirName))]) {
    const { placed, buffer } = place(data);
    t.match(placed, { count: 120, inputs: 15, classes: 3 });
    t.same(new Uint8Array(buffer, placed.labels, 120).slice(), data.labels);
    const { form } = placed;
    const blocks = form.kind === 'dense' ? [form.rows] : Object.values(form.rows);
    t.ok([placed.labels, ...blocks].every((block = 0) => block % 16 === 0));
    t.equal(dataBytes(data) % 16, 0);
    const bytes = new Uint8Array(buffer);
    const end = address + dataBytes(data);
    t.ok([...bytes.subarray(0, address), ...bytes.subarray(end, end + 16)].every((byte) => byte === 0xa5));
  }
});

t.test('blank rows and full rows keep their place', async (t) => {
  const values = Uint8Array.of(0, 0, 0, 9, 9, 9, 0, 0, 0, 0, 0, 0);
  const base = await load(t.testdir());
  const data = { ...base, inputs: 3, values, labels: Uint8Array.of(0, 1, 2, 0), entries: 3, density: 0.25 };
  const { placed, buffer } = place(data);
  const rows = sparseRows(placed);
  t.same([...new Uint32Array(buffer, rows.start, 5)], [0, 0, 3, 3, 3]);
});

t.test('an address that is not aligned is refused', async (t) => {
  const data = await load(t.testdir());
  t.throws(() => layOut(data, new ArrayBuffer(dataBytes(data) + 16), 8), /multiple of 16/);
});

t.test('threads may write pictures that lie in shared memory, as lists of their pixels', async (t) => {
  const data = await load(t.testdir());
  const { values, marks } = data;
  t.same(sharedPictures(data), { values, inputs: 15, marks });
  t.equal(sharedPictures(dense(data)), undefined);
  t.equal(sharedPictures({ ...data, values: data.values.slice() }), undefined);
});
