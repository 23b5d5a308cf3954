import t from 'tap';
import {
  layersAt,
  paddedCount,
  padParameters,
  parameterBlocks,
  parameterCount,
  strideOf,
  unpadParameters,
} from '../../src/train/model.ts';

const shapes = [
  [784, 20, 10],
  [1, 1],
  [3, 5],
  [7, 1, 2, 9, 4],
  [4, 8, 12],
];

/** Numbers that are all different, none 0, and bits that are easily lost. */
const numbered = (sizes: readonly number[]): Float32Array =>
  Float32Array.from({ length: parameterCount(sizes) }, (_, i) =>
    i === 0 ? -0 : i === 1 ? 2 ** -149 : i + 1,
  );

for (const sizes of shapes) {
  t.test(`padding and taking it off again leaves every bit (${sizes.join('-')})`, async (t) => {
    const logical = numbered(sizes);
    const padded = new Float32Array(paddedCount(sizes)).fill(Number.NaN);
    padParameters(sizes, logical, padded);
    t.same(Buffer.from(unpadParameters(sizes, padded).buffer), Buffer.from(logical.buffer));
    const numbers = padded.filter((value) => value !== 0).length;
    t.equal(numbers, logical.filter((value) => value !== 0).length, 'the padding is 0');
  });
}

t.test('a network has (inputs + 1) x units parameters a layer', async (t) => {
  t.equal(parameterCount([784, 20, 10]), 785 * 20 + 21 * 10);
});

t.test('blocks stand one after the other, each row padded to whole vectors of four', async (t) => {
  t.same(parameterBlocks([3, 5, 4]), [
    { name: 'weights1', rows: 3, cols: 5, stride: 8, offset: 0 },
    { name: 'biases1', rows: 1, cols: 5, stride: 8, offset: 24 },
    { name: 'weights2', rows: 5, cols: 4, stride: 4, offset: 32 },
    { name: 'biases2', rows: 1, cols: 4, stride: 4, offset: 52 },
  ]);
  t.equal(paddedCount([3, 5, 4]), 56);
  t.same([1, 4, 5, 20].map(strideOf), [4, 4, 8, 20]);
});

t.test('layers lie where their blocks do, also beyond 2 GiB', async (t) => {
  const address = 3 * 2 ** 30;
  t.same(layersAt([3, 5, 4], address), [
    { inputs: 3, units: 5, stride: 8, weights: address, biases: address + 96 },
    { inputs: 5, units: 4, stride: 4, weights: address + 128, biases: address + 208 },
  ]);
});

t.test('parameters of another network are refused, not cut or filled up', async (t) => {
  const padded = new Float32Array(paddedCount([3, 5]));
  for (const length of [19, 21, 0]) {
    t.throws(() => padParameters([3, 5], new Float32Array(length), padded), {
      message: `3,5 has 20 parameters, but got ${length}.`,
    });
  }
});
