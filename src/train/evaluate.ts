/**
 * Measures one set of weights on the training rows and on the rows being watched, block by block.
 * Blocks are claimed one at a time, so any number of threads can share the work; the sums are taken in order of
 * blocks afterwards, so how they were shared cannot change a bit.
 */
import type { Address, Kernels, LayerParameters } from '../kernel/kernels.ts';
import {
  type Arena,
  blockCount,
  control,
  controlWords,
  correctBytes,
  evaluationBlockRows,
  type Scratch,
} from './arena.ts';
import { forward } from './backprop.ts';
import {
  type NetworkFunctions,
  type NetworkInMemory,
  networkAt,
  type RowRange,
  type RowsInMemory,
} from './model.ts';
import { outputs } from './outputs.ts';
import type { Training } from './train.ts';

/** What a thread brings to a training: its kernels, bound to the shared memory `buffer`, and its scratch. */
export interface Thread {
  readonly kernels: Kernels;
  readonly buffer: ArrayBufferLike;
  readonly scratch: Scratch;
  /** int32: the words that all threads share, see `board`. */
  readonly board: Int32Array;
  /** Called between two epochs, while the scratch is free; what it throws ends the training. */
  readonly afterEpoch?: (training: Training, epoch: number) => void;
}

/** What is measured, and where. */
export interface Measurement extends NetworkFunctions {
  readonly sizes: readonly number[];
  readonly rows: RowsInMemory;
  /** uint32: 0, 1, 2, ... for every row of the data set. */
  readonly naturalOrder: Address;
  readonly training: RowRange;
  readonly evaluation: RowRange;
  readonly arena: Arena;
}

/** How many blocks one epoch's measurement has. */
export const measurementBlocks = ({ training, evaluation }: Measurement): number =>
  blockCount(training) + blockCount(evaluation);

/** Claims and measures blocks of the arena's snapshot until none is left. */
export function measureBlocks(thread: Thread, measurement: Measurement): void {
  const { training, evaluation, arena } = measurement;
  const words = controlWords(thread.buffer, arena);
  const blocks = measurementBlocks(measurement);
  const sums = new Float64Array(thread.buffer, arena.measured, 2 * blocks);
  const trainingBlocks = blockCount(training);
  const network = networkAt(measurement, arena.snapshot);
  for (;;) {
    // Each block goes to whoever takes the number first, so none is measured twice.
    const block = Atomics.add(words, control.nextBlock, 1);
    if (block >= blocks) return;
    const isTraining = block < trainingBlocks;
    const range = isTraining ? training : evaluation;
    const from = range.from + (isTraining ? block : block - trainingBlocks) * evaluationBlockRows;
    const to = Math.min(from + evaluationBlockRows, range.to);
    const { loss, correct } = measureRows(thread, measurement, network, { from, to });
    sums[2 * block] = loss;
    sums[2 * block + 1] = correct;
    // Counted only after its sums are written: who sees the full count also sees every sum.
    Atomics.add(words, control.measuredBlocks, 1);
    Atomics.notify(words, control.measuredBlocks);
  }
}

/**
 * Notes in the arena which evaluation rows the weights at `parameters` get right. Once, when a training has ended:
 * kept epoch by epoch it would have to be part of every checkpoint.
 */
export function markCorrectRows(thread: Thread, measurement: Measurement, parameters: Address): void {
  const { buffer, scratch } = thread;
  const { rows, evaluation, arena } = measurement;
  const network = networkAt(measurement, parameters);
  const bits = new Uint8Array(buffer, arena.correct, correctBytes(evaluation)).fill(0);
  const labels = new Uint8Array(buffer, rows.labels, rows.count);
  const predictions = new Uint8Array(buffer, scratch.predictions, evaluationBlockRows);
  for (let from = evaluation.from; from < evaluation.to; from += evaluationBlockRows) {
    const to = Math.min(from + evaluationBlockRows, evaluation.to);
    measureRows(thread, measurement, network, { from, to });
    for (let row = from; row < to; row++) {
      const bit = row - evaluation.from;
      if (labels[row] === predictions[row - from])
        bits[bit >> 3] = (bits[bit >> 3] as number) | (1 << (bit & 7));
    }
  }
}

/** Sum of losses and number of correct rows of at most evaluationBlockRows rows, by `network`. */
function measureRows(
  { kernels, scratch }: Thread,
  { rows, naturalOrder }: Measurement,
  network: NetworkInMemory,
  { from, to }: RowRange,
): { loss: number; correct: number } {
  const last = network.layers.at(-1) as LayerParameters;
  const count = to - from;
  const activations = forward(kernels, network, rows, { order: naturalOrder + 4 * from, count }, scratch);
  const preActivations = activations.at(-1) as Address;
  const labels = rows.labels + from;
  const measure = kernels[outputs[network.output].loss];
  const loss = measure(labels, count, last, preActivations, scratch.logs, scratch.predictions);
  return { loss, correct: kernels.countEqual(labels, scratch.predictions, count) };
}
