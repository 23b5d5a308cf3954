/**
 * The shape of a network and of everything its training keeps in memory, as one list of blocks.
 * Not here: allocation, threads, arithmetic.
 */
import type { Activation } from '../kernel/activations.ts';
import type { Address, LayerParameters, SparseRows } from '../kernel/layout.ts';
import type { Output } from './outputs.ts';

/** A data set's rows as they lie in shared memory; written once, read by every thread. */
export interface RowsInMemory {
  /** How the first layer reads them: as lists of non-blank inputs, or every input. */
  readonly form:
    | { readonly kind: 'sparse'; readonly rows: SparseRows }
    | { readonly kind: 'dense'; readonly rows: Address; readonly stride: number };
  /** uint8 (rows): classes; 0 where rows have targets. */
  readonly labels: Address;
  readonly targets?: TargetsInMemory | undefined;
  readonly count: number;
  readonly inputs: number;
  readonly classes: number;
}

/** The numbers that rows come with, scaled as a network learns them. */
export interface TargetsInMemory {
  /** float32 (rows x stride); its padding is 0. */
  readonly rows: Address;
  readonly stride: number;
  /** What 1 is of each in its own unit. */
  readonly units: readonly number[];
}

/** Consecutive rows of a data set: from `from` to `to`, the last not included. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** One named piece of parameters: `rows` x `cols` numbers that matter, each row padded to `stride`. */
export interface ParameterBlock {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  readonly stride: number;
  /** Where it starts among the padded parameters, in floats. */
  readonly offset: number;
}

/** `units` rounded up to whole vectors of four. */
export const strideOf = (units: number): number => (units + 3) & ~3;

/** The parameters of a network in order: weights1 (inputs x units), biases1 (1 x units), weights2, ... */
export function parameterBlocks(sizes: readonly number[]): ParameterBlock[] {
  const blocks: ParameterBlock[] = [];
  let offset = 0;
  for (const [layer, units] of sizes.slice(1).entries()) {
    const stride = strideOf(units);
    for (const [kind, rows] of [
      ['weights', sizes[layer] as number],
      ['biases', 1],
    ] as const) {
      blocks.push({ name: `${kind}${layer + 1}`, rows, cols: units, stride, offset });
      offset += rows * stride;
    }
  }
  return blocks;
}

/** How many parameters a network has, without padding. */
export function parameterCount(sizes: readonly number[]): number {
  let count = 0;
  for (let layer = 1; layer < sizes.length; layer++)
    count += ((sizes[layer - 1] as number) + 1) * (sizes[layer] as number);
  return count;
}

/** How many floats its padded parameters take. */
export function paddedCount(sizes: readonly number[]): number {
  let floats = 0;
  for (let layer = 1; layer < sizes.length; layer++)
    floats += ((sizes[layer - 1] as number) + 1) * strideOf(sizes[layer] as number);
  return floats;
}

/** The layers of a network whose padded parameters start at `address`. */
export function layersAt(sizes: readonly number[], address: Address): LayerParameters[] {
  const blocks = parameterBlocks(sizes);
  return sizes.slice(1).map((units, layer) => {
    const weights = blocks[2 * layer] as ParameterBlock;
    const biases = blocks[2 * layer + 1] as ParameterBlock;
    return {
      inputs: weights.rows,
      units,
      stride: weights.stride,
      weights: address + 4 * weights.offset,
      biases: address + 4 * biases.offset,
    };
  });
}

/** What a network computes, beside its parameters. */
export interface NetworkFunctions {
  /** Of hidden units. */
  readonly activation: Activation;
  readonly output: Output;
}

/** A network whose parameters lie in memory. */
export interface NetworkInMemory extends NetworkFunctions {
  readonly layers: readonly LayerParameters[];
  /** The kernel that goes back through its activation. */
  readonly slope: `${Activation}Deltas`;
}

export const networkAt = (
  { sizes, activation, output }: NetworkFunctions & { readonly sizes: readonly number[] },
  address: Address,
): NetworkInMemory => ({
  ...{ layers: layersAt(sizes, address), activation, output },
  slope: `${activation}Deltas`,
});

/** Copies logical parameters into padded ones; padding becomes 0. */
export function padParameters(sizes: readonly number[], logical: Float32Array, padded: Float32Array): void {
  const count = parameterCount(sizes);
  // Too few would leave the rest at 0 without a word.
  if (logical.length !== count)
    throw new Error(`${sizes} has ${count} parameters, but got ${logical.length}.`);
  padded.fill(0);
  let from = 0;
  for (const { rows, cols, stride, offset } of parameterBlocks(sizes)) {
    for (let row = 0; row < rows; row++, from += cols) {
      padded.set(logical.subarray(from, from + cols), offset + row * stride);
    }
  }
}

/** Copies padded parameters into a new array without the padding. */
export function unpadParameters(sizes: readonly number[], padded: Float32Array): Float32Array {
  const logical = new Float32Array(parameterCount(sizes));
  let to = 0;
  for (const { rows, cols, stride, offset } of parameterBlocks(sizes)) {
    for (let row = 0; row < rows; row++, to += cols) {
      logical.set(padded.subarray(offset + row * stride, offset + row * stride + cols), to);
    }
  }
  return logical;
}
