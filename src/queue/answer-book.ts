/**
 * The answers of a run that count, by their hash and who gave them: kept on the server, so that one that comes late can be held
 * against it. What has carried an answer here stays a while longer, until it is surely in the database.
 * Not here: whether an answer is one (inbox.ts).
 */
import type { Blobs } from './blobs.ts';
import { Gathered } from './gathered.ts';
import { type Ended, type Parcel, readMessage, type SettledAnswer, settledAnswer } from './messages.ts';
import type { NewsStream } from './news-stream.ts';
import { keys, times } from './protocol.ts';
import type { Connection } from './server.ts';

export class AnswerBook {
  readonly #redis: Connection;
  readonly #blobs: Blobs;
  readonly #study: string;
  /** By entry of the news. */
  readonly #handedOver = new Map<string, Parcel>();
  readonly #settled = new Gathered<Ended>(times.gather, (messages) => this.#writeAll(messages));
  readonly #forgotten: Gathered<string>;

  constructor(redis: Connection, blobs: Blobs, news: Pick<NewsStream, 'drop'>, study: string) {
    this.#redis = redis;
    this.#blobs = blobs;
    this.#study = study;
    this.#forgotten = new Gathered(times.gather, (entries) => news.drop(entries));
  }

  /** Undefined where there is none yet. */
  async counted(job: string): Promise<SettledAnswer | undefined> {
    const text = await this.#redis.hget(keys.answers(this.#study), job);
    const read = text === null ? undefined : readMessage(settledAnswer, text);
    return read?.kind === 'message' ? read.message : undefined;
  }

  /** Takes that the run is being given what an entry carries. */
  handOver(entry: string, { answer }: Ended): void {
    this.#handedOver.set(entry, answer);
  }

  /** Writes down that this one counts. */
  async write(message: Ended): Promise<void> {
    await this.#settled.add(message);
  }

  /** The run has it, and will have recorded it by then. */
  forgetLater(entry: string): void {
    setTimeout(() => void this.forget([entry]).catch(() => {}), times.settled).unref();
  }

  /** Lets entries go, and what they have carried. */
  async forget(entries: readonly string[]): Promise<void> {
    await this.#forgotten.add(...entries);
    for (const entry of entries) {
      const parcel = this.#handedOver.get(entry);
      this.#handedOver.delete(entry);
      if (parcel !== undefined) await this.#blobs.drop(parcel);
    }
  }

  /** All that was handed over is in the database. */
  async close(): Promise<void> {
    await this.#settled.add();
    await this.forget([...this.#handedOver.keys()]);
  }

  async #writeAll(messages: readonly Ended[]): Promise<void> {
    const key = keys.answers(this.#study);
    const answers = messages.map(({ job, worker, sha256 }) => [job, JSON.stringify({ sha256, worker })]);
    await this.#redis
      .multi()
      .hset(key, ...answers.flat())
      .expire(key, times.keepSeconds)
      .hdel(keys.checkpoints(this.#study), ...messages.map(({ job }) => job))
      .exec();
  }
}
