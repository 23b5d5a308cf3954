/** What stands in a trial's arena between two epochs: written before the first, read after any. */
import { measuredOf, type NetworkMetric, reportOf } from '../metric.ts';
import type { Checkpoint, Report, TrainedWeights } from '../trial.ts';
import {
  type Arena,
  control,
  controlWords,
  correctBytes,
  curveColumns,
  momentsAt,
  noBlock,
  type StateShape,
  stateCount,
} from './arena.ts';
import { checkpointFrom, stateIn, type TrainingState } from './checkpoint-bytes.ts';
import { paddedCount, padParameters, type RowRange, unpadParameters } from './model.ts';
import { weightsSha256 } from './weights-hash.ts';

/** What a training begins with. */
export type TrainingStart =
  | { readonly from: 'weights'; readonly parameters: Float32Array }
  | { readonly from: 'checkpoint'; readonly checkpoint: Checkpoint };

/** What must be known of a training to read what it has written. */
export interface ArenaPlan extends StateShape {
  readonly epochs: number;
  readonly bestBy: NetworkMetric;
}

/** Readies an arena for the next epoch of a training that nobody trains yet. */
export function readyArena(
  buffer: ArrayBufferLike,
  arena: Arena,
  plan: ArenaPlan,
  start: TrainingStart,
): void {
  const { sizes, epochs, bestBy } = plan;
  const words = controlWords(buffer, arena).fill(0);
  const state = start.from === 'weights' ? undefined : stateIn(start.checkpoint);
  const parameters = start.from === 'weights' ? start.parameters : (state as TrainingState).parameters;
  padParameters(sizes, parameters, parametersAt(buffer, arena.parameters, sizes));
  for (const [index, address] of momentsAt(arena.parameters, plan).entries()) {
    const moments = state?.moments[index];
    const padded = parametersAt(buffer, address, sizes);
    if (moments === undefined) padded.fill(0);
    else padParameters(sizes, moments, padded);
  }
  // A training that is stopped goes back to its snapshot, also in its first epoch.
  copyState(buffer, plan, arena.parameters, arena.snapshot);
  words[control.nextBlock] = noBlock;
  if (state === undefined) return;
  const { trainedEpochs, reports, bestEpoch, best } = state;
  if (bestEpoch > 0) padParameters(sizes, best, parametersAt(buffer, arena.best, sizes));
  const curve = curveView(buffer, arena, epochs);
  for (const [index, report] of reports.entries())
    curve.set(measuredOf(bestBy, report), curveColumns * index);
  words[control.trainedEpochs] = trainedEpochs;
  words[control.measuredEpochs] = reports.length;
  words[control.bestEpoch] = bestEpoch;
  if (trainedEpochs > reports.length) words[control.nextBlock] = 0;
}

/** A consistent copy of a training's state, also while another thread trains it. */
export function checkpointOf(buffer: ArrayBufferLike, arena: Arena, plan: ArenaPlan): Checkpoint {
  const { sizes } = plan;
  const words = controlWords(buffer, arena);
  for (let tries = 0; tries < 1e9; tries++) {
    // A sequence lock: the writer makes the version odd, writes, and makes it even again. The writes take microseconds
    // and lie milliseconds apart, so one or two tries do.
    const version = Atomics.load(words, control.version);
    if (version % 2 !== 0) continue;
    const state = {
      trainedEpochs: Atomics.load(words, control.trainedEpochs),
      reports: reportsOf(buffer, arena, plan),
      bestEpoch: bestEpochOf(buffer, arena),
      parameters: unpadParameters(sizes, parametersAt(buffer, arena.snapshot, sizes)),
      moments: momentsAt(arena.snapshot, plan).map((address) =>
        unpadParameters(sizes, parametersAt(buffer, address, sizes)),
      ),
      best: unpadParameters(sizes, parametersAt(buffer, arena.best, sizes)),
    };
    if (Atomics.load(words, control.version) === version) return checkpointFrom(state);
  }
  throw new Error('The thread of this training has died while it wrote its state.');
}

/** The padded parameters that start at `address`: a view, not a copy. */
export const parametersAt = (
  buffer: ArrayBufferLike,
  address: number,
  sizes: readonly number[],
): Float32Array => new Float32Array(buffer, address, paddedCount(sizes));

/** The state of a network under training that starts at `address`: a view, not a copy. */
export const stateAt = (buffer: ArrayBufferLike, address: number, shape: StateShape): Float32Array =>
  new Float32Array(buffer, address, stateCount(shape));

function copyState(buffer: ArrayBufferLike, shape: StateShape, from: number, to: number): void {
  stateAt(buffer, to, shape).set(stateAt(buffer, from, shape));
}

/** A copy of the weights that start at `address`, without padding and with their hash. */
export function weightsAt(
  buffer: ArrayBufferLike,
  address: number,
  sizes: readonly number[],
): TrainedWeights {
  const parameters = unpadParameters(sizes, parametersAt(buffer, address, sizes));
  return { sizes, parameters, sha256: weightsSha256(parameters) };
}

/** A copy of the bit set of evaluation rows that the model of a finished training gets right. */
export const correctRowsAt = (buffer: ArrayBufferLike, arena: Arena, evaluation: RowRange): Uint8Array =>
  new Uint8Array(buffer, arena.correct, correctBytes(evaluation)).slice();

/** The reports of the measured epochs; safe while another thread trains it. */
export const reportsOf = (buffer: ArrayBufferLike, arena: Arena, plan: ArenaPlan): Report[] =>
  Array.from({ length: measuredEpochs(buffer, arena) }, (_, index) =>
    reportAt(curveView(buffer, arena, plan.epochs), index + 1, plan.bestBy),
  );

/** The last report; undefined before the first. */
export function lastReport(buffer: ArrayBufferLike, arena: Arena, plan: ArenaPlan): Report | undefined {
  const measured = measuredEpochs(buffer, arena);
  return measured === 0 ? undefined : reportAt(curveView(buffer, arena, plan.epochs), measured, plan.bestBy);
}

/** The epoch of the best weights, counted from 1; 0 before the first. */
export const bestEpochOf = (buffer: ArrayBufferLike, arena: Arena): number =>
  Atomics.load(controlWords(buffer, arena), control.bestEpoch);

// The training thread publishes this count after the epoch's row and best weights: what is below it may be read.
const measuredEpochs = (buffer: ArrayBufferLike, arena: Arena): number =>
  Atomics.load(controlWords(buffer, arena), control.measuredEpochs);

/** float64 (epochs x curveColumns) */
export const curveView = (buffer: ArrayBufferLike, arena: Arena, epochs: number): Float64Array =>
  new Float64Array(buffer, arena.curve, curveColumns * epochs);

/** Row `epoch` of a curve, counted from 1. */
export const reportAt = (curve: Float64Array, epoch: number, bestBy: NetworkMetric): Report =>
  reportOf(bestBy, epoch, curve.subarray(curveColumns * (epoch - 1), curveColumns * epoch));
