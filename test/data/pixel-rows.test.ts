import t from 'tap';
import { countPixels, pixelRoomBytes, writePixels } from '../../src/data/pixel-rows.ts';
import { loadKernelModule } from '../../src/kernel/simd.ts';

const module = loadKernelModule();
const rows = { start: 65_536, index: 131_072, value: 262_144 };
const memoryOf = () => new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
const room = (memory: WebAssembly.Memory) => ({ module, memory, address: 0 });

/** Pictures of which a part is blank, the same in every process; every fifth row is blank, every seventh full. */
function pictures(count: number, inputs: number) {
  const values = Uint8Array.from({ length: count * inputs }, (_, at) => {
    const row = Math.floor(at / inputs);
    const noise = (Math.imul(at, 0x9e37_79b1) >>> 8) & 1023;
    if (row % 5 === 1) return 0;
    return row % 7 === 3 ? 1 + (noise % 255) : noise < 256 ? noise : 0;
  });
  return { values, inputs };
}

/** The same by plain loops. */
function plain({ values, inputs }: ReturnType<typeof pictures>) {
  const [start, index, value] = [[0], [] as number[], [] as number[]];
  for (let at = 0; at < values.length; at++) {
    const pixel = values[at] as number;
    if (pixel !== 0) {
      index.push(2 * (at % inputs));
      value.push(pixel);
    }
    if (at % inputs === inputs - 1) start.push(index.length);
  }
  return { start, index, value };
}

function listsIn({ buffer }: WebAssembly.Memory, count: number) {
  const start = [...new Uint32Array(buffer, rows.start, count + 1)];
  const entries = start[count] as number;
  const index = [...new Uint16Array(buffer, rows.index, entries)];
  return { start, index, value: [...new Uint8Array(buffer, rows.value, entries)] };
}

t.test('kernels write what plain loops write, whatever the size of the pictures', async (t) => {
  for (const inputs of [1, 3, 15, 16, 17, 31, 32, 47, 784]) {
    const count = Math.min(120, Math.ceil(60_000 / inputs));
    const given = pictures(count, inputs);
    const memory = memoryOf();
    // What lies behind a row must not count.
    new Uint8Array(memory.buffer).fill(0xa5);
    writePixels(given, rows, { from: 0, to: count }, room(memory));
    t.same(listsIn(memory, count), plain(given), `${inputs} inputs`);
    const counted = countPixels(room(memory))(given.values);
    t.equal(counted, plain(given).index.length, `${inputs} inputs`);
  }
});

t.test('ranges of rows may be written in any order, by whoever', async (t) => {
  const given = pictures(90, 100);
  const memory = memoryOf();
  for (const range of [
    { from: 61, to: 90 },
    { from: 0, to: 31 },
    { from: 31, to: 61 },
  ])
    writePixels(given, rows, range, room(memory));
  t.same(listsIn(memory, 90), plain(given));
});

t.test('a range is counted for from the last mark before it, not from the first row', async (t) => {
  const given = pictures(90, 100);
  const { start } = plain(given);
  const marks = [0, 30, 60].map((row) => ({ row, entries: start[row] as number }));
  // What is not to be read any more is no longer there.
  const values = given.values.slice().fill(0, 0, 60 * 100);
  for (const from of [60, 61]) {
    const memory = memoryOf();
    writePixels({ ...given, values, marks }, rows, { from, to: 90 }, room(memory));
    const written = new Uint32Array(memory.buffer, rows.start + 4 * (from + 1), 90 - from);
    t.same([...written], start.slice(from + 1));
  }
});

t.test('nothing outside of the room is used, not even for rows as wide as lists can be', async (t) => {
  const given = pictures(3, 32_768);
  const memory = memoryOf();
  new Uint8Array(memory.buffer).fill(0xa5);
  const counted = countPixels(room(memory))(given.values);
  writePixels({ ...given, values: given.values.subarray(0, 32_768) }, rows, { from: 0, to: 1 }, room(memory));
  t.equal(counted, plain(given).index.length);
  const behind = new Uint8Array(memory.buffer, pixelRoomBytes, rows.start - pixelRoomBytes);
  t.ok(behind.every((byte) => byte === 0xa5));
});
