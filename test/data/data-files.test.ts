import { basename } from 'node:path';
import t from 'tap';
import { idxFiles } from '../../src/data/data-files.ts';

const filesNamed = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '']));
const mnist = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];

const spellings = {
  MNIST: mnist,
  'MNIST, dotted': mnist.map((name) => name.replace('-idx', '.idx')),
  'Fashion-MNIST, compressed': mnist.map((name) => `${name}.gz`),
  EMNIST: mnist.map((name) => `emnist-letters-${name.replace('t10k', 'test')}`),
};

for (const [whose, names] of Object.entries(spellings)) {
  t.test(`files named as by ${whose} are found among others`, async (t) => {
    const folder = t.testdir({ ...filesNamed(names), 'README.txt': '', 'train-images.png': '' });
    const { train, test } = await idxFiles(folder, true);
    const found = [train.images, train.labels, test?.images, test?.labels];
    t.same(
      found.map((file) => basename(file?.path ?? '')),
      names,
    );
  });
}

t.test('a plain file goes before its compressed twin', async (t) => {
  const folder = t.testdir(filesNamed([...mnist, 'train-images-idx3-ubyte.gz']));
  const { train } = await idxFiles(folder, true);
  t.equal(basename(train.images.path), 'train-images-idx3-ubyte');
});

t.test('test files may be missing where no test rows are wanted', async (t) => {
  const folder = t.testdir(filesNamed(mnist.slice(0, 2)));
  t.equal((await idxFiles(folder, false)).test, undefined);
  await t.rejects(idxFiles(folder, true), { code: 'ERR_DATA_MISSING', message: /t10k-images-idx3-ubyte"/ });
});

t.test('two data sets in one folder are ambiguous, and named', async (t) => {
  const folder = t.testdir(filesNamed([...mnist, 'emnist-letters-train-images-idx3-ubyte']));
  const message = /"emnist-letters-train-images-idx3-ubyte", .*"train-images-idx3-ubyte"/;
  await t.rejects(idxFiles(folder, true), { code: 'ERR_DATA_AMBIGUOUS', message });
});

t.test('two spellings of one file are ambiguous', async (t) => {
  const folder = t.testdir(filesNamed([...mnist, 'train-labels.idx1-ubyte']));
  await t.rejects(idxFiles(folder, true), {
    code: 'ERR_DATA_AMBIGUOUS',
    message: /train-labels\.idx1-ubyte/,
  });
});

t.test('a folder that is not there is said to be missing', async (t) => {
  const folder = t.testdir({ file: '' });
  await t.rejects(idxFiles(`${folder}/none`, false), { code: 'ERR_DATA_MISSING', exitCode: 65 });
  await t.rejects(idxFiles(`${folder}/file`, false), { code: 'ERR_DATA_MISSING', message: /no folder/ });
});
