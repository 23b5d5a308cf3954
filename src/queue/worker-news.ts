/**
 * What a worker tells the runs, each in a stream of its own, of trials that it does not run to their end.
 * Not here: messages about the trials that it runs (remote-work.ts).
 */
import { hash } from 'node:crypto';
import { packAnswer } from './answers.ts';
import type { Blobs } from './blobs.ts';
import type { JobMessage, News } from './messages.ts';
import { keys } from './protocol.ts';
import type { Connection } from './server.ts';

type Named = Pick<JobMessage, 'job' | 'study' | 'attempt'>;

export class WorkerNews {
  readonly #redis: Connection;
  readonly #blobs: Blobs;
  readonly #worker: string;

  constructor(redis: Connection, blobs: Blobs, worker: string) {
    this.#redis = redis;
    this.#blobs = blobs;
    this.#worker = worker;
  }

  send(study: string, news: News): Promise<unknown> {
    return this.#redis.xadd(keys.news(study), 'MAXLEN', '~', 1_000_000, '*', 'news', JSON.stringify(news));
  }

  /** This machine cannot run it; perhaps another can. */
  async refuse({ job, study }: Named, reason: string): Promise<void> {
    const names = { job, worker: this.#worker };
    await this.send(study, { kind: 'refused', ...names, reason: reason.slice(0, 10_000) });
  }

  /** It has failed, since so many workers in a row were lost at it. */
  async giveUp({ job, study, attempt }: Named, deaths: number): Promise<void> {
    const reason = `${deaths} workers in a row were lost while they ran it, so that it may be what ends them. To try it again: --retry-failed.`;
    const bytes = packAnswer({ state: 'failed', code: 'ERR_TRIAL_LOST', reason, reports: [], seconds: 0 });
    const answer = await this.#blobs.put(bytes);
    const sha256 = hash('sha256', bytes);
    const names = { job, worker: this.#worker, attempt };
    await this.send(study, { kind: 'ended', ...names, sha256, answer, seconds: 0, spans: [], log: '' });
  }
}
