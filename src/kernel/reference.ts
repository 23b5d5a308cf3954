/**
 * The kernels as plain loops: what every other implementation must equal to the last bit.
 * Not here: speed.
 *
 * Math.fround after each operation makes it a float32 operation: the float64 result of one +, -, * or / on float32
 * numbers rounds to the same float32 as the exact result does. exp and log are polynomials because Math.exp and Math.log
 * differ between engines.
 */
import type { Address, Kernels, LayerParameters } from './kernels.ts';

const { fround } = Math;
const add = (a: number, b: number): number => fround(a + b);
const subtract = (a: number, b: number): number => fround(a - b);
const multiply = (a: number, b: number): number => fround(a * b);
const divide = (a: number, b: number): number => fround(a / b);

const scratch = new DataView(new ArrayBuffer(4));
const bitsOf = (x: number): number => {
  scratch.setFloat32(0, x);
  return scratch.getInt32(0);
};
const fromBits = (bits: number): number => {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
};

/** 1.5 * 2^23: a float32 of this size has no fraction bits, so adding it rounds to a whole number. */
const roundToWhole = 12_582_912;
/** ln 2 in two parts; the first has so few bits that its products with whole numbers up to 2^15 are exact. */
const ln2High = fround(0.693359375);
const ln2Low = fround(-2.1219444e-4);
const log2OfE = fround(Math.LOG2E);
/** Where exp(-|a|) would leave the normal numbers. */
const lowest = fround(-87.3);
/** What the polynomial makes of exp(lowest). Taken off every result, it makes the exp of anything lower exactly 0. */
const expOfLowest = fround(1.2192433092680476e-38);

/** Minimax coefficients of (exp(r) - 1 - r) / r^2 for |r| <= ln(2) / 2, highest power first; relative error of exp 3.2e-9. */
const expCoefficients = [
  0.001383890281431377, 0.008369192481040955, 0.04166810214519501, 0.16666516661643982, 0.4999999403953552,
].map(fround);

/** Minimax coefficients of (log(1 + t) - t) / t^2 for 0 <= t <= 1, highest power first; relative error of the log 5.3e-9. */
const logCoefficients = [
  -0.003290468594059348, 0.020086241886019707, -0.05745723098516464, 0.10661128163337708,
  -0.15344880521297455, 0.19692102074623108, -0.24958018958568573, 0.33330464363098145, -0.4999993145465851,
].map(fround);

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => add(multiply(x, sum), coefficient));

/**
 * exp(-|a|), 0 below -87.3, NaN for NaN. One ulp from the truth while |a| < 70, 1.3e-38 beyond.
 *
 * Reaching exactly 0 matters: deltas of saturated units would otherwise be denormal, which are slow to compute with.
 */
export function expMinusAbs(a: number): number {
  const x = -Math.abs(a) < lowest ? lowest : -Math.abs(a);
  const shifted = add(multiply(x, log2OfE), roundToWhole);
  const n = subtract(shifted, roundToWhole);
  const r = subtract(subtract(x, multiply(n, ln2High)), multiply(n, ln2Low));
  const q = polynomial(expCoefficients, r);
  const expOfR = add(add(multiply(multiply(r, r), q), r), 1);
  // The low bits of `shifted` are n: moved to the exponent and added as integers, they multiply by 2^n.
  return subtract(fromBits(bitsOf(expOfR) + (bitsOf(shifted) << 23)), expOfLowest);
}

/** log(1 + t) for t from 0 to 1, 1.6 ulp from the truth. */
export function log1p(t: number): number {
  return add(multiply(multiply(t, t), polynomial(logCoefficients, t)), t);
}

/** 1 / (1 + exp(-a)) without overflow, 2.5 ulp from the truth while |a| < 70; exactly 0 and 1 at the infinities. */
export function sigmoid(a: number): number {
  const t = expMinusAbs(a);
  return divide(a >= 0 ? 1 : t, add(1, t));
}

/** The binary cross-entropy of pre-activation `a` against y, 0 or 1; NaN unless `a` is finite. */
export function crossEntropy(a: number, y: 0 | 1): number {
  // a * 0 is NaN where a is infinite; without it an infinite pre-activation of the right sign would cost nothing.
  const linear = subtract(a < 0 ? 0 : a, y === 1 ? a : 0);
  return add(add(linear, log1p(expMinusAbs(a))), multiply(a, 0));
}

/** The kernels on the numbers of `buffer`. */
export function referenceKernels(buffer: ArrayBufferLike): Kernels {
  const floats = new Float32Array(buffer);
  const words = new Uint32Array(buffer);
  const halves = new Uint16Array(buffer);
  const bytes = new Uint8Array(buffer);

  const getFloat = (address: Address, index: number): number => floats[address / 4 + index] as number;
  const setFloat = (address: Address, index: number, value: number): void => {
    floats[address / 4 + index] = value;
  };
  const addProduct = (address: Address, index: number, a: number, b: number): void =>
    setFloat(address, index, add(getFloat(address, index), multiply(a, b)));
  const inPlace = (address: Address, count: number, change: (x: number) => number): void => {
    for (let i = 0; i < count; i++) setFloat(address, i, change(getFloat(address, i)));
  };
  const rowNumber = (order: Address, k: number): number => words[order / 4 + k] as number;

  /** to(j) += factor * from(j) for a whole row. */
  const addRow = (from: Address, factor: number, to: Address, stride: number): void => {
    for (let j = 0; j < stride; j++) addProduct(to, j, factor, getFloat(from, j));
  };
  const copyRow = (from: Address, to: Address, stride: number): void => {
    for (let j = 0; j < stride; j++) setFloat(to, j, getFloat(from, j));
  };
  const rowOf = (matrix: Address, stride: number, row: number): Address => matrix + 4 * stride * row;

  return {
    forwardSparse(order, count, rows, { weights, biases, stride }, output) {
      for (let k = 0; k < count; k++) {
        const row = rows.start / 4 + rowNumber(order, k);
        const to = rowOf(output, stride, k);
        copyRow(biases, to, stride);
        for (let entry = words[row] as number; entry < (words[row + 1] as number); entry++) {
          const input = (halves[rows.index / 2 + entry] as number) / 2;
          addRow(rowOf(weights, stride, input), getFloat(rows.value, entry), to, stride);
        }
      }
    },

    forwardDense(input, inputStride, count, { inputs, weights, biases, stride }, output) {
      for (let k = 0; k < count; k++) {
        const to = rowOf(output, stride, k);
        copyRow(biases, to, stride);
        for (let i = 0; i < inputs; i++) {
          addRow(rowOf(weights, stride, i), getFloat(input, k * inputStride + i), to, stride);
        }
      }
    },

    sigmoid(values, count) {
      inPlace(values, count, sigmoid);
    },

    outputDeltas(order, labels, count, { units, stride }, outputs) {
      for (let k = 0; k < count; k++) {
        const label = bytes[labels + rowNumber(order, k)];
        for (let j = 0; j < stride; j++) {
          const a = getFloat(outputs, k * stride + j);
          setFloat(outputs, k * stride + j, j < units ? subtract(sigmoid(a), j === label ? 1 : 0) : 0);
        }
      }
    },

    hiddenDeltas(nextDeltas, nextUnits, nextStride, transposed, count, stride, activations) {
      for (let k = 0; k < count; k++) {
        for (let i = 0; i < stride; i++) {
          let sum = 0;
          for (let j = 0; j < nextUnits; j++) {
            const delta = getFloat(nextDeltas, k * nextStride + j);
            sum = add(sum, multiply(delta, getFloat(transposed, j * stride + i)));
          }
          const h = getFloat(activations, k * stride + i);
          setFloat(activations, k * stride + i, multiply(sum, multiply(h, subtract(1, h))));
        }
      }
    },

    transpose({ inputs, units, stride, weights }, to) {
      const toStride = (inputs + 3) & ~3;
      for (let j = 0; j < units; j++) {
        for (let i = 0; i < toStride; i++) {
          setFloat(to, j * toStride + i, i < inputs ? getFloat(weights, i * stride + j) : 0);
        }
      }
    },

    descend(parameters, gradient, count, factor) {
      for (let i = 0; i < count; i++) {
        const step = multiply(fround(factor), getFloat(gradient, i));
        setFloat(parameters, i, add(getFloat(parameters, i), step));
        setFloat(gradient, i, 0);
      }
    },

    updateSparse(order, count, rows, deltas, { weights, biases, stride }) {
      for (let k = 0; k < count; k++) {
        const row = rows.start / 4 + rowNumber(order, k);
        const from = rowOf(deltas, stride, k);
        addRow(from, 1, biases, stride);
        for (let entry = words[row] as number; entry < (words[row + 1] as number); entry++) {
          const input = (halves[rows.index / 2 + entry] as number) / 2;
          addRow(from, getFloat(rows.value, entry), rowOf(weights, stride, input), stride);
        }
      }
    },

    updateDense(input, inputStride, count, deltas, { inputs, weights, biases, stride }) {
      for (let k = 0; k < count; k++) {
        const from = rowOf(deltas, stride, k);
        addRow(from, 1, biases, stride);
        for (let i = 0; i < inputs; i++) {
          addRow(from, getFloat(input, k * inputStride + i), rowOf(weights, stride, i), stride);
        }
      }
    },

    decayL2(values, count, factor) {
      inPlace(values, count, (x) => add(x, multiply(fround(factor), x)));
    },

    decayL1(values, count, factor) {
      // Not Math.sign, which keeps the sign of -0.
      const sign = (x: number): number => (x > 0 ? 1 : x < 0 ? -1 : 0);
      inPlace(values, count, (x) => add(x, multiply(fround(factor), sign(x))));
    },

    loss(labels, count, layer, outputs, logs, predictions) {
      let total = 0;
      for (let i = 0; i < count * layer.stride; i++)
        setFloat(logs, i, log1p(expMinusAbs(getFloat(outputs, i))));
      for (let k = 0; k < count; k++) {
        const row = rowOf(outputs, layer.stride, k);
        total += rowLoss(row, layer, bytes[labels + k] as number);
        bytes[predictions + k] = largest(row, layer.units);
      }
      return total;
    },

    countEqual(one, other, count) {
      let equal = 0;
      for (let k = 0; k < count; k++) if (bytes[one + k] === bytes[other + k]) equal++;
      return equal;
    },

    gather(order, count, rows, stride, to) {
      for (let k = 0; k < count; k++) {
        copyRow(rowOf(rows, stride, rowNumber(order, k)), rowOf(to, stride, k), stride);
      }
    },
  };

  /** Four sums, of columns j, j + 4, j + 8, ..., then (sum0 + sum1) + (sum2 + sum3). */
  function rowLoss(row: Address, { units, stride }: LayerParameters, label: number): number {
    const lane = (first: number): number => {
      let sum = 0;
      for (let j = first; j < stride; j += 4) {
        sum = add(sum, j < units ? crossEntropy(getFloat(row, j), j === label ? 1 : 0) : 0);
      }
      return sum;
    };
    return add(add(lane(0), lane(1)), add(lane(2), lane(3)));
  }

  /** The first column that holds the largest number of a row. */
  function largest(row: Address, units: number): number {
    let best = Number.NEGATIVE_INFINITY;
    let column = 0;
    for (let j = 0; j < units; j++) {
      const a = getFloat(row, j);
      if (a > best) {
        best = a;
        column = j;
      }
    }
    return column;
  }
}
