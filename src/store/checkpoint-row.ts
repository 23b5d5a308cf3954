/** A row of the table checkpoint and the trial that can go on from it. Not here: what its bytes mean. */
import { createHash } from 'node:crypto';
import type { Checkpoint, Report } from '../trial.ts';

/** A checkpoint, and the time that led to it. */
export interface SavedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly seconds: number;
}

export interface CheckpointRow {
  readonly trial_id: number;
  readonly step: number;
  readonly seconds: number;
  /** float64 little-endian: for each report its step, how many values it has, and those. */
  readonly reports: Uint8Array;
  readonly bytes: Uint8Array;
  /** Of everything above. */
  readonly sha256: string;
}

export function checkpointRow(trialId: number, { checkpoint, seconds }: SavedCheckpoint): CheckpointRow {
  const { step, reports, bytes } = checkpoint;
  const numbers: number[] = [];
  for (const { step, values } of reports) numbers.push(step, values.length, ...values);
  const content = {
    trial_id: trialId,
    step,
    seconds,
    reports: new Uint8Array(Float64Array.from(numbers).buffer),
    bytes,
  };
  return { ...content, sha256: sha256Of(content) };
}

/** What `row` holds, in memory of its own; undefined where a bit of it has changed. */
export function checkpointOf(row: CheckpointRow): SavedCheckpoint | undefined {
  if (row.sha256 !== sha256Of(row)) return undefined;
  const { step, seconds, bytes } = row;
  return { checkpoint: { step, reports: reportsIn(row.reports), bytes: new Uint8Array(bytes) }, seconds };
}

function reportsIn(bytes: Uint8Array): Report[] {
  const numbers = new Float64Array(new Uint8Array(bytes).buffer);
  const reports: Report[] = [];
  for (let at = 0; at < numbers.length; ) {
    const [step = 0, count = 0] = numbers.subarray(at, at + 2);
    reports.push({ step, values: [...numbers.subarray(at + 2, at + 2 + count)] });
    at += 2 + count;
  }
  return reports;
}

const sha256Of = ({ trial_id, step, seconds, reports, bytes }: Omit<CheckpointRow, 'sha256'>): string =>
  createHash('sha256')
    .update(`${trial_id} ${step} ${seconds} ${reports.length} `)
    .update(reports)
    .update(bytes)
    .digest('hex');
