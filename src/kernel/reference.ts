/**
 * The kernels as plain loops: what every other implementation must equal to the last bit.
 * Not here: speed, and what one number becomes (float32.ts, activations.ts).
 */
import { activationNames, activations } from './activations.ts';
import { add, multiply } from './float32.ts';
import type { ActivationKernels, Kernels } from './kernels.ts';
import type { Address, SparseRows } from './layout.ts';
import { dropoutKernels } from './reference-dropout.ts';
import { outputKernels } from './reference-outputs.ts';
import { squareKernels } from './reference-squares.ts';
import { stepKernels } from './reference-steps.ts';

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
  const entryValue = ({ value, table }: SparseRows, entry: number): number =>
    table === undefined ? getFloat(value, entry) : getFloat(table, bytes[value + entry] as number);
  const rowNumber = (order: Address, k: number): number => words[order / 4 + k] as number;

  /** to(j) += factor * from(j) for a whole row. */
  const addRow = (from: Address, factor: number, to: Address, stride: number): void => {
    for (let j = 0; j < stride; j++) addProduct(to, j, factor, getFloat(from, j));
  };
  const copyRow = (from: Address, to: Address, stride: number): void => {
    for (let j = 0; j < stride; j++) setFloat(to, j, getFloat(from, j));
  };
  const rowOf = (matrix: Address, stride: number, row: number): Address => matrix + 4 * stride * row;

  const ofActivations = Object.fromEntries(
    activationNames.flatMap((name) => {
      const { of, slopeAt } = activations[name];
      const apply: Kernels['sigmoid'] = (values, count) => inPlace(values, count, of);
      const deltas: Kernels['sigmoidDeltas'] = (
        nextDeltas,
        nextUnits,
        nextStride,
        transposed,
        count,
        stride,
        hs,
      ) => {
        for (let k = 0; k < count; k++) {
          for (let i = 0; i < stride; i++) {
            let sum = 0;
            for (let j = 0; j < nextUnits; j++) {
              const delta = getFloat(nextDeltas, k * nextStride + j);
              sum = add(sum, multiply(delta, getFloat(transposed, j * stride + i)));
            }
            setFloat(hs, k * stride + i, multiply(sum, slopeAt(getFloat(hs, k * stride + i))));
          }
        }
      };
      return [
        [name, apply],
        [`${name}Deltas`, deltas],
      ];
    }),
  ) as ActivationKernels;

  return {
    ...ofActivations,
    ...outputKernels(buffer),
    ...squareKernels(buffer),
    ...stepKernels(buffer),
    ...dropoutKernels(buffer),

    forwardSparse(order, count, rows, { weights, biases, stride }, output) {
      for (let k = 0; k < count; k++) {
        const row = rows.start / 4 + rowNumber(order, k);
        const to = rowOf(output, stride, k);
        copyRow(biases, to, stride);
        for (let entry = words[row] as number; entry < (words[row + 1] as number); entry++) {
          const input = (halves[rows.index / 2 + entry] as number) / 2;
          addRow(rowOf(weights, stride, input), entryValue(rows, entry), to, stride);
        }
      }
    },

    tileWeights({ inputs, stride, weights }, to) {
      let [first, place] = [0, to];
      for (let tiles = Math.ceil(stride / 48); tiles > 0; tiles--) {
        const width = Math.min(stride - first, 8 * Math.ceil(Math.ceil((stride - first) / 8) / tiles));
        for (let i = 0; i < inputs; i++, place += 4 * width)
          copyRow(rowOf(weights, stride, i) + 4 * first, place, width);
        first += width;
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

    transpose({ inputs, units, stride, weights }, to) {
      const toStride = (inputs + 3) & ~3;
      for (let j = 0; j < units; j++) {
        for (let i = 0; i < toStride; i++) {
          setFloat(to, j * toStride + i, i < inputs ? getFloat(weights, i * stride + j) : 0);
        }
      }
    },

    updateSparse(order, count, rows, deltas, { weights, biases, stride }) {
      for (let k = 0; k < count; k++) {
        const row = rows.start / 4 + rowNumber(order, k);
        const from = rowOf(deltas, stride, k);
        addRow(from, 1, biases, stride);
        for (let entry = words[row] as number; entry < (words[row + 1] as number); entry++) {
          const input = (halves[rows.index / 2 + entry] as number) / 2;
          addRow(from, entryValue(rows, entry), rowOf(weights, stride, input), stride);
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
}
