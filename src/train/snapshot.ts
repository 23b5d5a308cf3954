/**
 * The state of a training after its last epoch, set aside so that training can go on while it is measured: published,
 * measured to the end and recorded, or gone back to.
 * Not here: the measuring of its blocks (evaluate.ts), when which of these happens (train.ts).
 */
import { comparedBy, type NetworkMetric, networkMetrics, reportOf } from '../metric.ts';
import type { Report } from '../trial.ts';
import { board, control, controlWords, curveColumns, requests } from './arena.ts';
import { curveView, parametersAt, reportAt, stateAt } from './arena-state.ts';
import { blockMeasurer, measurementBlocks, type Thread } from './evaluate.ts';
import { epochNumbers } from './measured.ts';
import type { Training, TrainingEnd } from './train.ts';

export interface Snapshot {
  /** Sets the weights of an epoch aside for measuring. */
  publish(epoch: number): void;
  /** Makes it the state under training again. */
  restore(): void;
  /** Measures what is left of it, waits for the blocks that others have claimed, and records the epoch. */
  measure(): 'measured' | TrainingEnd;
}

export function snapshotOf(thread: Thread, training: Training): Snapshot {
  const { buffer, board: shared } = thread;
  const { arena, sizes, bestBy } = training;
  const words = controlWords(buffer, arena);
  const underTraining = stateAt(buffer, arena.parameters, training);
  const state = stateAt(buffer, arena.snapshot, training);
  const parameters = parametersAt(buffer, arena.snapshot, sizes);
  const bestParameters = parametersAt(buffer, arena.best, sizes);
  const curve = curveView(buffer, arena, training.epochs);
  const blocks = measurementBlocks(training);
  const measureBlocks = blockMeasurer(thread, training);
  const numbers = epochNumbers(buffer, training);

  function publish(epoch: number): void {
    Atomics.add(words, control.version, 1);
    state.set(underTraining);
    Atomics.store(words, control.trainedEpochs, epoch);
    Atomics.add(words, control.version, 1);
    Atomics.store(words, control.measuredBlocks, 0);
    // Last: a thread that claims a block must find the snapshot complete and the count at 0.
    Atomics.store(words, control.nextBlock, 0);
    Atomics.add(shared, board.bell, 1);
    Atomics.notify(shared, board.bell);
  }

  const restore = () => underTraining.set(state);

  function measure(): 'measured' | TrainingEnd {
    measureBlocks();
    for (;;) {
      const done = Atomics.load(words, control.measuredBlocks);
      if (done === blocks) return record();
      if (Atomics.load(words, control.request) === requests.stop) {
        restore();
        return { state: 'stopped' };
      }
      // An assistant may have died with a block in its hands: then only a request to stop ends this wait.
      Atomics.wait(words, control.measuredBlocks, done, 50);
    }
  }

  /** Sums up the measured blocks, keeps the weights if they are the best so far, and publishes the epoch's metrics. */
  function record(): 'measured' | TrainingEnd {
    const measured = numbers();
    const epoch = Atomics.load(words, control.measuredEpochs) + 1;
    if (!measured.every(Number.isFinite) || !areFinite(state)) return { state: 'diverged', epoch };
    Atomics.add(words, control.version, 1);
    curve.set(measured, curveColumns * (epoch - 1));
    const best = Atomics.load(words, control.bestEpoch);
    if (best === 0 || isBetter(reportOf(bestBy, epoch, measured), reportAt(curve, best, bestBy), bestBy)) {
      bestParameters.set(parameters);
      Atomics.store(words, control.bestEpoch, epoch);
    }
    // Published only after its row and the best weights are written: a reader that sees the new count also sees them.
    Atomics.store(words, control.measuredEpochs, epoch);
    Atomics.add(words, control.version, 1);
    return 'measured';
  }

  return { publish, restore, measure };
}

/** Whether every number is finite: NaN and infinities are no 0 when they are taken from themselves. */
function areFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value - value !== 0) return false;
  }
  return true;
}

/**
 * Whether one epoch's weights are better than another's: by the metric, then by those that decide among equals.
 * Equal is not better, so the earlier epoch stays.
 */
export const isBetter = (one: Report, other: Report, metric: NetworkMetric): boolean =>
  comparedBy(networkMetrics(metric), one, other) < 0;
