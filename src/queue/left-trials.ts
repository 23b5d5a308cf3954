/** Where a trial begins on a worker: where its run says, or further on, where a worker before has left it. */
import type { JobStart } from '../execute/executor.ts';
import { unpackCheckpoint, unpackStart } from './answers.ts';
import type { Blobs } from './blobs.ts';
import {
  type CheckpointParcel,
  checkpointParcel,
  type JobMessage,
  type Parcel,
  readMessage,
} from './messages.ts';
import { keys, times } from './protocol.ts';
import type { Connection } from './server.ts';

/** Undefined where nobody has left it. */
export async function leftTrial(
  redis: Connection,
  { study, job }: JobMessage,
): Promise<CheckpointParcel | undefined> {
  const read = readMessage(checkpointParcel, await redis.hget(keys.checkpoints(study), job));
  return read.kind === 'message' ? read.message : undefined;
}

/** Says to the next worker where the trial can go on. */
export function leaveTrial(
  redis: Connection,
  { study, job }: JobMessage,
  left: CheckpointParcel,
): Promise<unknown> {
  const key = keys.checkpoints(study);
  return redis.multi().hset(key, job, JSON.stringify(left)).expire(key, times.keepSeconds).exec();
}

/** @throws where what it starts from is gone or cannot be read; a checkpoint that was left is then done without */
export async function startOf(
  { start }: JobMessage,
  left: Parcel | undefined,
  metrics: number,
  blobs: Blobs,
): Promise<JobStart> {
  const given: JobStart | undefined =
    start.from === 'nothing'
      ? { from: 'nothing' }
      : unpackStart(start.from, await blobs.get(start.parcel), metrics);
  if (given === undefined) throw new Error('What the trial starts from cannot be read.');
  const bytes = left && (await blobs.get(left).catch(() => undefined));
  const checkpoint = bytes && unpackCheckpoint(bytes, metrics);
  const isFurther = checkpoint && checkpoint.step > stepOf(given);
  return isFurther ? { from: 'checkpoint', checkpoint } : given;
}

/** The step that a trial goes on from. */
export const stepOf = (start: JobStart): number => (start.from === 'checkpoint' ? start.checkpoint.step : 0);
