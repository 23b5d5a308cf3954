/** A row of the table checkpoint and the training that can go on from it. */
import { createHash } from 'node:crypto';
import type { Checkpoint, EpochMetrics } from '../trial.ts';

/** A checkpoint, and the time that led to it. */
export interface SavedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly seconds: number;
}

export interface CheckpointRow {
  readonly trial_id: number;
  readonly trained_epochs: number;
  readonly best_epoch: number;
  readonly seconds: number;
  /** float64 little-endian (epochs x 4). */
  readonly curve: Buffer;
  /** float32 little-endian. */
  readonly parameters: Buffer;
  readonly best: Buffer;
  /** Of everything above; without the trial and the seconds where a version before 4 has written it. */
  readonly sha256: string;
}

const columns = 4;

export function checkpointRow(trialId: number, { checkpoint, seconds }: SavedCheckpoint): CheckpointRow {
  const { trainedEpochs, curve, bestEpoch, parameters, best } = checkpoint;
  const numbers = Float64Array.from(
    curve.flatMap((epoch) => [
      epoch.trainingLoss,
      epoch.trainingAccuracy,
      epoch.evaluationLoss,
      epoch.evaluationAccuracy,
    ]),
  );
  const content = {
    trial_id: trialId,
    trained_epochs: trainedEpochs,
    best_epoch: bestEpoch,
    curve: bytesOf(numbers),
    parameters: bytesOf(parameters),
    // Before the first measured epoch there are no best weights; whatever stands there must not count.
    best: bestEpoch === 0 ? Buffer.alloc(parameters.byteLength) : bytesOf(best),
    seconds,
  };
  return { ...content, sha256: sha256Of(content) };
}

/** What `row` holds, in memory of its own; undefined where a bit of it has changed. */
export function checkpointOf(row: CheckpointRow): SavedCheckpoint | undefined {
  if (row.sha256 !== sha256Of(row) && row.sha256 !== formerSha256Of(row)) return undefined;
  const numbers = new Float64Array(row.curve.length / 8);
  bytesOf(numbers).set(row.curve);
  const checkpoint = {
    trainedEpochs: row.trained_epochs,
    curve: Array.from({ length: numbers.length / columns }, (_, index) => epochAt(numbers, index)),
    bestEpoch: row.best_epoch,
    parameters: float32Of(row.parameters),
    best: float32Of(row.best),
  };
  return { checkpoint, seconds: row.seconds };
}

type Content = Omit<CheckpointRow, 'sha256'>;

const sha256Of = (content: Content): string =>
  createHash('sha256')
    .update(`${content.trial_id} ${content.seconds} ${formerSha256Of(content)}`)
    .digest('hex');

/** What versions before 4 wrote. */
const formerSha256Of = ({ trained_epochs, best_epoch, curve, parameters, best }: Content): string =>
  createHash('sha256')
    .update(`${trained_epochs} ${best_epoch} ${curve.length} `)
    .update(curve)
    .update(parameters)
    .update(best)
    .digest('hex');

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

function float32Of(bytes: Buffer): Float32Array {
  const numbers = new Float32Array(bytes.length / 4);
  bytesOf(numbers).set(bytes);
  return numbers;
}

function epochAt(numbers: Float64Array, index: number): EpochMetrics {
  const [trainingLoss, trainingAccuracy, evaluationLoss, evaluationAccuracy] = numbers.subarray(
    columns * index,
    columns * (index + 1),
  ) as unknown as [number, number, number, number];
  return { epoch: index + 1, trainingLoss, trainingAccuracy, evaluationLoss, evaluationAccuracy };
}
