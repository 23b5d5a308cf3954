/**
 * The arithmetic of a network on blocks of rows in one linear memory.
 * Not here: epochs, trials, threads, files; a kernel keeps nothing between calls and allocates nothing.
 *
 * Two implementations keep this promise, equal to the last bit on finite input:
 * reference.ts (plain loops, the truth) and simd.ts (mlp.wasm).
 *
 * Layout. An Address is a byte offset, a multiple of 16. All numbers are float32 unless said otherwise. A layer with `units`
 * units has a `stride`, units rounded up to a multiple of 4: weights are (inputs x stride), biases (1 x stride),
 * activations and deltas (rows x stride). Columns from units to stride are padding: they hold 0 in weights, biases and
 * deltas, stay so, and hold what an activation leaves there in activations.
 *
 * Order. Sums run over inputs, or over rows, in ascending order, one float32 rounding an operation, product first
 * and never fused; only that order makes the bits independent of lanes, tiles and threads.
 */

import type { Activation } from './activations.ts';

/** A byte offset in the shared memory. */
export type Address = number;

/** Rows as lists of their non-blank inputs, in ascending order of input; row r has entries start[r] to start[r + 1]. */
export interface SparseRows {
  /** uint32 (rows + 1). */
  readonly start: Address;
  /** uint16 (entries): twice the number of the input, which spares the kernels a shift an entry. */
  readonly index: Address;
  /** float32 (entries): its value, never 0. */
  readonly value: Address;
}

/** The most inputs that rows can be kept as lists of. */
export const maxSparseInputs = 32_768;

/**
 * Bytes that the kernels of sparse rows need beside their operands, for rows of so many inputs and a layer this wide; assembly/
 * has the same numbers. Above a stride of 32 forwardSparse notes where each 400 inputs of 256 rows begin and end, keeps 128 bytes of
 * each row's sums, and copies the weights of 400 inputs at a time, 128 bytes of each. From 96 on updateSparse sorts the entries of 128 rows at a time by their input: a uint32 an
 * input, 128 bytes a row for a tile of deltas, and 8 bytes an entry.
 */
export const sparseScratchBytes = (inputs: number, stride: number): number =>
  Math.max(
    stride <= 32 ? 0 : 256 * (4 * (Math.ceil(inputs / 400) + 1) + 128) + 128 * Math.min(inputs, 400),
    stride < 96 ? 0 : 4 * inputs + 64 + 128 * (128 + 8 * inputs),
  );

/**
 * Bytes that forwardDense, updateDense and the deltas of activations need beside their operands, for blocks of so many rows
 * between layers of so many units: a panel of 32 bytes a step of their sums, and for an update its inputs turned, 256 rows at
 * a time. assembly/dense.ts has the same numbers.
 */
export const denseScratchBytes = (rows: number, inputs: number, units: number): number =>
  32 * Math.max(256, units) + 4 * inputs * Math.min(256, (rows + 3) & ~3);

/** One fully connected layer's parameters. */
export interface LayerParameters {
  readonly inputs: number;
  readonly units: number;
  readonly stride: number;
  /** (inputs x stride) */
  readonly weights: Address;
  /** (1 x stride) */
  readonly biases: Address;
}

/** Which numbers of a block drop out, and what the others are multiplied by. */
export interface Dropping {
  /** Two words from 0 to 2^32 - 1. */
  readonly key: readonly [number, number];
  /** Number n of a block is kept where its random word, which follows from n and the key, is at least this. */
  readonly threshold: number;
  readonly scale: number;
}

/** The gradient g that a step with moments is made of: scale gradient + l2 w + l1 sign(w). */
export interface PenalisedStep {
  readonly scale: number;
  readonly l1: number;
  readonly l2: number;
}

export interface MomentumStep extends PenalisedStep {
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
}

export interface AdamStep extends PenalisedStep {
  /** The learning rate / (1 - beta1^t). */
  readonly stepSize: number;
  /** 1 - beta1, and below 1 - beta2: taken in float32, 1 - 0.999 would be off by a hundred thousandth. */
  readonly rest1: number;
  readonly beta2: number;
  readonly rest2: number;
  /** 1 / sqrt(1 - beta2^t) */
  readonly rootCorrection: number;
  readonly epsilon: number;
  /** What is left of the parameters before the step: 1, or less where they decay. */
  readonly keep: number;
}

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

export interface Kernels extends ActivationKernels {
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

  /**
   * Pre-activations of sigmoids become the output's deltas in place: sigmoid(a) - y, y one-hot from labels[order[k]]; padding becomes 0.
   * @param labels uint8 (rows of the data set)
   * @param outputs (count x stride)
   */
  outputDeltas(
    order: Address,
    labels: Address,
    count: number,
    layer: LayerParameters,
    outputs: Address,
  ): void;

  /** to (units x toStride) = from (inputs x stride) transposed; toStride is inputs rounded up to 4, its padding 0. */
  transpose(layer: LayerParameters, to: Address): void;

  /** parameters += factor * gradient, then gradient = 0, on `floats` numbers each (a multiple of 4). */
  descend(parameters: Address, gradient: Address, floats: number, factor: number): void;

  /**
   * A step with momentum, as PyTorch's SGD: v = momentum v + g, then parameters -= learningRate v, or (g + momentum v) for
   * nesterov; then gradient = 0. Moments below 2^-100 become 0. `floats` is a multiple of 4.
   */
  momentum(
    parameters: Address,
    gradient: Address,
    velocity: Address,
    floats: number,
    step: MomentumStep,
  ): void;

  /**
   * A step as PyTorch's Adam: the gradient's mean m and the mean of its square v move, then parameters =
   * keep parameters - stepSize m / (sqrt(v) rootCorrection + epsilon); then gradient = 0. Moments below 2^-100 and gradients
   * below 2^-50 count as 0. `floats` is a multiple of 4.
   */
  adam(
    parameters: Address,
    gradient: Address,
    mean: Address,
    square: Address,
    floats: number,
    step: AdamStep,
  ): void;

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

  /** L2: x = x + factor * x. `floats` is a multiple of 4. */
  decayL2(values: Address, floats: number, factor: number): void;

  /** L1: x = x + factor * sign(x), sign(0) = 0. `floats` is a multiple of 4. */
  decayL1(values: Address, floats: number, factor: number): void;

  /**
   * Sum over `count` rows, in order, of the binary cross-entropy of pre-activations against the one-hot labels
   * (a row's loss in float32, the sum over rows in float64), with softplus form max(a, 0) - a * y + log1p(exp(-|a|)).
   * @param labels uint8 (count): labels of exactly these rows, any alignment
   * @param outputs (count x stride)
   * @param logs (count x stride): becomes log1p(exp(-|a|)) of each pre-activation
   * @param predictions uint8 (count), any alignment: the class of the largest pre-activation, the lowest on a tie
   * @returns the sum; not finite if any pre-activation is not
   */
  loss(
    labels: Address,
    count: number,
    layer: LayerParameters,
    outputs: Address,
    logs: Address,
    predictions: Address,
  ): number;

  /** Each row of pre-activations becomes probabilities in place: exp(a - largest) / their sum; padding becomes 0. */
  softmax(count: number, layer: LayerParameters, outputs: Address): void;

  /** As outputDeltas, of a softmax: its probabilities - y. */
  softmaxDeltas(
    order: Address,
    labels: Address,
    count: number,
    layer: LayerParameters,
    outputs: Address,
  ): void;

  /**
   * As loss, of a softmax: the categorical cross-entropy log(sum over j of exp(a(j))) - a(label).
   * @param exps (count x stride): becomes exp(a - largest), 0 in its padding
   */
  softmaxLoss(
    labels: Address,
    count: number,
    layer: LayerParameters,
    outputs: Address,
    exps: Address,
    predictions: Address,
  ): number;

  /**
   * Outputs that are numbers become the deltas of the mean of their squared errors in place: 2 / units (output - target); padding
   * becomes 0.
   * @param targets (rows of the data set x stride)
   * @param outputs (count x stride)
   */
  squaredDeltas(
    order: Address,
    targets: Address,
    count: number,
    layer: LayerParameters,
    outputs: Address,
  ): void;

  /**
   * The squared errors of each output, summed over `count` rows, in order: the error in float32, its square and the sum in
   * float64. A sum is not finite if any of its outputs is not.
   * @param targets (count x stride): of exactly these rows
   * @param sums float64 (1 x stride): 0 in its padding
   */
  squaredErrors(
    targets: Address,
    count: number,
    layer: LayerParameters,
    outputs: Address,
    sums: Address,
  ): void;

  /**
   * to = from times the scale where a number is kept, 0 where it drops out, on `floats` numbers (a multiple of 4), the first of
   * which is number `first` of its block.
   */
  drop(from: Address, to: Address, floats: number, first: number, dropping: Dropping): void;

  /**
   * Each row of deltas times the weight of its label.
   * @param deltas (count x stride)
   * @param weights float32, one for each label
   */
  weighRows(
    order: Address,
    labels: Address,
    count: number,
    layer: LayerParameters,
    deltas: Address,
    weights: Address,
  ): void;

  /** How many of `count` bytes equal the byte at the same place from `others` on; any alignment. */
  countEqual(bytes: Address, others: Address, count: number): number;

  /** to (count x toStride) = rows `order` of a dense data set (rows x toStride). */
  gather(order: Address, count: number, rows: Address, stride: number, to: Address): void;
}
