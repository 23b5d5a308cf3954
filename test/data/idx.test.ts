import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { IdxFile, type IdxKind } from '../../src/data/idx.ts';
import { idxBytes } from '../fixtures/tiny-idx.ts';
import { growsAsItsInput } from '../growth.ts';

// Four pictures of 2 x 3 pixels: 0 to 5, 6 to 11, ...
const pixels = Uint8Array.from({ length: 24 }, (_, at) => at);
const images = idxBytes(0x803, [4, 2, 3], pixels);
const labels = idxBytes(0x801, [4], Uint8Array.of(3, 1, 0, 2));

const write = (t: Test, bytes: Uint8Array, name = 'file') => {
  const path = join(t.testdir(), name);
  writeFileSync(path, bytes);
  return path;
};

async function readRow(path: string, kind: IdxKind, row: number): Promise<number[]> {
  const idx = await IdxFile.open(path, kind);
  try {
    const target = new Uint8Array(idx.inputs);
    await idx.read([{ from: row, to: row + 1, target }]);
    return [...target];
  } finally {
    await idx.close();
  }
}

t.test('pictures and labels are read by row', async (t) => {
  t.same(await readRow(write(t, images), 'images', 2), [12, 13, 14, 15, 16, 17]);
  t.same(await readRow(write(t, labels), 'labels', 0), [3]);
});

t.test('the time to read a file grows as its length, however it is packed', async (t) => {
  const blank = (size: number) => idxBytes(0x803, [size, 20, 20], new Uint8Array(400 * size));
  const members = (size: number) =>
    Buffer.concat([gzipSync(images), ...new Array<Buffer>(size).fill(gzipSync(''))]);
  for (const [what, name, size, bytes] of [
    ['a plain file', 'file', 10_000, blank],
    ['a compressed file', 'file.gz', 10_000, (size: number) => gzipSync(blank(size))],
    ['many empty members', 'file.gz', 20_000, members],
  ] as const) {
    const folder = t.testdir();
    await growsAsItsInput(t, what, size, bytes, async (bytes) => {
      writeFileSync(join(folder, name), bytes);
      await readRow(join(folder, name), 'images', 3);
    });
  }
});

t.test('pictures need not be square', async (t) => {
  const idx = await IdxFile.open(write(t, images), 'images');
  t.match(idx, { count: 4, rows: 2, columns: 3, inputs: 6 });
  await idx.close();
});

t.test('pieces may come in any order and may overlap', async (t) => {
  for (const name of ['plain', 'packed.gz']) {
    const path = write(t, name === 'plain' ? images : gzipSync(images), name);
    const idx = await IdxFile.open(path, 'images');
    const [late, early] = [new Uint8Array(12), new Uint8Array(18)];
    await idx.read([
      { from: 2, to: 4, target: late },
      { from: 0, to: 3, target: early },
    ]);
    await idx.close();
    t.same(late, pixels.subarray(12, 24), name);
    t.same(early, pixels.subarray(0, 18), name);
  }
});

t.test('pictures have at most 65,535 pixels', async (t) => {
  const header = (rows: number, columns: number) =>
    write(t, idxBytes(0x803, [1, rows, columns], new Uint8Array(rows * columns)));
  const idx = await IdxFile.open(header(255, 257), 'images');
  t.equal(idx.inputs, 65_535);
  await idx.close();
  await t.rejects(IdxFile.open(header(256, 256), 'images'), { code: 'ERR_DATA_INPUTS', exitCode: 65 });
});

t.test(
  'a packed file that cannot hold what its header promises is refused before anything is read',
  async (t) => {
    const path = write(t, gzipSync(idxBytes(0x803, [2 ** 31, 28, 28], new Uint8Array(784))), 'packed.gz');
    await t.rejects(IdxFile.open(path, 'images'), { code: 'ERR_DATA_CUT_OFF', exitCode: 65 });
  },
);

t.test('a file that is cut off while it is open is refused, not read as blank', async (t) => {
  const path = write(t, images);
  const idx = await IdxFile.open(path, 'images');
  truncateSync(path, images.length - 1);
  await t.rejects(idx.read([{ from: 3, to: 4, target: new Uint8Array(6) }]), { code: 'ERR_DATA_CUT_OFF' });
  await idx.close();
});

t.test('rows that span several chunks arrive whole', async (t) => {
  const big = Uint8Array.from({ length: 3 * 1_000_001 }, (_, at) => (at * 31) >> 3);
  const bytes = idxBytes(0x803, [1_000_001, 1, 3], big);
  for (const name of ['plain', 'packed.gz']) {
    const path = write(t, name === 'plain' ? bytes : gzipSync(bytes, { level: 1 }), name);
    const idx = await IdxFile.open(path, 'images');
    const target = new Uint8Array(big.length - 3);
    await idx.read([{ from: 1, to: idx.count, target }]);
    await idx.close();
    t.equal(Buffer.compare(target, big.subarray(3)), 0, name);
  }
});

t.test('a hash sees every byte once, header included', async (t) => {
  const idx = await IdxFile.open(write(t, images), 'images');
  const hash = createHash('md5');
  await idx.hash(hash);
  await idx.close();
  t.equal(hash.digest('hex'), createHash('md5').update(images).digest('hex'));
});

t.test('a compressed file may have several members', async (t) => {
  const path = write(
    t,
    Buffer.concat([gzipSync(images.subarray(0, 20)), gzipSync(images.subarray(20))]),
    'f.gz',
  );
  t.same(await readRow(path, 'images', 3), [18, 19, 20, 21, 22, 23]);
});

const edited = (bytes: Buffer, at: number, value: number) => {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(value, at);
  return copy;
};

const refusals: {
  what: string;
  bytes: Uint8Array;
  kind?: IdxKind;
  name?: string;
  code: string;
  says: RegExp;
}[] = [
  { what: 'an empty file', bytes: Buffer.alloc(0), code: 'CUT_OFF', says: /16 bytes.*after 0/ },
  { what: 'half a header', bytes: images.subarray(0, 10), code: 'CUT_OFF', says: /16 bytes.*after 10/ },
  {
    what: 'a file that is cut off',
    bytes: images.subarray(0, 39),
    code: 'CUT_OFF',
    says: /40 bytes.*after 39/,
  },
  {
    what: 'a file that is too long',
    bytes: Buffer.concat([images, images]),
    code: 'TOO_LONG',
    says: /40 .*is 80/,
  },
  {
    what: 'labels in place of pictures',
    bytes: labels,
    code: 'SWAPPED',
    says: /hold images, but is .* labels/,
  },
  {
    what: 'pictures in place of labels',
    bytes: images,
    kind: 'labels',
    code: 'SWAPPED',
    says: /hold labels, but is .* images/,
  },
  { what: 'another magic', bytes: edited(images, 0, 0x802), code: 'MAGIC', says: /0x00000803.*0x00000802/ },
  {
    ...{ what: '16-bit pixels', bytes: edited(images, 0, 0xb03), code: 'MAGIC' },
    says: /0x00000b03\. It holds 16-bit whole numbers, but only bytes are read .* \(data\.source: csv\)/,
  },
  { what: 'gzip without .gz', bytes: gzipSync(images), code: 'MAGIC', says: /add \.gz/ },
  { what: 'no pictures', bytes: edited(images, 4, 0), code: 'EMPTY', says: /0 of 2 x 3/ },
  { what: 'no columns', bytes: edited(images, 12, 0), code: 'EMPTY', says: /4 of 2 x 0/ },
  { what: 'too many pixels', bytes: edited(images, 8, 32_768), code: 'INPUTS', says: /65535.*32768 x 3/ },
  {
    what: 'sizes whose product overflows',
    bytes: idxBytes(0x803, [0xffffffff, 0xffffffff, 0xffffffff], pixels),
    code: 'INPUTS',
    says: /4294967295 x 4294967295/,
  },
  {
    what: 'a count that the file cannot hold',
    bytes: edited(images, 4, 0xffffffff),
    code: 'CUT_OFF',
    says: /25769803786 bytes/,
  },
  {
    what: 'a compressed count that the file cannot hold',
    bytes: gzipSync(edited(images, 4, 0xffffffff)),
    name: 'f.gz',
    code: 'CUT_OFF',
    says: /25769803786 bytes/,
  },
  {
    what: 'compressed pictures that are cut off',
    bytes: gzipSync(images.subarray(0, 39)),
    name: 'f.gz',
    code: 'CUT_OFF',
    says: /40 bytes.*after 39/,
  },
  {
    what: 'a compressed file that grows beyond its header',
    bytes: gzipSync(Buffer.concat([images, Buffer.alloc(50_000_000)])),
    name: 'f.gz',
    code: 'TOO_LONG',
    says: /40 bytes.*is longer/,
  },
  {
    what: 'a trailing member',
    bytes: Buffer.concat([gzipSync(images), gzipSync(images)]),
    name: 'f.gz',
    code: 'TOO_LONG',
    says: /40 bytes/,
  },
  {
    what: 'half a gzip file',
    bytes: gzipSync(images).subarray(0, 40),
    name: 'f.gz',
    code: 'GZIP',
    says: /unexpected end/,
  },
  { what: 'no gzip file', bytes: images, name: 'f.gz', code: 'GZIP', says: /incorrect header/ },
  {
    what: 'zeros after a gzip file',
    bytes: Buffer.concat([gzipSync(images), Buffer.alloc(100)]),
    name: 'f.gz',
    code: 'GZIP',
    says: /follow its end/,
  },
  {
    what: 'text after a gzip file',
    bytes: Buffer.concat([gzipSync(images), Buffer.alloc(100_000, 'x')]),
    name: 'f.gz',
    code: 'GZIP',
    says: /incorrect header/,
  },
];

for (const { what, bytes, kind = 'images', name = 'file', code, says } of refusals) {
  t.test(`${what}: refused`, async (t) => {
    const path = write(t, bytes, name);
    await t.rejects(readRow(path, kind, 0), { code: `ERR_DATA_${code}`, message: says, exitCode: 65 });
  });
}

t.test('only regular files are opened, and nothing waits for a FIFO', async (t) => {
  const folder = t.testdir();
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const code = 'ERR_DATA_NOT_A_FILE';
  await t.rejects(IdxFile.open(folder, 'images'), { code, message: /is a folder/ });
  await t.rejects(IdxFile.open(fifo, 'images'), { code, message: /is a FIFO/ });
  await t.rejects(IdxFile.open('/dev/null', 'images'), { code, message: /is a device/ });
});

t.test('a refused file is closed', async (t) => {
  const path = write(t, images.subarray(0, 30));
  const before = readdirSync('/dev/fd').length;
  for (let time = 0; time < 20; time++) await t.rejects(IdxFile.open(path, 'images'));
  t.ok(readdirSync('/dev/fd').length < before + 10);
});
