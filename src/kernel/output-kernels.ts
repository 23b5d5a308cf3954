/** The kernels of the output layer: its deltas and its loss, of sigmoids, of a softmax and of outputs that are numbers. */
import type { Address, LayerParameters } from './layout.ts';

/** @param labels uint8 (rows of the data set) @param outputs (count x stride) */
type LabelDeltas = (
  order: Address,
  labels: Address,
  count: number,
  layer: LayerParameters,
  outputs: Address,
) => void;

/**
 * @param labels uint8 (count): labels of exactly these rows, any alignment
 * @param outputs (count x stride)
 * @param scratch (count x stride): see each
 * @param predictions uint8 (count), any alignment: the class of the largest pre-activation, the lowest on a tie
 * @returns the sum over rows, in order, in float64; not finite if any pre-activation is not
 */
type LabelLoss = (
  labels: Address,
  count: number,
  layer: LayerParameters,
  outputs: Address,
  scratch: Address,
  predictions: Address,
) => number;

export interface OutputKernels {
  /** Pre-activations of sigmoids become the output's deltas in place: sigmoid(a) - y, y one-hot from labels[order[k]]; padding becomes 0. */
  readonly outputDeltas: LabelDeltas;

  /**
   * The binary cross-entropy of pre-activations against the one-hot labels, a row's in float32, with softplus form
   * max(a, 0) - a * y + log1p(exp(-|a|)): the scratch becomes the logarithms.
   */
  readonly loss: LabelLoss;

  /** Each row of pre-activations becomes probabilities in place: exp(a - largest) / their sum; padding becomes 0. */
  softmax(count: number, layer: LayerParameters, outputs: Address): void;

  /** As outputDeltas, of a softmax: its probabilities - y. */
  readonly softmaxDeltas: LabelDeltas;

  /**
   * As loss, of a softmax: the categorical cross-entropy log(sum over j of exp(a(j))) - a(label); the scratch becomes
   * exp(a - largest), 0 in its padding.
   */
  readonly softmaxLoss: LabelLoss;
}

export interface SquareKernels {
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
}
