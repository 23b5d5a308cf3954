/**
 * The jobs of a run in the queue: each signed, and all that they need laid out on the server.
 * Not here: what a job says (job-message.ts), and which are added when (coordinator.ts).
 */
import type { KeyObject } from 'node:crypto';
import { packStart } from './answers.ts';
import type { Blobs } from './blobs.ts';
import { jobMessage } from './job-message.ts';
import { LaidOut, type Setting } from './laid-out.ts';
import { LostJobs } from './lost-jobs.ts';
import type { JobMessage } from './messages.ts';
import { queueOf, type Service } from './protocol.ts';
import type { RemoteTrial } from './remote-trial.ts';
import type { Connection, Server, TrialQueue } from './server.ts';
import { publicKeyOf, signatureOf, signingKey } from './signature.ts';

export interface JobQueueOptions {
  readonly server: Server;
  /** 16 hex digits, the same whenever the run goes on, and nobody else's. */
  readonly study: string;
  readonly version: string;
  readonly service: Service;
  /** What workers must know of the run beyond its service. */
  readonly setting?: Setting | undefined;
  readonly checkpointSeconds: number;
  /** Signs its jobs. */
  readonly password: string;
}

export class JobQueue {
  readonly #options: JobQueueOptions;
  readonly #blobs: Blobs;
  readonly #queue: TrialQueue;
  readonly #key: KeyObject;
  readonly #laidOut: LaidOut;
  readonly #lost: LostJobs;

  constructor(options: JobQueueOptions, redis: Connection, blobs: Blobs) {
    const { server, study, version, service, setting, password } = options;
    this.#options = options;
    this.#blobs = blobs;
    this.#queue = server.queue(queueOf(service, version));
    this.#key = signingKey(study, password);
    this.#laidOut = new LaidOut(blobs, setting);
    this.#lost = new LostJobs(redis, this.#queue.name);
  }

  /** With which workers see that a job is this run's. */
  get publicKey(): string {
    return publicKeyOf(this.#key);
  }

  /** Resolves once all that jobs need is on the server. */
  async ready(): Promise<void> {
    await this.#laidOut.setting();
  }

  /** Adds the job of a trial that has not ended; one that lies there already, or is being run, stays as it is. */
  async add(id: string, trial: RemoteTrial): Promise<void> {
    if (trial.isSettled) return;
    const { study, service, checkpointSeconds } = this.#options;
    const setting = await this.#laidOut.setting();
    const start = await this.#startOf(trial);
    const common = { study, service, checkpointSeconds, setting };
    const message = { ...jobMessage(id, trial.job, start, common), refusedBy: trial.refusedBy };
    const text = JSON.stringify(message);
    await this.#queue.add('trial', { text, signature: signatureOf(text, this.#key) }, { jobId: id });
  }

  /** @returns whether it lay there and nobody ran it */
  async remove(id: string): Promise<boolean> {
    return (await this.#queue.remove(id)) === 1;
  }

  /** Whether the server does not have a job now. */
  async lacks(id: string): Promise<boolean> {
    // What a worker lacked of it may be what the server has lost.
    await this.#laidOut.renew();
    return (await this.#lost.missing([id])).length > 0;
  }

  /** Which of these jobs the server has lost. */
  async lost(ids: readonly string[]): Promise<readonly string[]> {
    await this.#laidOut.renew();
    return await this.#lost.look(ids);
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  async #startOf({ job, checkpoint }: RemoteTrial): Promise<JobMessage['start']> {
    const start = checkpoint === undefined ? job.start : ({ from: 'checkpoint', checkpoint } as const);
    const bytes = packStart(start);
    return start.from === 'nothing' || bytes === undefined
      ? { from: 'nothing' }
      : { from: start.from, parcel: await this.#blobs.put(bytes) };
  }
}
