/**
 * The executor on other machines: trials lie in a queue, workers run them, and what they tell comes back as a stream.
 * Delivery is at least once and bits are equal, so that the first answer counts and a second one is only compared.
 * Not here: the queue itself (job-queue.ts), what comes of what they tell (inbox.ts), what one trial has come to
 * (remote-trial.ts), who works (machines.ts), and how work is done (worker.ts).
 */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CoresweepError } from '../errors.ts';
import type { Executor, Job, Running } from '../execute/executor.ts';
import type { Machine } from '../machine.ts';
import type { Metric } from '../metric.ts';
import { AnswerBook } from './answer-book.ts';
import { Blobs } from './blobs.ts';
import { every } from './every.ts';
import { Inbox } from './inbox.ts';
import { JobQueue, type JobQueueOptions } from './job-queue.ts';
import { NewsStream } from './news-stream.ts';
import { Orders } from './orders.ts';
import { Presence } from './presence.ts';
import { jobId, protocol, times } from './protocol.ts';
import { type Asked, RemoteTrial } from './remote-trial.ts';
import type { Connection } from './server.ts';
import { Turns } from './turns.ts';

export interface CoordinatorOptions extends JobQueueOptions {
  /** For people. */
  readonly name: string;
  readonly metrics: readonly Metric[];
  /** How many steps a trial has (Progress). */
  readonly stepsOf?: ((job: Job) => number | undefined) | undefined;
  /** Whether its trials pause (Executor). */
  readonly pauses: boolean;
  /** The worker within this process, if any, and its threads. */
  readonly own?: { readonly id: string; readonly threads: number } | undefined;
  readonly tell: (text: string) => void;
  /** Is given all machines so far, whenever one has come or gone. */
  readonly onMachines?: (machines: readonly Machine[]) => void;
  /** Two machines gave different bits. */
  readonly onConflict: (error: CoresweepError) => void;
}

export function queueExecutor(options: CoordinatorOptions): Executor {
  return new Coordinator(options);
}

class Coordinator implements Executor {
  readonly #options: CoordinatorOptions;
  readonly #born = performance.now();
  readonly #connections: readonly Connection[];
  readonly #news: NewsStream;
  readonly #queue: JobQueue;
  readonly #presence: Presence;
  readonly #orders: Orders;
  readonly #book: AnswerBook;
  readonly #inbox: Inbox;
  readonly #trials = new Map<string, RemoteTrial>();
  /** Stopped trials that a worker may still run because it has not heard of it. */
  readonly #unheard = new Set<string>();
  readonly #turns = new Turns();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #drained: Promise<void>;
  /** The largest capacity so far: a trial that was begun for it may still be on its way when a worker leaves. */
  #mostRoom = 0;
  #isClosed = false;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    const { server, study, name, version, service, tell } = options;
    const [asking, reading, carrying] = [server.connection(), server.connection(), server.connection()];
    this.#connections = [asking, reading, carrying];
    this.#news = new NewsStream(asking, reading, study);
    const blobs = new Blobs(carrying);
    this.#queue = new JobQueue(options, asking, blobs);
    const card = { protocol, version, id: study, name, host: hostname(), service };
    const shared = { age: () => this.age(), trials: this.#trials, tell };
    this.#presence = new Presence(
      asking,
      { ...card, publicKey: this.#queue.publicKey },
      { ...shared, own: options.own?.id, onMachines: options.onMachines },
    );
    this.#orders = new Orders(asking, study);
    this.#book = new AnswerBook(asking, blobs, this.#news, study);
    this.#inbox = new Inbox({
      ...{ ...shared, turns: this.#turns, book: this.#book, blobs, presence: this.#presence },
      metrics: options.metrics.length,
      ...{ again: (job) => this.#addAgainSoon(job), onConflict: options.onConflict },
    });
    this.#drained = this.#drain();
    this.#drained.catch(() => {});
    this.#timers = [
      every(times.beat, () => this.#presence.look()),
      every(times.repeat, async () => this.#askAgain()),
      every(times.reconcile, () => this.#reconcile()),
    ];
  }

  get seats(): number {
    return Math.max(this.#options.own?.threads ?? 0, this.#presence.machines.seats);
  }

  get pauses(): boolean {
    return this.#options.pauses;
  }

  age(): number {
    return (performance.now() - this.#born) / 1000;
  }

  machines(): readonly Machine[] {
    return this.#presence.machines.all;
  }

  async ready(): Promise<void> {
    await this.#queue.ready();
    await this.#drained;
    for (let isTold = false; this.seats === 0 && !this.#isClosed; isTold = true) {
      await this.#presence.look();
      if (this.seats > 0) return;
      if (!isTold)
        this.#options.tell('Nobody is there to work yet; the run begins when the first worker joins.');
      await sleep(times.beat);
    }
  }

  /** A few more than seats, so that no worker waits for its next trial, but not so many that the search runs ahead. */
  capacity(): number {
    const room = this.seats + Math.max(2, Math.round(this.seats / 10));
    this.#mostRoom = Math.max(this.#mostRoom, room);
    return room;
  }

  start(job: Job): Running {
    if (this.#trials.size >= Math.max(this.capacity(), this.#mostRoom))
      throw new Error(`${this.#mostRoom} trials are under way already.`);
    const id = jobId(this.#options.study, job.key, job.until);
    const { metrics, stepsOf } = this.#options;
    const trial = new RemoteTrial(job, metrics, stepsOf?.(job), {
      ask: (request) => this.#ask(id, trial, request),
      judged: (step, judgement) => this.#orders.judged(id, step, judgement),
      sayAgain: (after) => this.#orders.sayAgain(id, after),
      age: () => this.age(),
    });
    this.#trials.set(id, trial);
    this.#unheard.delete(id);
    void trial.running.outcome.then(() => this.#trials.delete(id));
    this.#turns.take(id, async () => {
      await this.#drained;
      if (!(await this.#inbox.answerEarly(id))) await this.#queue.add(id, trial);
    });
    return trial.running;
  }

  forget(key: string): void {
    const id = jobId(this.#options.study, key, undefined);
    this.#unheard.add(id);
    this.#orders.ask(id, 'stop');
    this.#turns.take(id, () => this.#inbox.forget(id));
    this.#turns.take(id, () => this.#queue.remove(id));
  }

  stop(): void {
    for (const { running } of this.#trials.values()) running.stop();
  }

  async close(): Promise<void> {
    this.stop();
    await Promise.all([...this.#trials.values()].map(({ running }) => running.outcome));
    this.#isClosed = true;
    this.#news.close();
    for (const timer of this.#timers) clearInterval(timer);
    const patience = sleep(times.stop, undefined, { ref: false });
    await Promise.race([this.#tidy().catch(() => {}), patience]);
    for (const connection of this.#connections) connection.disconnect();
  }

  async #tidy(): Promise<void> {
    await this.#book.close();
    await this.#presence.close();
    await this.#queue.close();
  }

  /** Takes the news that came while no one listened, and begins to listen. */
  async #drain(): Promise<void> {
    // First, because workers look there who has signed a job.
    await this.#presence.look();
    await this.#news.open((entry, text) => this.#inbox.take(entry, text));
    // Trials that were started already wait for this.
    if (this.#trials.size === 0) await this.#turns.all();
    const count = this.#inbox.early;
    if (count > 0)
      this.#options.tell(
        `Workers have ended ${count} trial${count === 1 ? '' : 's'} meanwhile; their results are taken as they are.`,
      );
  }

  /** Adds one again that a worker could not answer, once it has left the queue; where that takes longer, it is found missing. */
  #addAgainSoon(id: string): void {
    const look = async () => {
      if (await this.#queue.lacks(id)) this.#addAgain([id]);
    };
    setTimeout(() => void look().catch(() => {}), times.avoid);
  }

  /** Adds again what the server does not know any more. */
  async #reconcile(): Promise<void> {
    this.#addAgain(await this.#queue.lost([...this.#trials.keys(), ...this.#unheard]));
  }

  #addAgain(ids: readonly string[]): void {
    for (const id of ids) {
      this.#unheard.delete(id);
      const trial = this.#trials.get(id);
      if (trial !== undefined) this.#turns.take(id, () => this.#queue.add(id, trial));
    }
  }

  #ask(id: string, trial: RemoteTrial, request: Asked): void {
    this.#orders.ask(id, request);
    if (request !== 'stop') return;
    setTimeout(() => {
      if (trial.isSettled) return;
      this.#unheard.add(id);
      trial.leave();
    }, times.stop);
    this.#turns.take(id, async () => {
      // One that no worker runs yet is stopped at once.
      if (!trial.isSettled && (await this.#queue.remove(id))) trial.leave();
    });
  }

  #askAgain(): void {
    for (const [job, { request }] of this.#trials) if (request !== undefined) this.#orders.ask(job, request);
    for (const job of this.#unheard) this.#orders.ask(job, 'stop');
  }
}
