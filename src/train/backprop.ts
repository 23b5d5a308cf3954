/**
 * Forward and backward passes over blocks of rows, for any depth and width (Goodfellow et al. 2016, algorithms 6.3 and 6.4).
 * Not here: steps (optimizer.ts), epochs, row order, threads.
 */
import type { Address, Dropping, Kernels, LayerParameters } from '../kernel/kernels.ts';
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

/** Where each layer's activations (count x stride) stand in the scratch. */
function activationsOf(layers: readonly LayerParameters[], count: number, scratch: Scratch): Address[] {
  let address = scratch.activations;
  return layers.map(({ stride }) => {
    const start = address;
    address += 4 * count * stride;
    return start;
  });
}

/** Fills the scratch with every layer's activations; the last layer's stay pre-activations. Returns their addresses. */
export function forward(
  kernels: Kernels,
  { layers, activation }: NetworkInMemory,
  rows: RowsInMemory,
  { order, count, dropout }: Batch,
  scratch: Scratch,
): Address[] {
  const activations = activationsOf(layers, count, scratch);
  for (const [index, layer] of layers.entries()) {
    const output = activations[index] as Address;
    if (index > 0) {
      const input = activations[index - 1] as Address;
      const { stride } = layers[index - 1] as LayerParameters;
      kernels[activation](input, count * stride);
      const shown = shownTo(index, activations, scratch, dropout);
      if (dropout !== undefined) {
        const dropping = droppingOf(dropout, index - 1);
        kernels.drop(input, shown, count * stride, dropout.firstRow * stride, dropping);
      }
      kernels.forwardDense(shown, stride, count, layer, output, scratch.panels);
    } else if (rows.form.kind === 'sparse') {
      kernels.forwardSparse(order, count, rows.form.rows, layer, output, scratch.wide);
    } else {
      kernels.gather(order, count, rows.form.rows, rows.form.stride, scratch.inputs);
      kernels.forwardDense(scratch.inputs, rows.form.stride, count, layer, output, scratch.panels);
    }
  }
  return activations;
}

/** Where the inputs of a layer behind the first stand: the activations before it, or what dropout has left of them. */
function shownTo(
  layer: number,
  activations: readonly Address[],
  scratch: Scratch,
  dropout: BatchDropout | undefined,
): Address {
  const [first, input] = [activations[0] as Address, activations[layer - 1] as Address];
  return dropout === undefined ? input : scratch.dropped + (input - first);
}

/** Adds the gradient of the batch rows' summed losses to `gradient`, which has the shape of the network's layers. */
export function backward(
  kernels: Kernels,
  network: NetworkInMemory,
  rows: RowsInMemory,
  batch: Batch,
  gradient: readonly LayerParameters[],
  scratch: Scratch,
): void {
  const { layers, activation, output } = network;
  const { order, count, dropout, classWeights } = batch;
  const activations = forward(kernels, network, rows, batch, scratch);
  const [last, outputs] = [layers.at(-1) as LayerParameters, activations.at(-1) as Address];
  const { learns, deltas: outputDeltas } = outputFacts[output];
  const answers = learns === 'classes' ? rows.labels : (rows.targets?.rows as Address);
  kernels[outputDeltas](order, answers, count, last, outputs);
  if (classWeights !== undefined) kernels.weighRows(order, rows.labels, count, last, outputs, classWeights);
  for (let index = layers.length - 1; index > 0; index--) {
    const layer = layers[index] as LayerParameters;
    const deltas = activations[index] as Address;
    const inputs = activations[index - 1] as Address;
    const inputStride = strideOf(layer.inputs);
    // Before the activations below are overwritten by their deltas.
    const shown = shownTo(index, activations, scratch, dropout);
    const step = gradient[index] as LayerParameters;
    kernels.updateDense(shown, inputStride, count, deltas, step, scratch.panels);
    kernels.transpose(layer, scratch.transposed);
    const { units, stride } = layer;
    kernels[`${activation}Deltas`](
      ...([deltas, units, stride, scratch.transposed, count, inputStride, inputs, scratch.panels] as const),
    );
    if (dropout !== undefined) {
      const dropping = droppingOf(dropout, index - 1);
      kernels.drop(inputs, inputs, count * inputStride, dropout.firstRow * inputStride, dropping);
    }
  }
  const [deltas, target] = [activations[0] as Address, gradient[0] as LayerParameters];
  if (rows.form.kind === 'sparse') {
    kernels.updateSparse(order, count, rows.form.rows, deltas, target, scratch.wide);
  } else {
    kernels.updateDense(scratch.inputs, rows.form.stride, count, deltas, target, scratch.panels);
  }
}
