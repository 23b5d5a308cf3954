/** What stands in a trial's arena between two epochs: written before the first, read after any. */
import type { EpochMetrics, TrainedWeights } from '../trial.ts';
import { type Arena, control, controlWords, correctBytes, curveColumns } from './arena.ts';
import { paddedCount, padParameters, type RowRange, unpadParameters } from './model.ts';
import { weightsSha256 } from './weights-hash.ts';

/** Readies an arena for its first epoch; `start` are logical parameters. */
export function readyArena(
  buffer: ArrayBufferLike,
  arena: Arena,
  sizes: readonly number[],
  start: Float32Array,
): void {
  controlWords(buffer, arena).fill(0);
  padParameters(sizes, start, parametersAt(buffer, arena.parameters, sizes));
  // A training that is stopped goes back to its snapshot, also in its first epoch.
  padParameters(sizes, start, parametersAt(buffer, arena.snapshot, sizes));
}

/** The padded parameters that start at `address`: a view, not a copy. */
export const parametersAt = (
  buffer: ArrayBufferLike,
  address: number,
  sizes: readonly number[],
): Float32Array => new Float32Array(buffer, address, paddedCount(sizes));

/** A copy of the weights that start at `address`, without padding and with their hash. */
export function weightsAt(
  buffer: ArrayBufferLike,
  address: number,
  sizes: readonly number[],
): TrainedWeights {
  const parameters = unpadParameters(sizes, parametersAt(buffer, address, sizes));
  return { sizes, parameters, sha256: weightsSha256(parameters) };
}

/** The bit set of right evaluation rows that starts at `address`: a view, not a copy. */
export const correctRowsAt = (buffer: ArrayBufferLike, address: number, evaluation: RowRange): Uint8Array =>
  new Uint8Array(buffer, address, correctBytes(evaluation));

/** The measured epochs of a training of `epochs` epochs; safe while another thread trains it. */
export function curveOf(buffer: ArrayBufferLike, arena: Arena, epochs: number): EpochMetrics[] {
  return Array.from({ length: measuredEpochs(buffer, arena) }, (_, index) =>
    epochAt(curveView(buffer, arena, epochs), index + 1),
  );
}

/** The last measured epoch; undefined before the first. */
export function lastEpoch(buffer: ArrayBufferLike, arena: Arena, epochs: number): EpochMetrics | undefined {
  const measured = measuredEpochs(buffer, arena);
  return measured === 0 ? undefined : epochAt(curveView(buffer, arena, epochs), measured);
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
export function epochAt(curve: Float64Array, epoch: number): EpochMetrics {
  const row = curve.subarray(curveColumns * (epoch - 1), curveColumns * epoch);
  const [trainingLoss, trainingAccuracy, evaluationLoss, evaluationAccuracy] = row as unknown as [
    number,
    number,
    number,
    number,
  ];
  return { epoch, trainingLoss, trainingAccuracy, evaluationLoss, evaluationAccuracy };
}
