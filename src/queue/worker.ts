/**
 * A worker: takes trials of the runs that it can serve, runs them on its own executors, and owns nothing.
 * Not here: what becomes of one trial's reports (remote-work.ts), and what it may run, which whoever starts it says.
 */
import { hash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { JobStart } from '../execute/executor.ts';
import { hostOf } from '../machine.ts';
import { packAnswer, unpackCheckpoint, unpackStart } from './answers.ts';
import { Benches, type Trade } from './benches.ts';
import { Blobs } from './blobs.ts';
import type { DataCache } from './data-cache.ts';
import { JobReader } from './job-reader.ts';
import {
  checkpointParcel,
  type JobMessage,
  type News,
  order,
  type Parcel,
  readMessage,
  type StudyCard,
  studyCard,
  type WorkerCard,
} from './messages.ts';
import { misfit } from './misfit.ts';
import { keys, mostDeaths, mostLeaves, protocol, queueOf, times } from './protocol.ts';
import { RemoteWork } from './remote-work.ts';
import { Seats } from './seats.ts';
import type { Connection, QueuedJob, Server, TrialWorker } from './server.ts';

/** Where trials of one trade are taken from the queue. */
interface Post {
  readonly trade: Trade;
  readonly seats: Seats;
  /** So many are taken at once: those at work, and those that wait for a seat. */
  hold(trials: number): void;
}

export interface WorkerOptions {
  readonly server: Server;
  readonly threads: number;
  readonly trades: readonly Trade[];
  /** SHA-256 (hex) of the network's arithmetic here. */
  readonly arithmetic: string;
  readonly version: string;
  /** Whether it is there for every run that it can serve, or for that of its own process alone: then others are no matter of its. */
  readonly serves: 'every run' | 'its own run';
  /** Where it keeps what has travelled; one whose run is in its own process needs none. */
  readonly cache?: DataCache | undefined;
  /** Is told, in words, what whoever started it should know. */
  readonly tell: (text: string) => void;
}

export class QueueWorker {
  readonly id = `${hostname()}#${process.pid}-${randomUUID().slice(0, 8)}`;
  readonly #options: WorkerOptions;
  readonly #redis: Connection;
  readonly #ears: Connection;
  readonly #blobConnection: Connection;
  readonly #blobs: Blobs;
  readonly #works = new Map<string, RemoteWork>();
  /** Jobs of which everything is still to be said. */
  readonly #busy = new Set<Promise<unknown>>();
  readonly #benches: Benches;
  readonly #reader: JobReader;
  readonly #heard = new Set<string>();
  readonly #said = new Set<string>();
  /** Runs that were looked at, and are still there. */
  #seen: ReadonlySet<string> = new Set();
  readonly #workers: readonly TrialWorker[];
  readonly #beat: NodeJS.Timeout;
  #isLeaving = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { server, trades, threads, cache } = options;
    this.#redis = server.connection();
    this.#ears = server.connection();
    this.#blobConnection = server.connection();
    this.#blobs = new Blobs(this.#blobConnection);
    this.#reader = new JobReader(
      (study) => this.#card(study),
      (text) => this.#say(text),
    );
    const fetch = (parcel: Parcel) => this.#blobs.get(parcel);
    this.#benches = new Benches(cache ? (parcel) => cache.through(parcel, fetch) : fetch);
    this.#ears.on('message', (_channel: string, text: string) => {
      const read = readMessage(order, text);
      if (read.kind === 'message') this.#works.get(read.message.job)?.obey(read.message);
    });
    this.#beat = setInterval(() => void this.#present(), times.beat);
    void this.#present();
    this.#workers = trades.map((trade) => {
      const hold = (trials: number) => {
        worker.concurrency = trials;
      };
      const post: Post = { trade, seats: new Seats(threads), hold };
      const worker = server.worker(queueOf(trade.service, options.version), threads, (job, token) => {
        const process = this.#process(post, job, token);
        this.#busy.add(process);
        return process.finally(() => this.#busy.delete(process));
      });
      return worker;
    });
  }

  /** Takes no more trials, and gives those under way back with where they are. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    clearInterval(this.#beat);
    const paused = this.#workers.map((worker) => worker.pause(true));
    for (const work of this.#works.values()) work.stop();
    await Promise.allSettled([...paused, ...this.#busy]);
    await this.#benches.close();
    // It says so, for whoever is silent is lost; the server forgets it soon.
    await this.#show().catch(() => {});
  }

  async #process(post: Post, queued: QueuedJob, token: string | undefined): Promise<void> {
    const job = await this.#reader.read(post.trade.service, queued.data);
    if (job === undefined) return;
    const isRefused = job.refusedBy === this.id && queued.attemptsStarted <= mostLeaves;
    if (isRefused || job.avoid === this.id || job.avoid === hostOf(this.id))
      return await this.#leave(queued, token);
    // What is begun for the first time was left nowhere.
    const kept = queued.attemptsStarted > 1 ? await this.#kept(job) : undefined;
    const stalls = queued.stalledCounter;
    const deaths = stalls - (kept?.deaths ?? 0);
    if (deaths >= mostDeaths) return await this.#giveUp(job, deaths);
    let work: RemoteWork | undefined;
    try {
      work = await this.#begin(post, job, kept?.parcel, stalls);
    } catch (error) {
      return await this.#refuse(job, error);
    }
    const isLeft = work === undefined || (await this.#isLeft(work, post));
    if (isLeft) await this.#options.server.giveBack(queued, token);
  }

  /** Leaves a trial to the others. By the server's clock: that of a machine may be a day off. */
  async #leave(queued: QueuedJob, token: string | undefined): Promise<never> {
    const [seconds] = await this.#redis.time();
    return await this.#options.server.leaveUntil(1000 * Number(seconds) + times.avoid, queued, token);
  }

  /** Gets all that it needs, waits for a seat, and begins. @returns undefined where the worker leaves meanwhile */
  async #begin(
    { trade, seats }: Post,
    job: JobMessage,
    kept: Parcel | undefined,
    stalls: number,
  ): Promise<RemoteWork | undefined> {
    if (this.#isLeaving) return undefined;
    const place = await this.#benches.take(trade, job.setting);
    let { leave } = place;
    try {
      const start = await this.#startOf(job, kept, place.metrics);
      await this.#listen(job.study);
      await seats.take();
      leave = () => {
        place.leave();
        seats.leave();
      };
      if (this.#isLeaving) {
        leave();
        return undefined;
      }
      const { number, role, key, replicate, params, attempt, seed, until, rungs, limits } = job;
      const given = { number, role, key, replicate, params, attempt, seed, start, until, rungs, limits };
      const running = place.executor.start(given);
      // Before the run hears of its end: the next one is at hand.
      void running.outcome.then(leave);
      return new RemoteWork(job, running, start.from === 'checkpoint' ? start.checkpoint.step : 0, {
        worker: this.id,
        blobs: this.#blobs,
        send: (news) => this.#send(job, news),
        keep: (parcel) => {
          const key = keys.checkpoints(job.study);
          const left = JSON.stringify({ parcel, deaths: stalls });
          return this.#redis.multi().hset(key, job.job, left).expire(key, times.keepSeconds).exec();
        },
      });
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Runs it to its end, and tells the run of it. @returns whether others are to go on with it */
  async #isLeft(work: RemoteWork, { hold }: Post): Promise<boolean> {
    const from = performance.now();
    this.#works.set(work.job, work);
    if (this.#isLeaving) work.stop();
    try {
      const { state } = await work.end(() => this.#isLeaving);
      return state === 'stopped' && this.#isLeaving;
    } catch (error) {
      this.#say(`What a trial has come to cannot be given to the server: ${(error as Error).message}`);
      throw error;
    } finally {
      this.#works.delete(work.job);
      // Where trials are brief, some wait here; where they are not, another machine may be free sooner.
      const { threads } = this.#options;
      hold(performance.now() - from < times.brief ? 2 * threads : threads);
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
    const bytes = packAnswer({ state: 'failed', code: 'ERR_TRIAL_LOST', reason, reports: [], seconds: 0 });
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
      const studies = await this.#show();
      const others = studies.filter((study) => !this.#seen.has(study));
      if (this.#options.serves === 'its own run') return;
      for (const study of others) {
        const given = await this.#card(study);
        const why = given && misfit(this.#ownCard(), given);
        if (why) this.#say(`The run "${given.name}" of ${given.host} cannot be served here: ${why}.`);
      }
      this.#seen = new Set(studies);
    } catch {
      // The server is away; the next one may reach it.
    }
  }

  /** Says that it is there. @returns which runs are, in the same way to the server and back: a thousand workers say so */
  async #show(): Promise<readonly string[]> {
    const card = JSON.stringify(this.#ownCard());
    const answers = await this.#redis
      .multi()
      .set(keys.worker(this.id), card, 'PX', times.presence)
      .sadd(keys.workers, this.id)
      .smembers(keys.studies)
      .exec();
    return (answers?.[2]?.[1] ?? []) as string[];
  }

  #ownCard(): WorkerCard {
    const { version, threads, arithmetic, trades } = this.#options;
    const objectives = trades.filter(({ service }) => service.kind === 'objective');
    return {
      ...{ protocol, version, id: this.id, host: hostname(), pid: process.pid, node: process.versions.node },
      ...{ threads, arithmetic, doing: [...this.#works.keys()] },
      ...(this.#isLeaving ? { isLeaving: true } : {}),
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
