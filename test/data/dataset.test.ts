import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { type DataOptions, loadData } from '../../src/data/dataset.ts';
import { idxBytes, writeTinyIdx } from '../fixtures/tiny-idx.ts';

const options = {
  source: 'idx',
  folder: 'tiny',
  pixels: '0-1',
  train: [0, 60],
  validation: [90, 120],
  test: [10, 30],
} as const satisfies DataOptions;

t.test('rows lie in the order training, validation, test, whatever their order in the file', async (t) => {
  const { train, test } = writeTinyIdx(join(t.testdir(), 'tiny'));
  const data = await loadData({ ...options, train: [90, 120], validation: [0, 60] }, t.testdirName);
  t.match(data, {
    training: { from: 0, to: 30 },
    validation: { from: 30, to: 90 },
    test: { from: 90, to: 110 },
  });
  t.same(
    [...data.labels],
    [...train.labels.slice(90), ...train.labels.slice(0, 60), ...test.labels.slice(10, 30)],
  );
  const pixels = [
    train.pixels.slice(90 * 64),
    train.pixels.slice(0, 60 * 64),
    test.pixels.slice(10 * 64, 30 * 64),
  ];
  t.same(data.values, new Uint8Array(Buffer.concat(pixels)));
});

t.test('pictures need not be square, and classes are counted over whole files', async (t) => {
  writeTinyIdx(join(t.testdir(), 'tiny'), { rows: 5, columns: 9, classes: 62, train: 124, test: 62 });
  const data = await loadData({ ...options, train: [0, 10], validation: [10, 20] }, t.testdirName);
  t.match(data, {
    inputs: 45,
    classes: 62,
    encoding: { kind: 'pictures', rows: 5, columns: 9, pixels: '0-1' },
  });
});

t.test('a data set of one label has two classes', async (t) => {
  writeTinyIdx(join(t.testdir(), 'tiny'), { classes: 1 });
  t.equal((await loadData(options, t.testdirName)).classes, 2);
});

t.test('a label may be any byte, and the highest says how many classes there are', async (t) => {
  const folder = join(t.testdir(), 'tiny');
  const { train } = writeTinyIdx(folder);
  for (const highest of [3, 200, 255]) {
    const labels = Uint8Array.from(train.labels).fill(highest, 70, 71);
    writeFileSync(join(folder, 'train-labels-idx1-ubyte'), idxBytes(0x801, [labels.length], labels));
    t.equal((await loadData(options, t.testdirName)).classes, highest + 1);
    await t.rejects(loadData({ ...options, classes: highest }, t.testdirName), {
      code: 'ERR_DATA_LABEL',
      message: new RegExp(`row 70 of .* has ${highest}`),
    });
  }
});

t.test('density is the share of values that are not 0', async (t) => {
  writeTinyIdx(join(t.testdir(), 'tiny'));
  const data = await loadData(options, t.testdirName);
  t.equal(data.entries, data.values.filter((pixel) => pixel !== 0).length);
  t.equal(data.density, data.entries / (110 * 64));
  const before = (row: number) => data.values.subarray(0, row * 64).filter((pixel) => pixel !== 0).length;
  t.same(
    data.marks,
    // Where each slice begins: training, validation and test rows.
    [0, 60, 90].map((row) => ({ row, entries: before(row) })),
  );
});

t.test('compressed files hold the same data', async (t) => {
  const folder = join(t.testdir(), 'tiny');
  writeTinyIdx(folder);
  const plain = await loadData(options, t.testdirName);
  for (const name of ['train-images-idx3-ubyte', 't10k-labels-idx1-ubyte']) {
    writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name))));
    rmSync(join(folder, name));
  }
  t.same(await loadData(options, t.testdirName), plain);
});

t.test('the hash tells data apart, and not where they were read from', async (t) => {
  const folder = join(t.testdir(), 'tiny');
  const { train } = writeTinyIdx(folder);
  const hash = async (changes: Partial<DataOptions> = {}) =>
    (await loadData({ ...options, ...changes } as DataOptions, t.testdirName)).hash;
  const first = await hash();
  t.match(first, /^[0-9a-f]{64}$/);
  const hashes = [
    first,
    await hash({ pixels: 'raw' }),
    await hash({ classes: 4 }),
    await hash({ train: [0, 59] }),
  ];
  hashes.push(await hash({ train: [0, 61], validation: [91, 120] }), await hash({ test: undefined }));

  const picture = Buffer.from(train.pixels);
  picture[59 * 64] = 255 - (picture[59 * 64] as number);
  writeFileSync(join(folder, 'train-images-idx3-ubyte'), idxBytes(0x803, [120, 8, 8], picture));
  hashes.push(await hash());
  writeTinyIdx(folder);
  const labels = Buffer.from(train.labels);
  labels[0] = 1;
  writeFileSync(join(folder, 'train-labels-idx1-ubyte'), idxBytes(0x801, [120], labels));
  hashes.push(await hash());
  t.equal(new Set(hashes).size, hashes.length);

  writeTinyIdx(folder);
  cpSync(folder, join(t.testdirName, 'elsewhere'), { recursive: true });
  t.equal(await hash({ folder: 'elsewhere' } as Partial<DataOptions>), first);
  const classNames = ['shirt', 'boot', 'bag'];
  t.equal(await hash({ classNames } as Partial<DataOptions>), first, 'nor what its classes are called');
});

t.test('a label beyond data.classes is refused with its row', async (t) => {
  const folder = join(t.testdir(), 'tiny');
  writeTinyIdx(folder, { classes: 10 });
  t.equal((await loadData({ ...options, classes: 10 }, t.testdirName)).classes, 10);
  const labels = Buffer.from(Uint8Array.from({ length: 60 }, (_, row) => row % 10));
  labels[59] = 10;
  writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), idxBytes(0x801, [60], labels));
  await t.rejects(loadData({ ...options, classes: 10 }, t.testdirName), {
    code: 'ERR_DATA_LABEL',
    message: /from 0 to 9 \(10 classes\), but row 59 of .*t10k-labels-idx1-ubyte" has 10/,
  });
});

t.test('data.classes is a whole number from 2 to 256', async (t) => {
  writeTinyIdx(join(t.testdir(), 'tiny'));
  for (const classes of [1, 257, 2.5, Number.NaN]) {
    await t.rejects(loadData({ ...options, classes }, t.testdirName), {
      code: 'ERR_DATA_CLASSES',
      exitCode: 2,
    });
  }
});

t.test('as many labels as pictures are wanted', async (t) => {
  const folder = join(t.testdir(), 'tiny');
  writeTinyIdx(folder);
  writeFileSync(join(folder, 'train-labels-idx1-ubyte'), idxBytes(0x801, [119], new Uint8Array(119)));
  await t.rejects(loadData(options, t.testdirName), {
    code: 'ERR_DATA_COUNTS',
    message: /120 pictures .* 119 labels/,
  });
});

t.test('training and test pictures of different shapes are refused', async (t) => {
  const folder = join(t.testdir(), 'tiny');
  writeTinyIdx(folder);
  writeFileSync(
    join(folder, 't10k-images-idx3-ubyte'),
    idxBytes(0x803, [60, 4, 16], new Uint8Array(60 * 64)),
  );
  await t.rejects(loadData(options, t.testdirName), {
    code: 'ERR_DATA_SHAPES',
    message: /8 x 8 in .* 4 x 16 in/,
  });
});

t.test('ranges beyond the files are told together', async (t) => {
  writeTinyIdx(join(t.testdir(), 'tiny'));
  const faulty = { ...options, train: [100, 121], validation: [0, 100], test: [60, 61] } as const;
  await t.rejects(loadData(faulty, t.testdirName), {
    code: 'ERR_DATA_RANGE',
    exitCode: 2,
    message: /data\.train .*<= 120 .*\[100, 121\]\.\ndata\.test .*<= 60 .*\[60, 61\]/,
  });
});

t.test('a fault of the definition is told before any file is looked for', async (t) => {
  const overlapping = { ...options, folder: 'nowhere', validation: [50, 70] } as const;
  await t.rejects(loadData(overlapping), { code: 'ERR_DATA_RANGE', message: /rows 50 to 59/ });
});

t.test("the tiny data set's classes can be told apart", async (t) => {
  const { train, test } = writeTinyIdx(t.testdir(), { classes: 5, rows: 9, columns: 7 });
  const inputs = 63;
  const picture = (pixels: Uint8Array, row: number) => pixels.subarray(row * inputs, (row + 1) * inputs);
  const distance = (a: Uint8Array, b: Uint8Array) =>
    a.reduce((sum, x, at) => sum + (x - (b[at] as number)) ** 2, 0);
  const nearest = (one: Uint8Array) => {
    const distances = Array.from(train.labels, (_, row) => distance(one, picture(train.pixels, row)));
    return train.labels[distances.indexOf(Math.min(...distances))];
  };
  const right = test.labels.filter((label, row) => nearest(picture(test.pixels, row)) === label);
  t.ok(right.length >= 0.9 * test.labels.length, `${right.length} of ${test.labels.length}`);
});
