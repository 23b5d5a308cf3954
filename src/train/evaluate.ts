/**
 * Measures one set of weights on the training rows and on the rows being watched, block by block.
 * Blocks are claimed one at a time, so any number of threads can share the work; the sums are taken in order of
 * blocks afterwards, so how they were shared cannot change a bit.
 */
import { type Kernels, tiledBytes } from '../kernel/kernels.ts';
import type { Address, LayerParameters } from '../kernel/layout.ts';
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
  type TargetsInMemory,
} from './model.ts';
import { outputs } from './outputs.ts';
import type { DrawnOrders } from './row-order.ts';

/** What a thread brings to a training: its kernels, bound to the shared memory `buffer`, and its scratch. */
export interface Thread {
  readonly kernels: Kernels;
  readonly buffer: ArrayBufferLike;
  readonly scratch: Scratch;
  /** int32: the words that all threads share, see `board`. */
  readonly board: Int32Array;
  /** Called between two epochs, while the scratch is free; what it throws ends the training. */
  readonly afterEpoch?: (epoch: number) => void;
  /** What it has drawn before; without, every epoch's row order is drawn anew. */
  readonly drawnOrders?: DrawnOrders;
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

/** Gives what claims and measures blocks of the arena's snapshot until none is left. */
export function blockMeasurer(thread: Thread, measurement: Measurement): () => void {
  const { training, evaluation, arena } = measurement;
  const words = controlWords(thread.buffer, arena);
  const blocks = measurementBlocks(measurement);
  const width = sumsOf(measurement);
  const sums = new Float64Array(thread.buffer, arena.measured, width * blocks);
  const trainingBlocks = blockCount(training);
  const { begin, measureRows } = rowsMeasurer(thread, measurement, arena.snapshot);
  return () => {
    // None yet: the scratch was used for other things meanwhile.
    let begun = -1;
    for (;;) {
      // Each block goes to the thread that takes its number first, so none is measured twice.
      const block = Atomics.add(words, control.nextBlock, 1);
      if (block >= blocks) return;
      // The snapshot's, which nobody can publish anew before this block counts as measured.
      const epoch = Atomics.load(words, control.trainedEpochs);
      if (epoch !== begun) begin();
      begun = epoch;
      const isTraining = block < trainingBlocks;
      const range = isTraining ? training : evaluation;
      const from = range.from + (isTraining ? block : block - trainingBlocks) * evaluationBlockRows;
      measureRows(from, Math.min(from + evaluationBlockRows, range.to), sums, width * block);
      // Counted only after its sums are written: who sees the full count also sees every sum.
      const before = Atomics.add(words, control.measuredBlocks, 1);
      // Nobody waits for less than all of them.
      if (before + 1 === blocks) Atomics.notify(words, control.measuredBlocks);
    }
  };
}

/** How many sums there are of a block: of losses and of correct rows, or of each output's squared errors. */
export const sumsOf = ({ output, sizes }: Pick<Measurement, 'output' | 'sizes'>): number =>
  outputs[output].learns === 'classes' ? 2 : (sizes.at(-1) as number);

/**
 * Notes in the arena which evaluation rows the weights at `parameters` get right. Once, when a training has ended:
 * kept epoch by epoch it would have to be part of every checkpoint.
 */
export function markCorrectRows(thread: Thread, measurement: Measurement, parameters: Address): void {
  const { buffer, scratch } = thread;
  const { rows, evaluation, arena, output } = measurement;
  // A number is not right or wrong.
  if (outputs[output].learns === 'numbers') return;
  const { begin, measureRows } = rowsMeasurer(thread, measurement, parameters);
  begin();
  const sums = new Float64Array(sumsOf(measurement));
  const bits = new Uint8Array(buffer, arena.correct, correctBytes(evaluation)).fill(0);
  const labels = new Uint8Array(buffer, rows.labels, rows.count);
  const predictions = new Uint8Array(buffer, scratch.predictions, evaluationBlockRows);
  for (let from = evaluation.from; from < evaluation.to; from += evaluationBlockRows) {
    const to = Math.min(from + evaluationBlockRows, evaluation.to);
    measureRows(from, to, sums, 0);
    for (let row = from; row < to; row++) {
      const bit = row - evaluation.from;
      if (labels[row] === predictions[row - from])
        bits[bit >> 3] = (bits[bit >> 3] as number) | (1 << (bit & 7));
    }
  }
}

/** Measures rows by one set of weights after the other. */
interface RowsMeasurer {
  /** To be called where the weights are not those of before, or the scratch may have been used for anything else. */
  readonly begin: () => void;
  /** Writes the sums of at most evaluationBlockRows rows into `sums`, from `at` on. */
  readonly measureRows: (from: number, to: number, sums: Float64Array, at: number) => void;
}

/** Of the weights at `parameters`. */
function rowsMeasurer(thread: Thread, measurement: Measurement, parameters: Address): RowsMeasurer {
  const { kernels, scratch, buffer } = thread;
  const { rows, naturalOrder, output } = measurement;
  const { begin, network } = tiledNetwork(thread, measurement, parameters);
  const last = network.layers.at(-1) as LayerParameters;
  const facts = outputs[output];
  const outputsOf = (from: number, count: number) =>
    forward(kernels, network, rows, { order: naturalOrder + 4 * from, count }, scratch);
  if (facts.learns === 'numbers') {
    const targets = targetsIn(rows);
    const squares = new Float64Array(buffer, scratch.logs, last.units);
    const measureRows: RowsMeasurer['measureRows'] = (from, to, sums, at) => {
      const answers = targets.rows + 4 * last.stride * from;
      kernels[facts.loss](answers, to - from, last, outputsOf(from, to - from), scratch.logs);
      sums.set(squares, at);
    };
    return { begin, measureRows };
  }
  const { logs, predictions } = scratch;
  const measureRows: RowsMeasurer['measureRows'] = (from, to, sums, at) => {
    const count = to - from;
    const labels = rows.labels + from;
    sums[at] = kernels[facts.loss](labels, count, last, outputsOf(from, count), logs, predictions);
    sums[at + 1] = kernels.countEqual(labels, predictions, count);
  };
  return { begin, measureRows };
}

/** The network at `parameters`, with a wide first layer's weights laid out in the scratch where many blocks are measured by them. */
function tiledNetwork(
  { kernels, scratch: { tiled } }: Thread,
  measurement: Measurement,
  parameters: Address,
): { begin: () => void; network: NetworkInMemory } {
  const network = networkAt(measurement, parameters);
  const [first, ...others] = network.layers as [LayerParameters];
  const isWide = measurement.rows.form.kind === 'sparse' && tiledBytes(first.inputs, first.stride) > 0;
  if (!isWide || measurementBlocks(measurement) < 4) return { begin: () => {}, network };
  return {
    begin: () => kernels.tileWeights(first, tiled),
    network: { ...network, layers: [{ ...first, tiled }, ...others] },
  };
}

/** Only rows that have targets are ever given to a network of numbers (data/). */
export function targetsIn({ targets }: RowsInMemory): TargetsInMemory {
  if (targets === undefined) throw new Error('These rows have no targets.');
  return targets;
}
