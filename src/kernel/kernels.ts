/**
 * The arithmetic of a network on blocks of rows in one linear memory.
 * Not here: where operands lie (layout.ts); epochs, trials, threads, files; a kernel keeps nothing between calls and allocates nothing.
 *
 * Two implementations keep this promise, equal to the last bit on finite input:
 * reference.ts (plain loops, the truth) and simd.ts (mlp.wasm).
 *
 * Order. Sums run over inputs, or over rows, in ascending order, one float32 rounding an operation, product first
 * and never fused; only that order makes the bits independent of lanes, tiles and threads.
 */
import type { Activation } from './activations.ts';
import type { DropoutKernels } from './dropout-kernels.ts';
import type { Address, LayerParameters, SparseRows } from './layout.ts';
import type { OutputKernels, SquareKernels } from './output-kernels.ts';
import type { StepKernels } from './step-kernels.ts';

/** The most inputs that rows can be kept as lists of. */
export const maxSparseInputs = 32_768;

/**
 * Bytes that the kernels of sparse rows need beside their operands, for rows of so many inputs and a layer this wide; assembly/
 * has the same numbers. Above a stride of 32 forwardSparse notes where each 400 inputs of 256 rows begin and end, keeps 192 bytes of
 * each row's sums, and copies the weights of 400 inputs at a time, 192 bytes of each. From 96 on updateSparse sorts the entries of 128
 * rows at a time by their input: a uint32 an input, 128 bytes a row for a tile of deltas, and 8 bytes an entry.
 */
export const sparseScratchBytes = (inputs: number, stride: number): number =>
  Math.max(
    stride <= 32 ? 0 : 256 * (4 * (Math.ceil(inputs / 400) + 1) + 192) + 192 * Math.min(inputs, 400),
    stride < 96 ? 0 : 4 * inputs + 64 + 128 * (128 + 8 * inputs),
  );

/** Bytes of a layer's weights laid out by tileWeights(); 0 where forwardSparse has one tile anyway. */
export const tiledBytes = (inputs: number, stride: number): number =>
  stride <= 32 ? 0 : 4 * inputs * stride;

/**
 * Bytes that forwardDense, updateDense and the deltas of activations need beside their operands, for blocks of so many rows
 * between layers of so many units: a panel of 32 bytes a step of their sums, and for an update its inputs turned, 256 rows at
 * a time. assembly/dense.ts has the same numbers.
 */
export const denseScratchBytes = (rows: number, inputs: number, units: number): number =>
  32 * Math.max(256, units) + 4 * inputs * Math.min(256, (rows + 3) & ~3);

/** Two kernels for each activation, `relu` and `reluDeltas`. */
export type ActivationKernels = {
  /** x = activation(x) in place on `floats` numbers (a multiple of 4). */
  readonly [Name in Activation]: (values: Address, floats: number) => void;
} & {
  /**
   * Activations h become deltas in place: (sum over j of nextDeltas(k, j) * transposed(j, i)) * slope at h.
   * @param nextDeltas (count x nextStride)
   * @param transposed (nextUnits x stride): the next layer's weights, from transpose()
   * @param activations (count x stride)
   * @param scratch denseScratchBytes() bytes, whatever they hold
   */
  readonly [Name in Activation as `${Name}Deltas`]: (
    nextDeltas: Address,
    nextUnits: number,
    nextStride: number,
    transposed: Address,
    count: number,
    stride: number,
    activations: Address,
    scratch: Address,
  ) => void;
};

export interface Kernels
  extends ActivationKernels,
    OutputKernels,
    SquareKernels,
    StepKernels,
    DropoutKernels {
  /**
   * output(k, j) = biases(j) + sum over row order[k]'s entries of value * weights(index, j).
   * @param order uint32 (count): row numbers
   * @param output (count x stride)
   * @param scratch sparseScratchBytes() bytes, whatever they hold
   */
  forwardSparse(
    order: Address,
    count: number,
    rows: SparseRows,
    layer: LayerParameters,
    output: Address,
    scratch: Address,
  ): void;

  /**
   * to = the layer's weights tile by tile, each (inputs x its units): as few tiles as can be of at most 48 units each, of which
   * those before have no fewer, all but the last a multiple of 8. It computes nothing.
   */
  tileWeights(layer: LayerParameters, to: Address): void;

  /**
   * output(k, j) = biases(j) + sum over i of input(k, i) * weights(i, j).
   * @param input (count x inputStride); columns from layer.inputs on are not read as values
   * @param output (count x stride)
   * @param scratch denseScratchBytes() bytes, whatever they hold
   */
  forwardDense(
    input: Address,
    inputStride: number,
    count: number,
    layer: LayerParameters,
    output: Address,
    scratch: Address,
  ): void;

  /** to (units x toStride) = from (inputs x stride) transposed; toStride is inputs rounded up to 4, its padding 0. */
  transpose(layer: LayerParameters, to: Address): void;

  /**
   * target.weights(index, j) += value * deltas(k, j) and target.biases(j) += deltas(k, j), for k ascending.
   * @param scratch sparseScratchBytes() bytes, whatever they hold
   */
  updateSparse(
    order: Address,
    count: number,
    rows: SparseRows,
    deltas: Address,
    target: LayerParameters,
    scratch: Address,
  ): void;

  /**
   * target.weights(i, j) += input(k, i) * deltas(k, j) and target.biases(j) += deltas(k, j), for k ascending.
   * @param scratch denseScratchBytes() bytes, whatever they hold
   */
  updateDense(
    input: Address,
    inputStride: number,
    count: number,
    deltas: Address,
    target: LayerParameters,
    scratch: Address,
  ): void;

  /** How many of `count` bytes equal the byte at the same place from `others` on; any alignment. */
  countEqual(bytes: Address, others: Address, count: number): number;

  /** to (count x toStride) = rows `order` of a dense data set (rows x toStride). */
  gather(order: Address, count: number, rows: Address, stride: number, to: Address): void;
}
