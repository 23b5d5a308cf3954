/**
 * A worker: takes trials of the runs that it can serve, runs them on its own executors, and owns nothing.
 * Not here: what becomes of one trial's reports (remote-work.ts), and what it may run, which whoever starts it says.
 */
import { hash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Executor, JobStart } from '../execute/executor.ts';
import { packAnswer, unpackCheckpoint, unpackStart } from './answers.ts';
import { Blobs } from './blobs.ts';
import type { DataCache } from './data-cache.ts';
import {
  checkpointParcel,
  type JobMessage,
  jobMessage,
  type News,
  order,
  type Parcel,
  readMessage,
  type StudyCard,
  signedJob,
  studyCard,
  type WorkerCard,
} from './messages.ts';
import { misfit } from './misfit.ts';
import { keys, mostDeaths, protocol, queueOf, type Service, times } from './protocol.ts';
import { RemoteWork } from './remote-work.ts';
import type { Connection, QueuedJob, Server, TrialWorker } from './server.ts';
import { isSigned } from './signature.ts';

/** A kind of trials that a worker can run. */
export interface Trade {
  readonly service: Service;
  /** What people call it: a file, or the network. */
  readonly name: string;
  /**
   * @param setting what the run says beyond its service
   * @param get bytes that the run has left for it
   * @returns an executor of the worker's own, which the worker closes
   */
  open(setting: Uint8Array | undefined, get: (parcel: Parcel) => Promise<Uint8Array>): Promise<Bench>;
}

export interface Bench {
  readonly executor: Executor;
  /** How many values a report has. */
  readonly metrics: number;
}

/** A bench with somebody at it. */
interface Place extends Bench {
  readonly leave: () => void;
}

export interface WorkerOptions {
  readonly server: Server;
  readonly threads: number;
  readonly trades: readonly Trade[];
  /** SHA-256 (hex) of the network's arithmetic here. */
  readonly arithmetic: string;
  readonly version: string;
  /** Where it keeps what has travelled; one whose run is in its own process needs none. */
  readonly cache?: DataCache | undefined;
  /** Is told, in words, what whoever started it should know. */
  readonly tell: (text: string) => void;
}

export class QueueWorker {
  readonly id = `${hostname()}#${process.pid}-${randomUUID().slice(0, 4)}`;
  readonly #options: WorkerOptions;
  readonly #redis: Connection;
  readonly #ears: Connection;
  readonly #blobConnection: Connection;
  readonly #blobs: Blobs;
  readonly #works = new Map<string, RemoteWork>();
  /** Jobs of which everything is still to be said. */
  readonly #busy = new Set<Promise<unknown>>();
  readonly #benches = new Map<string, { readonly bench: Promise<Bench>; users: number }>();
  readonly #publicKeys = new Map<string, string>();
  readonly #heard = new Set<string>();
  readonly #said = new Set<string>();
  readonly #workers: readonly TrialWorker[];
  readonly #beat: NodeJS.Timeout;
  #isLeaving = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { server, trades, threads } = options;
    this.#redis = server.connection();
    this.#ears = server.connection();
    this.#blobConnection = server.connection();
    this.#blobs = new Blobs(this.#blobConnection);
    this.#ears.on('message', (_channel: string, text: string) => {
      const read = readMessage(order, text);
      if (read.kind === 'message') this.#works.get(read.message.job)?.obey(read.message);
    });
    this.#beat = setInterval(() => void this.#present(), times.beat);
    void this.#present();
    this.#workers = trades.map((trade) =>
      server.worker(queueOf(trade.service), threads, (job, token) => {
        const process = this.#process(trade, job, token);
        this.#busy.add(process);
        return process.finally(() => this.#busy.delete(process));
      }),
    );
  }

  /** Takes no more trials, and gives those under way back with where they are. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    clearInterval(this.#beat);
    const paused = this.#workers.map((worker) => worker.pause(true));
    for (const work of this.#works.values()) work.stop();
    await Promise.allSettled([...paused, ...this.#busy]);
    await Promise.allSettled(
      [...this.#benches.values()].map(async ({ bench }) => (await bench).executor.close()),
    );
    await Promise.allSettled([
      this.#redis.del(keys.worker(this.id)),
      this.#redis.srem(keys.workers, this.id),
    ]);
  }

  async #process(trade: Trade, queued: QueuedJob, token: string | undefined): Promise<void> {
    const job = await this.#read(trade, queued);
    if (job === undefined) return;
    if (this.#isLeaving) return await this.#options.server.giveBack(queued, token);
    const kept = await this.#kept(job);
    const deaths = queued.stalledCounter - (kept?.deaths ?? 0);
    if (deaths >= mostDeaths) return await this.#giveUp(job, deaths);
    let place: Place;
    let start: JobStart;
    try {
      place = await this.#bench(trade, job);
      start = await this.#startOf(job, kept?.parcel, place.metrics);
    } catch (error) {
      return await this.#refuse(job, error);
    }
    const isStopped = await this.#run(job, place, start, queued.stalledCounter).finally(place.leave);
    if (isStopped && this.#isLeaving) await this.#options.server.giveBack(queued, token);
  }

  /** Runs it to its end, and tells the run of it. @returns whether it was stopped */
  async #run(job: JobMessage, { executor }: Bench, start: JobStart, stalls: number): Promise<boolean> {
    await this.#listen(job.study);
    void this.#send(job, { kind: 'began', job: job.job, worker: this.id }).catch(() => {});
    const { number, role, key, replicate, params, attempt, seed, until, rungs, limits } = job;
    const given = { number, role, key, replicate, params, attempt, seed, start, until, rungs, limits };
    const from = start.from === 'checkpoint' ? start.checkpoint.step : 0;
    const work = new RemoteWork(job, executor.start(given), from, {
      worker: this.id,
      blobs: this.#blobs,
      send: (news) => this.#send(job, news),
      keep: (parcel) => {
        const key = keys.checkpoints(job.study);
        const left = JSON.stringify({ parcel, deaths: stalls });
        return this.#redis.multi().hset(key, job.job, left).expire(key, times.keepSeconds).exec();
      },
    });
    this.#works.set(job.job, work);
    if (this.#isLeaving) work.stop();
    try {
      return (await work.end(() => this.#isLeaving)).state === 'stopped';
    } finally {
      this.#works.delete(job.job);
    }
  }

  /** The job, where it is one, is of this trade, and was signed by its run; whatever else lies in the queue is thrown away. */
  async #read({ service }: Trade, { data }: QueuedJob): Promise<JobMessage | undefined> {
    const garbage = (reason: string) => {
      this.#say(`Something in the queue is no trial and was thrown away: ${reason}`);
      return undefined;
    };
    const signed = signedJob.safeParse(data);
    if (!signed.success) return garbage('it has another form.');
    const read = readMessage(jobMessage, signed.data.text);
    if (read.kind === 'garbage') return garbage(read.reason);
    const { message } = read;
    const key = this.#publicKeys.get(message.study) ?? (await this.#card(message.study))?.publicKey;
    if (key === undefined || !isSigned(signed.data.text, signed.data.signature, key))
      return garbage('its run has not signed it.');
    this.#publicKeys.set(message.study, key);
    if (message.service.kind !== service.kind || message.service.hash !== service.hash)
      return garbage('it is of another objective or arithmetic.');
    return message;
  }

  /** An executor for the job's run, shared by its trials; those of other runs that nobody uses any more are closed. */
  async #bench(trade: Trade, job: JobMessage): Promise<Place> {
    const name = `${trade.name} ${JSON.stringify(job.setting)}`;
    for (const [other, { bench, users }] of this.#benches) {
      if (other === name || users > 0) continue;
      this.#benches.delete(other);
      await (await bench.catch(() => undefined))?.executor.close();
    }
    const { setting } = job;
    const open = async () => {
      const fetch = (parcel: Parcel) => this.#blobs.get(parcel);
      const { cache } = this.#options;
      const get = cache ? (parcel: Parcel) => cache.through(parcel, fetch) : fetch;
      const bench = await trade.open(setting && (await get(setting)), get);
      await bench.executor.ready();
      return bench;
    };
    const shared = this.#benches.get(name) ?? { bench: open(), users: 0 };
    this.#benches.set(name, shared);
    shared.users++;
    const leave = () => {
      shared.users--;
    };
    try {
      return { ...(await shared.bench), leave };
    } catch (error) {
      leave();
      this.#benches.delete(name);
      throw error;
    }
  }

  /** Where a worker before has left the trial. */
  async #kept({ study, job }: JobMessage) {
    const text = await this.#redis.hget(keys.checkpoints(study), job);
    const read = text === null ? undefined : readMessage(checkpointParcel, text);
    return read?.kind === 'message' ? read.message : undefined;
  }

  async #startOf(
    job: JobMessage,
    kept: Parameters<Blobs['get']>[0] | undefined,
    metrics: number,
  ): Promise<JobStart> {
    const { start } = job;
    const given: JobStart | undefined =
      start.from === 'nothing'
        ? { from: 'nothing' }
        : unpackStart(start.from, await this.#blobs.get(start.parcel), metrics);
    if (given === undefined) throw new Error('What the trial starts from cannot be read.');
    const bytes = kept && (await this.#blobs.get(kept).catch(() => undefined));
    const checkpoint = bytes && unpackCheckpoint(bytes, metrics);
    const isFurther =
      checkpoint && checkpoint.step > (given.from === 'checkpoint' ? given.checkpoint.step : 0);
    return isFurther ? { from: 'checkpoint', checkpoint } : given;
  }

  /** This machine cannot run it; perhaps another can. */
  async #refuse({ job, study }: JobMessage, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    this.#say(`A trial cannot be run here: ${reason}`);
    await this.#send({ study }, { kind: 'refused', job, worker: this.id, reason: reason.slice(0, 10_000) });
  }

  async #giveUp({ job, study }: JobMessage, deaths: number): Promise<void> {
    const reason = `${deaths} workers in a row were lost while they ran it, so that it may be what ends them. To try it again: --retry-failed.`;
    const bytes = packAnswer({ state: 'failed', code: 'ERR_TRIAL_LOST', reason, seconds: 0 });
    const answer = await this.#blobs.put(bytes);
    const sha256 = hash('sha256', bytes);
    const names = { job, worker: this.id };
    await this.#send({ study }, { kind: 'ended', ...names, sha256, answer, seconds: 0, spans: [], log: '' });
  }

  #send({ study }: { readonly study: string }, news: News): Promise<unknown> {
    return this.#redis.xadd(keys.news(study), 'MAXLEN', '~', 1_000_000, '*', 'news', JSON.stringify(news));
  }

  async #listen(study: string): Promise<void> {
    if (this.#heard.has(study)) return;
    this.#heard.add(study);
    await this.#ears.subscribe(keys.orders(study));
  }

  async #present(): Promise<void> {
    try {
      const card = JSON.stringify(this.#ownCard());
      await this.#redis
        .multi()
        .set(keys.worker(this.id), card, 'PX', times.presence)
        .sadd(keys.workers, this.id)
        .exec();
      for (const study of await this.#redis.smembers(keys.studies)) {
        const given = await this.#card(study);
        const why = given && misfit(this.#ownCard(), given);
        if (why) this.#say(`The run "${given.name}" of ${given.host} cannot be served here: ${why}.`);
      }
    } catch {
      // The server is away; the next one may reach it.
    }
  }

  #ownCard(): WorkerCard {
    const { version, threads, arithmetic, trades } = this.#options;
    const objectives = trades.filter(({ service }) => service.kind === 'objective');
    return {
      ...{ protocol, version, id: this.id, host: hostname(), pid: process.pid, node: process.versions.node },
      ...{ threads, arithmetic, doing: [...this.#works.keys()] },
      objectives: objectives.map(({ name, service }) => ({ name, hash: service.hash })),
    };
  }

  async #card(study: string): Promise<StudyCard | undefined> {
    const read = readMessage(studyCard, await this.#redis.get(keys.study(study)));
    return read.kind === 'message' ? read.message : undefined;
  }

  /** Once, however often it happens. */
  #say(text: string): void {
    if (this.#said.has(text) || this.#said.size > 1_000) return;
    this.#said.add(text);
    this.#options.tell(text);
  }
}
