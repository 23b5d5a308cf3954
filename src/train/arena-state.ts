/** What stands in a trial's arena between two epochs: written before the first, read after any. */
import type { Checkpoint, EpochMetrics, TrainedWeights, TrainingStart } from '../trial.ts';
import { type Arena, control, controlWords, correctBytes, curveColumns, noBlock } from './arena.ts';
import { paddedCount, padParameters, type RowRange, unpadParameters } from './model.ts';
import { weightsSha256 } from './weights-hash.ts';

/** Readies an arena for the next epoch of a training that nobody trains yet. */
export function readyArena(
  buffer: ArrayBufferLike,
  arena: Arena,
  { sizes, epochs }: { readonly sizes: readonly number[]; readonly epochs: number },
  start: TrainingStart,
): void {
  const words = controlWords(buffer, arena).fill(0);
  const parameters = start.from === 'weights' ? start.parameters : start.checkpoint.parameters;
  padParameters(sizes, parameters, parametersAt(buffer, arena.parameters, sizes));
  // A training that is stopped goes back to its snapshot, also in its first epoch.
  padParameters(sizes, parameters, parametersAt(buffer, arena.snapshot, sizes));
  words[control.nextBlock] = noBlock;
  if (start.from === 'weights') return;
  const { trainedEpochs, curve, bestEpoch, best } = start.checkpoint;
  if (bestEpoch > 0) padParameters(sizes, best, parametersAt(buffer, arena.best, sizes));
  const rows = curve.flatMap((epoch) => [
    epoch.trainingLoss,
    epoch.trainingAccuracy,
    epoch.evaluationLoss,
    epoch.evaluationAccuracy,
  ]);
  curveView(buffer, arena, epochs).set(rows);
  words[control.trainedEpochs] = trainedEpochs;
  words[control.measuredEpochs] = curve.length;
  words[control.bestEpoch] = bestEpoch;
  if (trainedEpochs > curve.length) words[control.nextBlock] = 0;
}

/** A consistent copy of a training's state, also while another thread trains it. */
export function checkpointOf(
  buffer: ArrayBufferLike,
  arena: Arena,
  { sizes, epochs }: { readonly sizes: readonly number[]; readonly epochs: number },
): Checkpoint {
  const words = controlWords(buffer, arena);
  for (let tries = 0; tries < 1e9; tries++) {
    // A sequence lock: the writer makes the version odd, writes, and makes it even again. The writes take microseconds
    // and lie milliseconds apart, so one or two tries do.
    const version = Atomics.load(words, control.version);
    if (version % 2 !== 0) continue;
    const checkpoint = {
      trainedEpochs: Atomics.load(words, control.trainedEpochs),
      curve: curveOf(buffer, arena, epochs),
      bestEpoch: bestEpochOf(buffer, arena),
      parameters: unpadParameters(sizes, parametersAt(buffer, arena.snapshot, sizes)),
      best: unpadParameters(sizes, parametersAt(buffer, arena.best, sizes)),
    };
    if (Atomics.load(words, control.version) === version) return checkpoint;
  }
  throw new Error('The thread of this training has died while it wrote its state.');
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

/** A copy of the bit set of evaluation rows that the model of a finished training gets right. */
export const correctRowsAt = (buffer: ArrayBufferLike, arena: Arena, evaluation: RowRange): Uint8Array =>
  new Uint8Array(buffer, arena.correct, correctBytes(evaluation)).slice();

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
