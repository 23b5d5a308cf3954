/** The kernels of the output layer as plain loops: its deltas and its loss, of sigmoids and of a softmax. */
import {
  add,
  crossEntropy,
  divide,
  expMinusAbs,
  log1p,
  logOf1Plus,
  multiply,
  sigmoid,
  subtract,
} from './float32.ts';
import type { Address, LayerParameters } from './layout.ts';
import type { OutputKernels } from './output-kernels.ts';

/** These kernels on the numbers of `buffer`. */
export function outputKernels(buffer: ArrayBufferLike): OutputKernels {
  const bytes = new Uint8Array(buffer);
  const words = new Uint32Array(buffer);
  const floats = new Float32Array(buffer);
  const labelOf = (labels: Address, order: Address, k: number): number =>
    bytes[labels + (words[order / 4 + k] as number)] as number;
  /** Row k of a block. */
  const rowOf = (block: Address, { stride }: LayerParameters, k: number): Float32Array =>
    floats.subarray(block / 4 + k * stride, block / 4 + (k + 1) * stride);

  const softmax: OutputKernels['softmax'] = (count, layer, outputs) => {
    for (let k = 0; k < count; k++) {
      const row = rowOf(outputs, layer, k);
      const { most } = largestOf(row, layer);
      for (const [j, a] of row.entries()) row[j] = j < layer.units ? expMinusAbs(subtract(a, most)) : 0;
      const sum = inFourLanes(row.length, (j) => row[j] as number);
      for (const [j, exp] of row.entries()) row[j] = divide(exp, sum);
    }
  };

  return {
    outputDeltas(order, labels, count, layer, outputs) {
      for (let k = 0; k < count; k++) {
        const row = rowOf(outputs, layer, k);
        const label = labelOf(labels, order, k);
        for (const [j, a] of row.entries())
          row[j] = j < layer.units ? subtract(sigmoid(a), j === label ? 1 : 0) : 0;
      }
    },

    loss(labels, count, layer, outputs, logs, predictions) {
      let total = 0;
      for (let k = 0; k < count; k++) {
        const row = rowOf(outputs, layer, k);
        const label = bytes[labels + k];
        rowOf(logs, layer, k).set(row.map((a) => log1p(expMinusAbs(a))));
        total += inFourLanes(row.length, (j) =>
          j < layer.units ? crossEntropy(row[j] as number, j === label ? 1 : 0) : 0,
        );
        bytes[predictions + k] = largestOf(row, layer).column;
      }
      return total;
    },

    softmax,

    softmaxDeltas(order, labels, count, layer, outputs) {
      softmax(count, layer, outputs);
      for (let k = 0; k < count; k++) {
        const row = rowOf(outputs, layer, k);
        const label = labelOf(labels, order, k);
        row[label] = subtract(row[label] as number, 1);
      }
    },

    softmaxLoss(labels, count, layer, outputs, exps, predictions) {
      let total = 0;
      for (let k = 0; k < count; k++) {
        const [row, exp] = [rowOf(outputs, layer, k), rowOf(exps, layer, k)];
        const { most, column } = largestOf(row, layer);
        for (const [j, a] of row.entries()) exp[j] = j < layer.units ? expMinusAbs(subtract(a, most)) : 0;
        // Without the largest, whose exp is 1: 1 + rest would round away what is left of a small loss. a * 0 is NaN where a
        // is not finite.
        const rest = inFourLanes(row.length, (j) =>
          add(j === column ? 0 : (exp[j] as number), j < layer.units ? multiply(row[j] as number, 0) : 0),
        );
        const below = subtract(row[column] as number, row[bytes[labels + k] as number] as number);
        total += add(below, add(logOf1Plus(rest), multiply(rest, 0)));
        bytes[predictions + k] = column;
      }
      return total;
    },
  };
}

/** Four sums, of terms j, j + 4, j + 8, ..., then (sum0 + sum1) + (sum2 + sum3). */
function inFourLanes(length: number, term: (j: number) => number): number {
  const lane = (first: number): number => {
    let sum = 0;
    for (let j = first; j < length; j += 4) sum = add(sum, term(j));
    return sum;
  };
  return add(add(lane(0), lane(1)), add(lane(2), lane(3)));
}

/** The largest number of a row, and the first column that holds it. */
function largestOf(row: Float32Array, { units }: LayerParameters): { most: number; column: number } {
  let most = Number.NEGATIVE_INFINITY;
  let column = 0;
  for (let j = 0; j < units; j++) {
    const a = row[j] as number;
    if (a > most) {
      most = a;
      column = j;
    }
  }
  return { most, column };
}
