/**
 * Trains one network for its epochs and measures it after each.
 * All state is in the trial's arena, and every random number is keyed by the epoch: a training that was stopped goes
 * on from its last whole epoch, on any thread, with the same bits.
 * Not here: threads, clocks, files.
 */
import type { NetworkMetric } from '../metric.ts';
import type { Purpose } from '../random.ts';
import { control, controlWords } from './arena.ts';
import { parametersAt } from './arena-state.ts';
import { type Measurement, markCorrectRows, type Thread } from './evaluate.ts';
import type { NetworkFunctions, RowRange } from './model.ts';
import type { Optimizer, Penalty } from './optimizer.ts';
import type { Schedule } from './schedule.ts';
import { snapshotOf } from './snapshot.ts';
import { epochTrainer } from './train-epoch.ts';

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
  /** What each class counts in the gradient; undefined: all the same. Losses are reported without these weights. */
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
  // Each step leaves its gradient at 0, but the last user of this scratch may have died within one.
  parametersAt(thread.buffer, thread.scratch.gradient, training.sizes).fill(0);
  const trainEpoch = epochTrainer(thread, training);
  const snapshot = snapshotOf(thread, training);
  let epoch = Atomics.load(words, control.trainedEpochs);
  let measured = Atomics.load(words, control.measuredEpochs);
  for (;;) {
    const isLast = epoch === training.epochs;
    const pauses = epoch >= (training.until ?? training.epochs);
    if (measured < epoch && (pauses || Atomics.load(words, control.assistants) === 0)) {
      const end = snapshot.measure();
      if (end !== 'measured') return end;
      measured = epoch;
    }
    if (isLast || isOutOfPatience(words, training)) return finished(thread, training);
    if (pauses) return { state: 'stopped' };
    const yieldAt = Atomics.load(words, control.yieldAt);
    if (yieldAt > 0 && epoch >= yieldAt) return { state: 'yielded' };
    if (trainEpoch(epoch + 1) === 'stopped') {
      snapshot.restore();
      return { state: 'stopped' };
    }
    thread.afterEpoch?.(epoch + 1);
    // The snapshot is about to be overwritten: its epoch must be measured now.
    if (measured < epoch) {
      const end = snapshot.measure();
      if (end !== 'measured') return end;
      measured = epoch;
      if (isOutOfPatience(words, training)) {
        // The epoch that has been trained meanwhile never was, as where each is measured before the next.
        snapshot.restore();
        return finished(thread, training);
      }
    }
    epoch += 1;
    snapshot.publish(epoch);
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
