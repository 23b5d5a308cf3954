import t from 'tap';
import { initialParameters } from '../../src/train/initial-weights.ts';
import { parameterBlocks, parameterCount } from '../../src/train/model.ts';
import { weightsSha256 } from '../../src/train/weights-hash.ts';

const sizes = [200, 60, 10];

/** The numbers of each block: weights1, biases1, weights2, ... */
function blocksOf(parameters: Float32Array): Float32Array[] {
  let at = 0;
  return parameterBlocks(sizes).map(({ rows, cols }) => {
    at += rows * cols;
    return parameters.subarray(at - rows * cols, at);
  });
}

function moments(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

const deviations = {
  // A uniform distribution of ± limit has the standard deviation limit / sqrt(3).
  'xavier-uniform': (inputs: number, units: number) => Math.sqrt(6 / (inputs + units)) / Math.sqrt(3),
  normal: () => 1,
  'normal-scaled': (inputs: number) => 1 / Math.sqrt(inputs),
};

for (const kind of ['xavier-uniform', 'normal', 'normal-scaled'] as const) {
  t.test(
    `${kind} weights have mean 0 and their standard deviation in each layer; biases are 0`,
    async (t) => {
      const [weights1, biases1, weights2, biases2] = blocksOf(initialParameters(sizes, kind, 1, 0));
      for (const [weights, inputs, units] of [
        [weights1, 200, 60],
        [weights2, 60, 10],
      ] as const) {
        const { mean, deviation } = moments(weights as Float32Array);
        const wanted = deviations[kind](inputs, units);
        // Four standard errors of n draws.
        const fourErrors = 4 / Math.sqrt(inputs * units);
        t.ok(Math.abs(mean) < fourErrors * wanted, `mean ${mean}`);
        t.ok(Math.abs(deviation / wanted - 1) < fourErrors, `standard deviation ${deviation}, not ${wanted}`);
      }
      t.ok([...(biases1 ?? [1]), ...(biases2 ?? [1])].every((bias) => Object.is(bias, 0)));
    },
  );
}

t.test('xavier-uniform weights fill their limits and stay within them', async (t) => {
  const [weights1, , weights2] = blocksOf(initialParameters(sizes, 'xavier-uniform', 1, 0));
  for (const [weights, limit] of [
    [weights1, Math.sqrt(6 / 260)],
    [weights2, Math.sqrt(6 / 70)],
  ] as const) {
    const largest = Math.max(...(weights as Float32Array).map(Math.abs));
    t.ok(largest <= Math.fround(limit) && largest > 0.98 * limit, `${largest} of ${limit}`);
  }
});

t.test('the first weights of a seed never change', async (t) => {
  // Written down from this program on the day it was made: a change here makes every old result unrepeatable.
  const pinned = {
    'xavier-uniform': {
      first: [0.02137921191751957, 0.012944763526320457, 0.05189133062958717],
      sha256: '401db213f38b19cb7e4310c48afec10a967de9d85e447b90705c98d9038ddef4',
    },
    normal: {
      first: [1.90529465675354, 1.1536247730255127, 1.2985484600067139],
      sha256: '926b52b50c29c4b4f525ee0c6a98249862e8bef0d078b8842fa8139358f0196d',
    },
    'normal-scaled': {
      first: [0.06804624199867249, 0.04120088741183281, 0.046376727521419525],
      sha256: '74751bc66ac76ac0e8ce6e5f006a09dc5361556004593a5b3256e3959d933cdb',
    },
  };
  for (const kind of ['xavier-uniform', 'normal', 'normal-scaled'] as const) {
    const parameters = initialParameters([784, 20, 10], kind, 1, 0);
    t.same({ first: [...parameters.subarray(0, 3)], sha256: weightsSha256(parameters) }, pinned[kind], kind);
  }
});

t.test('each seed and each replicate has weights of its own, the same every time', async (t) => {
  const hash = (seed: number, replicate: number) =>
    weightsSha256(initialParameters(sizes, 'xavier-uniform', seed, replicate));
  t.equal(hash(1, 0), hash(1, 0));
  t.equal(new Set([hash(1, 0), hash(2, 0), hash(1, 1), hash(2, 1)]).size, 4);
});

const explicit = {
  layers: [
    {
      weights: [
        [1, -0],
        [2 ** -149, -(2 ** -149)],
        [0.1, 3.4028234663852886e38],
      ],
      biases: [-0, 5],
    },
    { weights: [[-1.5], [1e-42]], biases: [0] },
  ],
};

t.test('explicit weights are taken bit by bit: -0, denormals and the largest float32 too', async (t) => {
  const parameters = initialParameters([3, 2, 1], explicit, 1, 0);
  const bits = new Uint32Array(parameters.buffer);
  t.same(
    Array.from(bits, (word) => word.toString(16).padStart(8, '0')),
    [
      ...['3f800000', '80000000', '00000001', '80000001', '3dcccccd', '7f7fffff', '80000000', '40a00000'],
      ...['bfc00000', '000002ca', '00000000'],
    ],
  );
});

t.test('explicit weights are the same for every seed and replicate', async (t) => {
  t.same(initialParameters([3, 2, 1], explicit, 1, 0), initialParameters([3, 2, 1], explicit, 2, 3));
});

for (const [what, shape, wanted, got] of [
  ['too many inputs', [2, 2, 1], '2x2+2, 2x1+1', '3x2+2, 2x1+1'],
  ['another hidden layer', [3, 4, 1], '3x4+4, 4x1+1', '3x2+2, 2x1+1'],
  ['a layer too few', [3, 2, 2, 1], '3x2+2, 2x2+2, 2x1+1', '3x2+2, 2x1+1'],
  ['a layer too many', [3, 2], '3x2+2', '3x2+2, 2x1+1'],
] as const) {
  t.test(`explicit weights of ${what} are refused with both shapes`, async (t) => {
    t.throws(() => initialParameters(shape, explicit, 1, 0), {
      code: 'ERR_WEIGHTS_SHAPE',
      message: `model.initialWeights must have the shapes ${wanted} (inputs x units + biases), but has ${got}.`,
    });
  });
}

t.test('a row or a list of biases of another length is refused, and the message shows it', async (t) => {
  const ragged = { layers: [{ weights: [[1, 2], [3]], biases: [0, 0] }] };
  t.throws(() => initialParameters([2, 2], ragged, 1, 0), { message: /2x2\+2 .* but has 2x2\|1\+2\.$/ });
  const unbiased = { layers: [{ weights: [[1, 2]], biases: [0] }] };
  t.throws(() => initialParameters([1, 2], unbiased, 1, 0), { message: /1x2\+2 .* but has 1x2\+1\.$/ });
});

t.test('a network without hidden layers has one layer of weights', async (t) => {
  t.equal(initialParameters([4, 3], 'normal', 1, 0).length, parameterCount([4, 3]));
});
