/**
 * Trains one network for its epochs and measures it after each.
 * All state is in the trial's arena, and every random number is keyed by the epoch: a training that was stopped goes
 * on from its last whole epoch, on any thread, with the same bits.
 * Not here: threads, clocks, files.
 */
import type { Address } from '../kernel/kernels.ts';
import { comparedBy, type NetworkMetric, networkMetrics, reportOf } from '../metric.ts';
import { type Purpose, randomStream, shuffle } from '../random.ts';
import type { Report } from '../trial.ts';
import { board, control, controlWords, curveColumns, momentsAt, requests, rowsInPart } from './arena.ts';
import { copyState, curveView, parametersAt, reportAt, stateAt } from './arena-state.ts';
import { type BatchDropout, backward } from './backprop.ts';
import {
  type Measurement,
  markCorrectRows,
  measureBlocks,
  measurementBlocks,
  type Thread,
} from './evaluate.ts';
import { measuredNumbers } from './measured.ts';
import { layersAt, type NetworkFunctions, networkAt, paddedCount, type RowRange } from './model.ts';
import { decayedAfter, decayedOnce, descend, type Optimizer, type Penalty } from './optimizer.ts';
import { learningRateAt, type Schedule } from './schedule.ts';

/** The settings that every training must be given. */
export interface Steps {
  /** How far a step goes, before its schedule. */
  readonly learningRate: number;
  /** Rows a mini-batch; the last batch of an epoch may be smaller. */
  readonly batchSize: number;
}

/** Everything that decides the answer of a training, but for the rows and the starting weights. */
export interface TrainingPlan extends NetworkFunctions {
  readonly sizes: readonly number[];
  readonly training: RowRange;
  /** Rows measured after each epoch, never trained on. */
  readonly evaluation: RowRange;
  readonly params: Steps;
  readonly epochs: number;
  /** How a mini-batch's gradient is reduced over its rows. */
  readonly reduction: 'sum' | 'mean';
  readonly penalty: Penalty;
  readonly lambda: number;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  /** The share of hidden units that drop out of each row's pass. */
  readonly dropout: number;
  /** What each class counts in the gradient; undefined: all the same. Losses are told without. */
  readonly classWeights: readonly number[] | undefined;
  /** Epochs without a better one that end the training; 0: none do. */
  readonly patience: number;
  /** Epochs in which the learning rate rises, before its schedule begins. */
  readonly warmup: number;
  readonly rowOrder: 'shuffled' | 'natural';
  readonly seed: number;
  readonly replicate: number;
  /** Which random stream shuffles the rows. */
  readonly orderPurpose: Purpose;
  /** What makes an epoch the best one. */
  readonly bestBy: NetworkMetric;
  /** Whose weights are the trial's model: the best epoch's, or the last one's where the rows measured may not choose. */
  readonly modelEpoch: 'best' | 'last';
}

/** A plan and where its rows and its state lie; the arena holds the starting weights. */
export interface Training extends TrainingPlan, Measurement {
  /** The epoch after which it stops, measured; default: it goes on to its last. */
  readonly until?: number | undefined;
}

export type TrainingEnd =
  | { readonly state: 'finished' }
  /** Asked to stop, or to make room; the arena holds the last whole epoch, which may wait to be measured. */
  | { readonly state: 'stopped' | 'yielded' }
  | { readonly state: 'diverged'; readonly epoch: number };

/**
 * Trains from the arena's epoch to the last one, or to where it is asked to stop or its numbers are no longer finite.
 * Without assistants each epoch is measured before the next is trained; with assistants, while it is.
 */
export function train(thread: Thread, training: Training): TrainingEnd {
  const words = controlWords(thread.buffer, training.arena);
  // Each step leaves its gradient at 0, but whoever had this scratch before may have died within one.
  parametersAt(thread.buffer, thread.scratch.gradient, training.sizes).fill(0);
  let epoch = Atomics.load(words, control.trainedEpochs);
  let measured = Atomics.load(words, control.measuredEpochs);
  for (;;) {
    const isLast = epoch === training.epochs;
    const pauses = epoch >= (training.until ?? training.epochs);
    if (measured < epoch && (pauses || Atomics.load(words, control.assistants) === 0)) {
      const end = finishMeasuring(thread, training);
      if (end !== 'measured') return end;
      measured = epoch;
    }
    if (isLast || isOutOfPatience(words, training)) return finished(thread, training);
    if (pauses) return { state: 'stopped' };
    const yieldAt = Atomics.load(words, control.yieldAt);
    if (yieldAt > 0 && epoch >= yieldAt) return { state: 'yielded' };
    if (trainEpoch(thread, training, epoch + 1) === 'stopped') return { state: 'stopped' };
    thread.afterEpoch?.(training, epoch + 1);
    // The snapshot is about to be overwritten: its epoch must be measured now.
    if (measured < epoch) {
      const end = finishMeasuring(thread, training);
      if (end !== 'measured') return end;
      measured = epoch;
      if (isOutOfPatience(words, training)) {
        // The epoch that has been trained meanwhile never was, as where each is measured before the next.
        copyState(thread.buffer, training, training.arena.snapshot, training.arena.parameters);
        return finished(thread, training);
      }
    }
    epoch += 1;
    publishSnapshot(thread, training, epoch);
  }
}

function isOutOfPatience(words: Int32Array, { patience }: Training): boolean {
  const measured = Atomics.load(words, control.measuredEpochs);
  return patience > 0 && measured - Atomics.load(words, control.bestEpoch) >= patience;
}

function finished(thread: Thread, training: Training): TrainingEnd {
  const { arena, modelEpoch } = training;
  markCorrectRows(thread, training, modelEpoch === 'best' ? arena.best : arena.parameters);
  return { state: 'finished' };
}

/** One pass over the training rows; where it is asked to stop, the weights go back to the last whole epoch's. */
function trainEpoch(thread: Thread, training: Training, epoch: number): 'trained' | 'stopped' {
  const { kernels, buffer, scratch } = thread;
  const { arena, sizes, rows, params, reduction, optimizer } = training;
  const words = controlWords(buffer, arena);
  const network = networkAt(training, arena.parameters);
  const gradient = layersAt(sizes, scratch.gradient);
  const order = rowOrder(thread, training, epoch);
  const count = training.training.to - training.training.from;
  const { batchSize } = params;
  const learningRate = learningRateAt(epoch, { ...training, ...params });
  let decayed = decayedAfter(optimizer, (epoch - 1) * Math.ceil(count / batchSize));
  const stepped = {
    ...{ parameters: arena.parameters, gradient: scratch.gradient },
    ...{ moments: momentsAt(arena.parameters, training), floats: paddedCount(sizes) },
  };
  const partRows = rowsInPart(sizes);
  const keysOf = dropoutKeys(training, epoch);
  const classWeights = placeClassWeights(thread, training);
  for (let first = 0; first < count; first += batchSize) {
    const end = Math.min(first + batchSize, count);
    const keys = keysOf();
    // The gradient is summed row by row, so the parts of a mini-batch give the bits of the whole.
    for (let from = first; from < end; from += partRows) {
      // A trial must stop within a part, and the count tells a watchdog that the thread is alive.
      if (Atomics.load(words, control.request) === requests.stop) {
        copyState(buffer, training, arena.snapshot, arena.parameters);
        return 'stopped';
      }
      Atomics.add(words, control.parts, 1);
      const dropout = keys && { rate: training.dropout, keys, firstRow: from - first };
      const part = { order: order + 4 * from, count: Math.min(partRows, end - from), dropout, classWeights };
      backward(kernels, network, rows, part, gradient, scratch);
    }
    const divisor = reduction === 'sum' ? 1 : end - first;
    decayed = decayedOnce(optimizer, decayed);
    descend(kernels, stepped, { ...training, learningRate, divisor, decayed });
  }
  return 'trained';
}

/** Gives the keys of each hidden layer's masks, mini-batch by mini-batch; undefined without dropout. */
function dropoutKeys(training: Training, epoch: number): () => BatchDropout['keys'] | undefined {
  const { dropout, seed, orderPurpose, replicate, sizes } = training;
  if (dropout === 0) return () => undefined;
  const purpose = orderPurpose === 'row order' ? 'dropout' : 'final dropout';
  const random = randomStream(seed, purpose, replicate, epoch);
  return () => sizes.slice(1, -1).map(() => [random.uint32(), random.uint32()] as const);
}

/** Writes the weights of classes where the kernels find them. */
function placeClassWeights({ buffer, scratch }: Thread, { classWeights }: Training): Address | undefined {
  if (classWeights === undefined) return undefined;
  new Float32Array(buffer, scratch.classWeights, classWeights.length).set(classWeights);
  return scratch.classWeights;
}

/** uint32 row numbers of the epoch's training rows, in the order of its mini-batches. */
function rowOrder({ buffer, scratch }: Thread, training: Training, epoch: number): Address {
  const { from, to } = training.training;
  if (training.rowOrder === 'natural') return training.naturalOrder + 4 * from;
  const order = new Uint32Array(buffer, scratch.order, to - from);
  shuffle(order, randomStream(training.seed, training.orderPurpose, training.replicate, epoch));
  if (from > 0) for (let i = 0; i < order.length; i++) order[i] = (order[i] as number) + from;
  return scratch.order;
}

/** Copies the weights aside for measuring, so that training can go on meanwhile. */
function publishSnapshot({ buffer, board: shared }: Thread, training: Training, epoch: number): void {
  const { arena } = training;
  const words = controlWords(buffer, arena);
  Atomics.add(words, control.version, 1);
  copyState(buffer, training, arena.parameters, arena.snapshot);
  Atomics.store(words, control.trainedEpochs, epoch);
  Atomics.add(words, control.version, 1);
  Atomics.store(words, control.measuredBlocks, 0);
  // Last: whoever claims a block must find the snapshot complete and the count at 0.
  Atomics.store(words, control.nextBlock, 0);
  Atomics.add(shared, board.bell, 1);
  Atomics.notify(shared, board.bell);
}

/** Measures what is left of the snapshot, waits for the blocks that others have claimed, and records the epoch. */
function finishMeasuring(thread: Thread, training: Training): 'measured' | TrainingEnd {
  const words = controlWords(thread.buffer, training.arena);
  const blocks = measurementBlocks(training);
  measureBlocks(thread, training);
  for (;;) {
    const done = Atomics.load(words, control.measuredBlocks);
    if (done === blocks) break;
    if (Atomics.load(words, control.request) === requests.stop) {
      copyState(thread.buffer, training, training.arena.snapshot, training.arena.parameters);
      return { state: 'stopped' };
    }
    // An assistant may have died with a block in its hands: then only a request to stop ends this wait.
    Atomics.wait(words, control.measuredBlocks, done, 50);
  }
  return recordEpoch(thread, training);
}

/** Sums up the measured blocks, keeps the weights if they are the best so far, and publishes the epoch's metrics. */
function recordEpoch({ buffer }: Thread, training: Training): 'measured' | TrainingEnd {
  const { arena, sizes } = training;
  const words = controlWords(buffer, arena);
  const measured = measuredNumbers(buffer, training);
  const epoch = Atomics.load(words, control.measuredEpochs) + 1;
  if (!measured.every(Number.isFinite) || !allFinite(stateAt(buffer, arena.snapshot, training)))
    return { state: 'diverged', epoch };

  Atomics.add(words, control.version, 1);
  const curve = curveView(buffer, arena, training.epochs);
  const { bestBy } = training;
  curve.set(measured, curveColumns * (epoch - 1));
  const best = Atomics.load(words, control.bestEpoch);
  if (best === 0 || isBetter(reportOf(bestBy, epoch, measured), reportAt(curve, best, bestBy), bestBy)) {
    parametersAt(buffer, arena.best, sizes).set(parametersAt(buffer, arena.snapshot, sizes));
    Atomics.store(words, control.bestEpoch, epoch);
  }
  // Published only after its row and the best weights are written: a reader that sees the new count also sees them.
  Atomics.store(words, control.measuredEpochs, epoch);
  Atomics.add(words, control.version, 1);
  return 'measured';
}

/** Whether every number is finite: only NaN and infinities do not become 0 when multiplied by it. */
function allFinite(values: Float32Array): boolean {
  let zeros = 0;
  for (let i = 0; i < values.length; i++) zeros += (values[i] as number) * 0;
  return zeros === 0;
}

/**
 * Whether one epoch's weights are better than another's: by the metric, then by those that decide among equals.
 * Equal is not better, so the earlier epoch stays.
 */
export const isBetter = (one: Report, other: Report, metric: NetworkMetric): boolean =>
  comparedBy(networkMetrics(metric), one, other) < 0;
