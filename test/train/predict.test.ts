import t from 'tap';
import { encodedRows } from '../../src/train/encoding.ts';
import { predict, predictNumbers } from '../../src/train/predict.ts';
import { digits, flowers, measurements, pictures, prices, sampleModel } from '../export/sample-models.ts';

/** Plain float64: the same network, written down once more. */
function outputsOf(sizes: readonly number[], parameters: Float32Array, row: readonly number[]): number[] {
  let values = row;
  let at = 0;
  for (const [layer, units] of sizes.slice(1).entries()) {
    const inputs = sizes[layer] as number;
    const [weights, from] = [parameters.subarray(at, at + inputs * units), values];
    const biases = parameters.subarray(at + inputs * units, at + (inputs + 1) * units);
    values = Array.from(biases, (bias, unit) => {
      const sum = from.reduce(
        (sum, value, input) => sum + value * (weights[input * units + unit] as number),
        0,
      );
      return 1 / (1 + Math.exp(-sum - bias));
    });
    at += (inputs + 1) * units;
  }
  return [...values];
}

for (const [name, model, rows] of [
  ['pictures through one hidden layer', sampleModel([784, 20, 10], digits), pictures(300)],
  ['a table without a hidden layer', sampleModel([3, 2], flowers), measurements(5)],
  ['a table through three', sampleModel([3, 7, 1, 5, 2], flowers), measurements(257)],
] as const) {
  t.test(`${name}: outputs are those of the same network in float64 within 1e-6`, async (t) => {
    const { sizes, parameters } = model.weights;
    const inputs = sizes[0] as number;
    const predictions = predict(model, rows);
    t.equal(predictions.length, rows.length / inputs);
    const seen = encodedRows(model.encoding, rows);
    const furthest = predictions.map(({ outputs }, row) => {
      const expected = outputsOf(sizes, parameters, [...seen.slice(row * inputs, (row + 1) * inputs)]);
      return Math.max(...expected.map((output, unit) => Math.abs(output - (outputs[unit] as number))));
    });
    t.ok(Math.max(...furthest) < 1e-6, `furthest apart ${Math.max(...furthest)}`);
    t.ok(
      predictions.every(({ class: found, outputs }) => outputs[found] === Math.max(...outputs)),
      'the class is that of the largest output',
    );
  });
}

t.test('a class has the name that its table gives it', async (t) => {
  const [prediction] = predict(sampleModel([3, 2], flowers), [100_000, 0, 0]);
  t.equal(prediction?.name, flowers.kind === 'table' && flowers.classes?.[prediction?.class as number]);
});

t.test('rows are predicted alone as among others, bit for bit', async (t) => {
  const model = sampleModel([784, 20, 10], digits);
  const rows = pictures(3);
  t.strictSame(predict(model, rows)[2], predict(model, rows.slice(2 * 784))[0]);
  t.strictSame(predict(model, []), []);
});

t.test(
  'the same weights under other functions say other things, whatever they have said before',
  async (t) => {
    const model = sampleModel([3, 4, 2], flowers);
    const rows = measurements(3);
    for (const functions of [
      { activation: 'sigmoid', output: 'sigmoid' },
      { activation: 'tanh', output: 'sigmoid' },
      { activation: 'tanh', output: 'softmax' },
    ] as const) {
      const fresh = sampleModel([3, 4, 2], flowers, functions);
      t.strictSame(predict({ ...model, ...functions }, rows), predict(fresh, rows));
    }
  },
);

t.test('numbers are told in the units of their targets', async (t) => {
  const linear = { activation: 'sigmoid', output: 'linear' } as const;
  const sample = sampleModel([3, 2], prices, linear);
  // The outputs are the biases alone: 2 and 4.
  const parameters = Float32Array.of(0, 0, 0, 0, 0, 0, 2, 4);
  const model = { ...sample, weights: { ...sample.weights, parameters } };
  t.same([...predictNumbers(model, [1, 2, 3])], [2 * 0.25 + 3, 4 * 2 - 1]);
});

t.test('a piece of a row, and a value that is no number, are refused', async (t) => {
  const model = sampleModel([3, 2], flowers);
  t.throws(() => predict(model, [1, 2]), { code: 'ERR_ROWS_SHAPE', message: /3 values each.*got 2/ });
  t.throws(() => predict(model, [1, 2, 3, 1, Number.NaN, 3]), {
    code: 'ERR_ROWS_VALUE',
    message: /input 1 of row 1 is NaN/,
  });
  t.throws(() => predict(model, [1e60, 2, 3]), { code: 'ERR_ROWS_VALUE' });
});

t.test('sums that leave float32 are no prediction: the row is named', (t) => {
  // A hidden unit of 1 (sigmoid) times ±3e38 in two units: inf - inf.
  for (const [encoding, call] of [
    [flowers, predict],
    [prices, predictNumbers],
  ] as const) {
    const sample = sampleModel([3, 4, 2], encoding);
    const parameters = sample.weights.parameters.slice();
    parameters.fill(3e38, 0, 3 * 4 + 4);
    for (let at = 3 * 4 + 4; at < parameters.length; at++) parameters[at] = at % 4 < 2 ? 3e38 : -3e38;
    const network = {
      ...sample,
      ...(call === predict ? {} : { output: 'linear' as const }),
      activation: 'relu' as const,
      weights: { ...sample.weights, parameters },
    };
    t.throws(
      () => call(network, [5, 5, 5]),
      { code: 'ERR_MODEL_OVERFLOW', message: /not all of row 0 \(counted from 0\) are/ },
      call.name,
    );
  }
  t.end();
});

t.test(
  'of several rows the one that overflows is named, though its numbers are infinite and not NaN',
  async (t) => {
    const sample = sampleModel([3, 2], prices, { activation: 'sigmoid', output: 'linear' });
    const parameters = sample.weights.parameters.map((weight, at) => (at === 0 ? 3e38 : weight));
    const model = { ...sample, weights: { ...sample.weights, parameters } };
    // The first weight is multiplied by 0, then by 1e30.
    t.throws(() => predictNumbers(model, [100_000, 0, 0, 5e29, 0, 0]), { message: /not all of row 1 / });
    t.equal(predictNumbers(model, [100_000, 0, 0]).length, 2);
  },
);
