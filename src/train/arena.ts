/**
 * What a training keeps in shared memory, as lists of blocks: an arena for each trial, a scratch for each thread.
 * All that a trial needs to go on lies in its arena, so any thread can take it over between two epochs.
 * Not here: allocation and arithmetic.
 */
import { denseScratchBytes, sparseScratchBytes, tiledBytes } from '../kernel/kernels.ts';
import type { Address } from '../kernel/layout.ts';
import { measuredColumns } from '../metric.ts';
import { paddedCount, type RowRange, type RowsInMemory, strideOf } from './model.ts';
import { momentsOf, type Optimizer } from './optimizer.ts';

/** Rows measured at a time. Part of the answer: losses are summed within blocks of this many rows, then over blocks. */
export const evaluationBlockRows = 256;

/** How the rows of a range fall into evaluation blocks. */
export const blockCount = ({ from, to }: RowRange): number => Math.ceil((to - from) / evaluationBlockRows);

interface Block<Name extends string> {
  readonly name: Name;
  readonly bytes: number;
}

/** A place for each block, 64-byte aligned so that no two blocks share a cache line. */
export type Placed<Name extends string> = { readonly [Key in Name]: Address } & { readonly end: Address };

// Not by bits: addresses go past 2^31.
const align = (address: Address): Address => Math.ceil(address / 64) * 64;

/** Lays blocks out one after the other from `address`. */
export function place<Name extends string>(blocks: readonly Block<Name>[], address: Address): Placed<Name> {
  const places: Record<string, Address> = {};
  let next = align(address);
  for (const { name, bytes } of blocks) {
    places[name] = next;
    next = align(next + bytes);
  }
  return { ...places, end: next } as Placed<Name>;
}

/** What decides how much a training keeps of its network. */
export interface StateShape {
  readonly sizes: readonly number[];
  readonly optimizer: Optimizer;
}

/** How many floats hold the state of a network under training: its padded parameters, then the optimizer's moments of each. */
export const stateCount = ({ sizes, optimizer }: StateShape): number =>
  paddedCount(sizes) * (1 + momentsOf(optimizer));

/** Where the moments of the state at `address` are. */
export const momentsAt = (address: Address, { sizes, optimizer }: StateShape): Address[] =>
  Array.from({ length: momentsOf(optimizer) }, (_, index) => address + 4 * paddedCount(sizes) * (index + 1));

/** What decides the size of a trial's arena. */
export interface ArenaShape extends StateShape {
  readonly epochs: number;
  readonly training: RowRange;
  readonly evaluation: RowRange;
}

/** A trial's arena. */
export const arenaBlocks = ({ sizes, optimizer, epochs, training, evaluation }: ArenaShape) =>
  [
    { name: 'control', bytes: 4 * Object.keys(control).length },
    // Each with the optimizer's moments behind its parameters.
    { name: 'parameters', bytes: 4 * stateCount({ sizes, optimizer }) },
    { name: 'snapshot', bytes: 4 * stateCount({ sizes, optimizer }) },
    { name: 'best', bytes: 4 * paddedCount(sizes) },
    // Per epoch: its measuredColumns (float64).
    { name: 'curve', bytes: 8 * curveColumns * epochs },
    // Per evaluation block: sum of losses, correct rows, or of each output's squared errors (float64).
    {
      name: 'measured',
      bytes: 8 * Math.max(2, sizes.at(-1) as number) * (blockCount(training) + blockCount(evaluation)),
    },
    // A bit set over the evaluation rows: which of them the model of a finished training gets right.
    { name: 'correct', bytes: correctBytes(evaluation) },
  ] as const;

/** Bytes of a bit set over the rows of a range. */
export const correctBytes = ({ from, to }: RowRange): number => Math.ceil((to - from) / 8);

export type Arena = Placed<ReturnType<typeof arenaBlocks>[number]['name']>;

/** Numbers a row of the curve has room for. */
export const curveColumns = Math.max(measuredColumns.classes.length, measuredColumns.numbers.length);

/** The 32-bit words of a trial's control block; every access is atomic. */
export const control = {
  /** Epochs trained and measured; the curve's rows below it may be read. */
  measuredEpochs: 0,
  /** Epochs trained; at most one more than measured. */
  trainedEpochs: 1,
  /** Parts of mini-batches begun: the heartbeat. */
  parts: 2,
  /** What the thread is asked for, one of `requests`. */
  request: 3,
  /** The epoch with the best weights, 0 before the first. */
  bestEpoch: 4,
  /** The next evaluation block to claim; at their number and above there is none. */
  nextBlock: 5,
  /** Evaluation blocks measured. */
  measuredBlocks: 6,
  /** Odd while the snapshot, the best weights or the curve are being written; a reader that saw it change reads again. */
  version: 7,
  /** Threads that help to measure; with any, the training goes on while its last epoch is measured. */
  assistants: 8,
  /** After how many trained epochs to make room for another trial; 0: never. */
  yieldAt: 9,
} as const;

/** An arena's control words. */
export const controlWords = (
  buffer: ArrayBufferLike,
  { control: address }: Pick<Arena, 'control'>,
): Int32Array => new Int32Array(buffer, address, Object.keys(control).length);

/** In control.nextBlock: there is nothing to measure. */
export const noBlock = 2 ** 30;

/** The words that all threads share; every access is atomic. */
export const board = {
  /** Rung (counted up) whenever there is something to measure, or for an assistant to look up. */
  bell: 0,
  /** 1: assistants are to leave. */
  dismiss: 1,
} as const;

/** What a trial's thread can be asked to do at the next part of a mini-batch. */
export const requests = { goOn: 0, stop: 1 } as const;

/** Products that a part of a mini-batch takes at most, unless its rows are very few: some tenths of a second. */
const productsInPart = 2 ** 28;
/** Fewer rows would cost more: every part reads all weights. */
const fewestRowsInPart = 64;

/** How many rows of a mini-batch are trained on at a time, so that a thread shows that it is alive, and can be stopped. */
export const rowsInPart = (sizes: readonly number[]): number =>
  Math.max(fewestRowsInPart, Math.floor(productsInPart / paddedCount(sizes)));

/** What decides the size of a thread's scratch: the largest of everything it may be asked to train. */
export interface ScratchShape {
  readonly sizes: readonly number[];
  readonly batchSize: number;
  readonly trainingRows: number;
  /** How the first layer reads its rows. */
  readonly form: RowsInMemory['form']['kind'];
  /** The share of hidden units that drop out. */
  readonly dropout?: number | undefined;
}

/** A thread's scratch: nothing in it outlives a mini-batch (the gradient), or an epoch (the row order). */
export const scratchBlocks = ({ sizes, batchSize, trainingRows, form, dropout = 0 }: ScratchShape) => {
  const rows = Math.max(Math.min(batchSize, rowsInPart(sizes)), evaluationBlockRows);
  const [inputs, firstStride] = [sizes[0] as number, strideOf(sizes[1] as number)];
  const isSparse = form === 'sparse';
  // What kernels of dense layers read: sparse rows have their own.
  const read = isSparse ? sizes.slice(1) : sizes;
  const transposed = sizes
    .slice(1, -1)
    .map((inputs, layer) => (sizes[layer + 2] as number) * strideOf(inputs));
  const activationBytes = (layers: readonly number[]) =>
    4 * rows * layers.reduce((sum, units) => sum + strideOf(units), 0);
  return [
    { name: 'order', bytes: 4 * trainingRows },
    // What kernels work with, and may leave as they like, stands before all that they must write (self-check.ts): those of sparse
    // rows where the first layer is wide,
    { name: 'wide', bytes: isSparse ? sparseScratchBytes(inputs, firstStride) : 0 },
    // and those of the other layers.
    { name: 'panels', bytes: denseScratchBytes(rows, Math.max(...read), Math.max(...sizes.slice(1))) },
    // The first layer's weights as sparse rows that are measured take them.
    { name: 'tiled', bytes: isSparse ? tiledBytes(inputs, firstStride) : 0 },
    // A part of a mini-batch of a dense data set, gathered.
    { name: 'inputs', bytes: isSparse ? 0 : 4 * rows * strideOf(inputs) },
    { name: 'activations', bytes: activationBytes(sizes.slice(1)) },
    // Hidden activations of which some have dropped out, beside those that the slopes are taken at.
    { name: 'dropped', bytes: dropout > 0 ? activationBytes(sizes.slice(1, -1)) : 0 },
    { name: 'classWeights', bytes: 4 * strideOf(sizes.at(-1) as number) },
    { name: 'gradient', bytes: 4 * paddedCount(sizes) },
    { name: 'transposed', bytes: 4 * Math.max(0, ...transposed) },
    { name: 'logs', bytes: 4 * rows * strideOf(sizes.at(-1) as number) },
    { name: 'predictions', bytes: evaluationBlockRows },
  ] as const;
};

export type Scratch = Placed<ReturnType<typeof scratchBlocks>[number]['name']>;
