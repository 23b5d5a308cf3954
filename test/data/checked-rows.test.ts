import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { checkedRows } from '../../src/data/checked-rows.ts';
import type { KnownFile } from '../../src/data/data-files.ts';
import { IdxFile } from '../../src/data/idx.ts';
import { idxBytes } from '../fixtures/tiny-idx.ts';

// Twelve pictures of 1 x 3 pixels: 0 to 2, 3 to 5, ...
const pixels = Uint8Array.from({ length: 36 }, (_, at) => at);
const known: KnownFile = {
  crcs: [0, 1, 2].map((part) => crc32(pixels.subarray(12 * part, 12 * (part + 1)))),
  ...{ partRows: 4, rows: 1, columns: 3, md5: 'ab' },
};

/** Rows of a file: what is yielded, one part behind the other, and what the targets hold then. */
async function read(
  t: Test,
  ranges: [number, number][],
  file: KnownFile | undefined,
  bytes = pixels,
  name = 'f',
) {
  const path = join(t.testdir(), name);
  const idx = idxBytes(0x803, [12, 1, 3], bytes);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(idx) : idx);
  const opened = await IdxFile.open(path, 'images');
  const pieces = ranges.map(([from, to]) => ({ from, to, target: new Uint8Array(3 * (to - from)) }));
  try {
    const seen: number[][] = [];
    for await (const part of checkedRows(opened, pieces, file)) seen.push([...part]);
    return { seen, held: pieces.flatMap(({ target }) => [...target]) };
  } finally {
    await opened.close();
  }
}

const rows = (...ranges: [number, number][]) =>
  ranges.flatMap(([from, to]) => [...pixels.subarray(3 * from, 3 * to)]);

t.test('rows are yielded in the order in which they are wanted, known or not, packed or not', async (t) => {
  const wanted: [number, number][][] = [
    [[0, 12]],
    [[4, 8]],
    [[3, 9]],
    [
      [9, 11],
      [0, 2],
    ],
    [
      [5, 6],
      [5, 6],
    ],
  ];
  for (const ranges of wanted) {
    for (const [file, name] of [
      [known, 'f'],
      [undefined, 'f'],
      [undefined, 'f.gz'],
    ] as const) {
      const { seen, held } = await read(t, ranges, file, pixels, name);
      t.same(seen.flat(), rows(...ranges), `${ranges} of ${name}`);
      t.same(held, rows(...ranges), `${ranges} of ${name}`);
    }
  }
});

t.test('a known file is yielded in parts, cut where its checksums meet', async (t) => {
  const { seen } = await read(t, [[3, 9]], known);
  t.same(seen, [rows([3, 4]), rows([4, 8]), rows([8, 9])]);
});

t.test('a damaged part is refused where any of its rows is in use, and no other', async (t) => {
  const damaged = pixels.slice();
  damaged[3 * 7] = 0;
  const refused = {
    code: 'ERR_DATA_CHECKSUM',
    exitCode: 65,
    message: /must have the MD5 ab .* has [0-9a-f]{32}/,
  };
  await t.rejects(read(t, [[4, 8]], known, damaged), refused);
  await t.rejects(read(t, [[4, 5]], known, damaged), refused);
  await t.rejects(read(t, [[0, 12]], known, damaged), refused);
  const ranges: [number, number][] = [
    [0, 4],
    [8, 12],
  ];
  t.same((await read(t, ranges, known, damaged)).held, rows(...ranges));
});

t.test('what is packed is never taken for a known file, whose checksums nobody would look at', async (t) => {
  await t.rejects(read(t, [[0, 12]], known, pixels, 'f.gz'), /not known by its checksums/);
});

t.test('a file that has become shorter since it was opened is refused', async (t) => {
  const path = join(t.testdir(), 'f');
  const bytes = idxBytes(0x803, [12, 1, 3], pixels);
  writeFileSync(path, bytes);
  const idx = await IdxFile.open(path, 'images');
  writeFileSync(path, bytes.subarray(0, 40));
  const pieces = [{ from: 0, to: 12, target: new Uint8Array(36) }];
  const all = async () => {
    for await (const _ of checkedRows(idx, pieces, undefined));
  };
  await t.rejects(all(), { code: 'ERR_DATA_CUT_OFF', exitCode: 65 });
  await idx.close();
});
