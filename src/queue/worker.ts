/**
 * A worker: takes trials of the runs that it can serve, runs them on its own executors, and owns nothing.
 * Not here: what the runs are told (remote-work.ts, worker-news.ts), where it begins (left-trials.ts), that the worker is there
 * (worker-presence.ts), and what it may run, which whoever starts it says.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { hostOf } from '../machine.ts';
import { Blobs } from './blobs.ts';
import type { DataCache } from './data-cache.ts';
import { Ears } from './ears.ts';
import { every } from './every.ts';
import { JobReader } from './job-reader.ts';
import { leaveTrial, leftTrial, startOf, stepOf } from './left-trials.ts';
import type { CheckpointParcel, JobMessage, Parcel, WorkerCard } from './messages.ts';
import { mostDeaths, mostLeaves, protocol, queueOf, times } from './protocol.ts';
import { RemoteWork } from './remote-work.ts';
import { Seats } from './seats.ts';
import { type Connection, type QueuedJob, type Server, type TrialWorker, unlessAway } from './server.ts';
import { type Capability, SharedExecutors } from './shared-executors.ts';
import { WorkerNews } from './worker-news.ts';
import { WorkerPresence } from './worker-presence.ts';

/** Takes the trials of one capability from the queue. */
interface Post {
  readonly capability: Capability;
  readonly seats: Seats;
  /** Sets how many are taken at once: those at work, and those that wait for a seat. */
  hold(trials: number): void;
}

export interface WorkerOptions {
  readonly server: Server;
  readonly threads: number;
  readonly capabilities: readonly Capability[];
  /** SHA-256 (hex) of the network's arithmetic here. */
  readonly arithmetic: string;
  readonly version: string;
  /** Every run that it can serve, or only that of its own process. */
  readonly serves: 'every run' | 'its own run';
  /** Where it keeps what has travelled; one whose run is in its own process needs none. */
  readonly cache?: DataCache | undefined;
  /** Takes messages for the person who started it. */
  readonly tell: (text: string) => void;
}

export class QueueWorker {
  readonly id = `${hostname()}#${process.pid}-${randomUUID().slice(0, 8)}`;
  readonly #options: WorkerOptions;
  readonly #redis: Connection;
  readonly #ears: Ears;
  readonly #blobs: Blobs;
  readonly #news: WorkerNews;
  readonly #presence: WorkerPresence;
  readonly #works = new Map<string, RemoteWork>();
  /** Jobs whose news is not all sent yet. */
  readonly #busy = new Set<Promise<unknown>>();
  readonly #executors: SharedExecutors;
  readonly #reader: JobReader;
  readonly #said = new Set<string>();
  readonly #workers: readonly TrialWorker[];
  readonly #beat: NodeJS.Timeout;
  #isLeaving = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { server, capabilities, threads, cache } = options;
    this.#redis = server.connection();
    this.#ears = new Ears(
      server.connection(),
      (order) => this.#works.get(order.job)?.obey(order),
      (text) => this.#say(text),
    );
    this.#blobs = new Blobs(server.connection());
    this.#news = new WorkerNews(this.#redis, this.#blobs, this.id);
    this.#presence = new WorkerPresence(this.#redis, () => this.#ownCard());
    this.#reader = new JobReader(
      (study) => this.#presence.cardOf(study),
      (text) => this.#say(text),
    );
    const fetch = (parcel: Parcel) => this.#blobs.get(parcel);
    this.#executors = new SharedExecutors(cache ? (parcel) => cache.through(parcel, fetch) : fetch);
    const present = async () => {
      this.#ears.keepOpen();
      if (options.serves === 'its own run') await this.#presence.show();
      else await this.#presence.look((text) => this.#say(text));
    };
    this.#beat = every(times.beat, present);
    // Where the server is away, the next one may reach it.
    present().catch(() => {});
    this.#workers = capabilities.map((capability) => {
      const hold = (trials: number) => {
        worker.concurrency = trials;
      };
      const post: Post = { capability, seats: new Seats(threads), hold };
      const worker = server.worker(queueOf(capability.service, options.version), threads, (job, token) => {
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
    await unlessAway(this.#redis, Promise.allSettled([...paused, this.#executors.abandon(), ...this.#busy]));
    await this.#executors.close();
    // To say that it leaves: a worker that only falls silent counts as lost.
    if (this.#redis.status === 'ready')
      await unlessAway(
        this.#redis,
        this.#presence.show().catch(() => {}),
      );
  }

  async #process(post: Post, queued: QueuedJob, token: string | undefined): Promise<void> {
    const job = await this.#reader.read(post.capability.service, queued.data);
    if (job === undefined) return;
    const isRefused = job.refusedBy === this.id && queued.attemptsStarted <= mostLeaves;
    if (isRefused || job.avoid === this.id || job.avoid === hostOf(this.id))
      return await this.#leave(queued, token);
    // A trial that begins for the first time has not been left anywhere.
    const left = queued.attemptsStarted > 1 ? await leftTrial(this.#redis, job) : undefined;
    const stalls = { deaths: queued.stalledCounter, of: queued.timestamp };
    // A job that was added anew, because the server had lost it or it is tried again, counts from 0.
    const deaths = stalls.deaths - (left?.of === stalls.of ? left.deaths : 0);
    if (deaths >= mostDeaths) return await this.#news.giveUp(job, deaths);
    let work: RemoteWork | undefined;
    try {
      work = await this.#begin(post, job, left?.parcel, stalls);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#say(`A trial cannot be run here: ${reason}`);
      return await this.#news.refuse(job, reason);
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
    { capability, seats }: Post,
    job: JobMessage,
    left: Parcel | undefined,
    stalls: Omit<CheckpointParcel, 'parcel'>,
  ): Promise<RemoteWork | undefined> {
    if (this.#isLeaving) return undefined;
    const lease = await this.#executors.take(capability, job.setting);
    let { release } = lease;
    try {
      const start = await startOf(job, left, lease.metrics, this.#blobs);
      await this.#ears.listen(job.study);
      await seats.take();
      release = () => {
        lease.release();
        seats.leave();
      };
      if (this.#isLeaving) {
        release();
        return undefined;
      }
      const { number, role, key, replicate, params, attempt, seed, until, rungs, limits } = job;
      const given = { number, role, key, replicate, params, attempt, seed, start, until, rungs, limits };
      const running = lease.executor.start(given);
      // Before the run hears of its end: the next one is at hand.
      void running.outcome.then(release);
      return new RemoteWork(job, running, stepOf(start), {
        worker: this.id,
        blobs: this.#blobs,
        send: (news) => this.#news.send(job.study, news),
        keep: (parcel) => leaveTrial(this.#redis, job, { parcel, ...stalls }),
        silence: () => this.#presence.silenceOf(job.study),
        tell: (text) => this.#say(text),
      });
    } catch (error) {
      release();
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

  #ownCard(): WorkerCard {
    const { version, threads, arithmetic, capabilities } = this.#options;
    const objectives = capabilities.filter(({ service }) => service.kind === 'objective');
    return {
      ...{ protocol, version, id: this.id, host: hostname(), pid: process.pid, node: process.versions.node },
      ...{ threads, arithmetic },
      ...(this.#isLeaving ? { isLeaving: true } : {}),
      objectives: objectives.map(({ name, service }) => ({ name, hash: service.hash })),
    };
  }

  /** Once, however often it happens. */
  #say(text: string): void {
    if (this.#said.has(text) || this.#said.size > 1_000) return;
    this.#said.add(text);
    this.#options.tell(text);
  }
}
