/**
 * Forward and backward passes over blocks of rows, for any depth and width (Goodfellow et al. 2016, algorithms 6.3 and 6.4).
 * Not here: steps (optimizer.ts), epochs, row order, threads.
 */
import type { Dropping } from '../kernel/dropout-kernels.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { Address, LayerParameters } from '../kernel/layout.ts';
import type { Scratch } from './arena.ts';
import { type NetworkInMemory, type RowsInMemory, strideOf } from './model.ts';
import { outputs as outputFacts } from './outputs.ts';

/** The rows of one mini-batch: uint32 row numbers at `order`, `count` of them. */
export interface Batch {
  readonly order: Address;
  readonly count: number;
  /** While training with dropout. */
  readonly dropout?: BatchDropout | undefined;
  /** Float32, one for each class, while training with weights of classes. */
  readonly classWeights?: Address | undefined;
}

/** What drops out of a mini-batch. */
export interface BatchDropout {
  /** The share of hidden units that do. */
  readonly rate: number;
  /** Of each hidden layer. */
  readonly keys: readonly Dropping['key'][];
  /** Rows of the mini-batch before these ones. */
  readonly firstRow: number;
}

/** Of a hidden layer's numbers. */
function droppingOf({ rate, keys }: BatchDropout, layer: number): Dropping {
  const key = keys[layer] as Dropping['key'];
  return { key, threshold: Math.floor(rate * 2 ** 32), scale: 1 / (1 - rate) };
}

/**
 * Fills the scratch with every layer's activations (count x stride), one after the other; the last layer's stay pre-activations.
 * @returns the address of those
 */
export function forward(
  kernels: Kernels,
  { layers, activation }: NetworkInMemory,
  { form }: RowsInMemory,
  { order, count, dropout }: Batch,
  scratch: Scratch,
): Address {
  const [first] = layers as [LayerParameters];
  let output = scratch.activations;
  if (form.kind === 'sparse') {
    kernels.forwardSparse(order, count, form.rows, first, output, scratch.wide);
  } else {
    kernels.gather(order, count, form.rows, form.stride, scratch.inputs);
    kernels.forwardDense(scratch.inputs, form.stride, count, first, output, scratch.panels);
  }
  let { stride } = first;
  for (let index = 1; index < layers.length; index++) {
    const layer = layers[index] as LayerParameters;
    const floats = count * stride;
    const input = output;
    output += 4 * floats;
    kernels[activation](input, floats);
    const shown = shownOf(input, scratch, dropout);
    if (dropout !== undefined)
      kernels.drop(input, shown, floats, dropout.firstRow * stride, droppingOf(dropout, index - 1));
    kernels.forwardDense(shown, stride, count, layer, output, scratch.panels);
    stride = layer.stride;
  }
  return output;
}

/** Where the next layer finds the activations at `input`, or what dropout has left of them. */
const shownOf = (input: Address, scratch: Scratch, dropout: BatchDropout | undefined): Address =>
  dropout === undefined ? input : scratch.dropped + (input - scratch.activations);

/** Adds the gradient of the batch rows' summed losses to `gradient`, which has the shape of the network's layers. */
export function backward(
  kernels: Kernels,
  network: NetworkInMemory,
  rows: RowsInMemory,
  batch: Batch,
  gradient: readonly LayerParameters[],
  scratch: Scratch,
): void {
  const { layers, output, slope } = network;
  const { order, count, dropout, classWeights } = batch;
  let deltas = forward(kernels, network, rows, batch, scratch);
  let index = layers.length - 1;
  const last = layers[index] as LayerParameters;
  const { learns, deltas: outputDeltas } = outputFacts[output];
  const answers = learns === 'classes' ? rows.labels : (rows.targets?.rows as Address);
  kernels[outputDeltas](order, answers, count, last, deltas);
  if (classWeights !== undefined) kernels.weighRows(order, rows.labels, count, last, deltas, classWeights);
  for (; index > 0; index--) {
    const layer = layers[index] as LayerParameters;
    const inputStride = strideOf(layer.inputs);
    const floats = count * inputStride;
    const inputs = deltas - 4 * floats;
    // Before the activations below are overwritten by their deltas.
    const shown = shownOf(inputs, scratch, dropout);
    const target = gradient[index] as LayerParameters;
    kernels.updateDense(shown, inputStride, count, deltas, target, scratch.panels);
    kernels.transpose(layer, scratch.transposed);
    const { units, stride } = layer;
    kernels[slope](deltas, units, stride, scratch.transposed, count, inputStride, inputs, scratch.panels);
    if (dropout !== undefined)
      kernels.drop(inputs, inputs, floats, dropout.firstRow * inputStride, droppingOf(dropout, index - 1));
    deltas = inputs;
  }
  const { form } = rows;
  const [target] = gradient as [LayerParameters];
  if (form.kind === 'sparse') {
    kernels.updateSparse(order, count, form.rows, deltas, target, scratch.wide);
  } else {
    kernels.updateDense(scratch.inputs, form.stride, count, deltas, target, scratch.panels);
  }
}
