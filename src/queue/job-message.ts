/** A trial as a message to the worker that runs it. Not here: how it gets there (job-queue.ts). */
import type { Job } from '../execute/executor.ts';
import type { JobMessage, Parcel } from './messages.ts';
import { protocol, type Service } from './protocol.ts';

/** What is the same for all trials of a run. */
export interface Common {
  readonly study: string;
  readonly service: Service;
  readonly checkpointSeconds: number;
  readonly setting: Parcel | undefined;
}

export function jobMessage(
  id: string,
  { number, role, key, replicate, params, attempt, seed, until, rungs, limits, avoid }: Job,
  start: JobMessage['start'],
  { study, service, checkpointSeconds, setting }: Common,
): JobMessage {
  const { silentSeconds, trialSeconds, importSeconds, memoryMb } = limits;
  return {
    ...{ protocol, job: id, study, service, number, role, key, replicate, params, attempt, seed },
    ...{ limits: { silentSeconds, trialSeconds, importSeconds, memoryMb } },
    ...{ checkpointSeconds, until, rungs: rungs && [...rungs], setting, start, avoid },
  };
}
