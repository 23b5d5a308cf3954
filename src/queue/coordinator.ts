/**
 * The executor on other machines: trials lie in a queue, workers run them, and what they tell comes back as a stream.
 * Delivery is at least once and bits are equal, so that the first answer counts and a second one is only compared.
 * Not here: what one trial has come to (remote-trial.ts), who works (machines.ts), and how work is done (worker.ts).
 */
import { hash, type KeyObject } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CoresweepError, errors } from '../errors.ts';
import type { Executor, Job, Running } from '../execute/executor.ts';
import type { Machine } from '../machine.ts';
import type { Metric } from '../metric.ts';
import { packStart, unpackAnswer, unpackCheckpoint } from './answers.ts';
import { Blobs } from './blobs.ts';
import { Gathered } from './gathered.ts';
import { Machines } from './machines.ts';
import {
  type JobMessage,
  type News,
  news as newsSchema,
  type Order,
  type Parcel,
  readMessage,
  type StudyCard,
  settledAnswer,
  type WorkerCard,
  workerCard,
} from './messages.ts';
import { NewsStream } from './news-stream.ts';
import { unpackReports } from './packing.ts';
import { jobId, keys, mostDeaths, prefix, protocol, queueOf, type Service, times } from './protocol.ts';
import { type Asked, RemoteTrial } from './remote-trial.ts';
import type { Connection, Server, TrialQueue } from './server.ts';
import { publicKeyOf, signatureOf, signingKey } from './signature.ts';
import { Turns } from './turns.ts';

export interface CoordinatorOptions {
  readonly server: Server;
  /** 16 hex digits, the same whenever the run goes on, and nobody else's. */
  readonly study: string;
  /** For people. */
  readonly name: string;
  readonly version: string;
  readonly service: Service;
  readonly metrics: readonly Metric[];
  /** Whether its trials pause (Executor). */
  readonly pauses: boolean;
  /** What workers must know of the run beyond its service. @param put leaves bytes for whoever does not have them */
  readonly setting?: ((put: (bytes: Uint8Array) => Promise<Parcel>) => Promise<Uint8Array>) | undefined;
  readonly checkpointSeconds: number;
  /** The worker within this process, if any, and its threads. */
  readonly own?: { readonly id: string; readonly threads: number } | undefined;
  /** Signs its jobs. */
  readonly password: string;
  readonly tell: (text: string) => void;
  /** Is given all machines so far, whenever one has come or gone. */
  readonly onMachines?: (machines: readonly Machine[]) => void;
  /** Two machines gave different bits. */
  readonly onConflict: (error: CoresweepError) => void;
}

/** An answer of a session before, whose trial has not been started again yet. */
interface Early {
  readonly entry: string;
  readonly message: Ended;
}

type Ended = Extract<News, { kind: 'ended' }>;

export function queueExecutor(options: CoordinatorOptions): Executor {
  return new Coordinator(options);
}

class Coordinator implements Executor {
  readonly #options: CoordinatorOptions;
  readonly #born = performance.now();
  readonly #redis: Connection;
  readonly #reading: Connection;
  readonly #news: NewsStream;
  readonly #blobConnection: Connection;
  readonly #blobs: Blobs;
  readonly #queue: TrialQueue;
  readonly #key: KeyObject;
  readonly #card: StudyCard;
  readonly #machines: Machines;
  readonly #trials = new Map<string, RemoteTrial>();
  readonly #turns = new Turns();
  readonly #early = new Map<string, Early>();
  /** Jobs that the server did not have when it was last looked. */
  #missing = new Set<string>();
  readonly #timers: NodeJS.Timeout[] = [];
  /** Answers that were handed over, by entry: they go once they are in the database. */
  readonly #handedOver = new Map<string, Parcel>();
  readonly #settled = new Gathered<Ended>(times.gather, (messages) => this.#rememberAll(messages));
  readonly #forgotten = new Gathered<string>(times.gather, (entries) => this.#news.drop(entries));
  #setting: Promise<Parcel | undefined>;
  #drained: Promise<void>;
  #isClosed = false;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    const { server, study, name, version, service, setting } = options;
    this.#redis = server.connection();
    this.#reading = server.connection();
    this.#news = new NewsStream(this.#redis, this.#reading, study);
    this.#blobConnection = server.connection();
    this.#blobs = new Blobs(this.#blobConnection);
    this.#queue = server.queue(queueOf(service));
    this.#key = signingKey(study, options.password);
    this.#card = {
      ...{ protocol, version, id: study, name, host: hostname(), service },
      publicKey: publicKeyOf(this.#key),
    };
    this.#machines = new Machines(this.#card, options.own?.id);
    this.#setting = this.#layOut(setting);
    this.#setting.catch(() => {});
    this.#drained = this.#drain();
    this.#drained.catch(() => {});
    this.#every(times.beat, () => this.#present());
    this.#every(times.repeat, () => this.#repeat());
    this.#every(times.reconcile, () => this.#reconcile());
  }

  get seats(): number {
    return Math.max(this.#options.own?.threads ?? 0, this.#machines.seats);
  }

  get pauses(): boolean {
    return this.#options.pauses;
  }

  age(): number {
    return (performance.now() - this.#born) / 1000;
  }

  machines(): readonly Machine[] {
    return this.#machines.all;
  }

  async ready(): Promise<void> {
    await this.#setting;
    await this.#drained;
    for (let isTold = false; this.seats === 0 && !this.#isClosed; isTold = true) {
      await this.#present();
      if (this.seats > 0) return;
      if (!isTold)
        this.#options.tell('Nobody is there to work yet; the run begins when the first worker joins.');
      await sleep(times.beat);
    }
  }

  /** A few more than there are seats, so that nobody waits for the next trial, and not so many that the search runs ahead. */
  capacity(): number {
    return this.seats + Math.max(2, Math.round(this.seats / 10));
  }

  start(job: Job): Running {
    if (this.#trials.size >= this.capacity())
      throw new Error(`${this.capacity()} trials are under way already.`);
    const id = jobId(this.#options.study, job.key, job.until);
    const trial = new RemoteTrial(job, this.#options.metrics, {
      ask: (request) => this.#ask(id, trial, request),
      judged: (step, judgement) => this.#order({ kind: 'judged', job: id, step, judgement }),
      age: () => this.age(),
    });
    this.#trials.set(id, trial);
    void trial.running.outcome.then(() => {
      if (this.#trials.get(id) === trial) this.#trials.delete(id);
    });
    this.#turns.take(id, async () => {
      await this.#drained;
      const early = this.#early.get(id);
      this.#early.delete(id);
      // One that was stopped is no answer.
      if (early !== undefined && (await this.#ended(early.entry, early.message))) return;
      await this.#add(id, trial);
    });
    return trial.running;
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
    for (const connection of [this.#redis, this.#reading, this.#blobConnection]) connection.disconnect();
  }

  async #tidy(): Promise<void> {
    await this.#settled.add();
    await this.#forget([...this.#handedOver.keys()]);
    await this.#redis.multi().del(keys.study(this.#card.id)).srem(keys.studies, this.#card.id).exec();
    await this.#queue.close();
  }

  async #layOut(setting: CoordinatorOptions['setting']): Promise<Parcel | undefined> {
    return setting && (await this.#blobs.put(await setting((bytes) => this.#blobs.put(bytes))));
  }

  // --- to the workers -------------------------------------------------------------------------------------

  /** Lays it into the queue; a job that lies there already, or is being run, stays as it is. */
  async #add(id: string, trial: RemoteTrial): Promise<void> {
    if (trial.isSettled) return;
    const { job, checkpoint } = trial;
    const { number, role, key, replicate, params, attempt, seed, until, rungs, avoid } = job;
    const { silentSeconds, trialSeconds, importSeconds, memoryMb } = job.limits;
    const start = checkpoint === undefined ? job.start : ({ from: 'checkpoint', checkpoint } as const);
    const bytes = packStart(start);
    const { study, service, checkpointSeconds } = this.#options;
    const setting = await this.#setting;
    const message: JobMessage = {
      ...{ protocol, job: id, study, service, number, role, key, replicate, params, attempt, seed },
      ...{ limits: { silentSeconds, trialSeconds, importSeconds, memoryMb } },
      ...{ checkpointSeconds, until, rungs: rungs && [...rungs], setting, avoid },
      start:
        start.from === 'nothing' || bytes === undefined
          ? { from: 'nothing' }
          : { from: start.from, parcel: await this.#blobs.put(bytes) },
    };
    const text = JSON.stringify(message);
    await this.#queue.add('trial', { text, signature: signatureOf(text, this.#key) }, { jobId: id });
  }

  #ask(id: string, trial: RemoteTrial, request: Asked): void {
    this.#order({ kind: 'ask', job: id, request });
    if (request !== 'stop') return;
    setTimeout(() => trial.leave(), times.stop);
    this.#turns.take(id, async () => {
      // One that nobody runs yet is stopped at once.
      if (!trial.isSettled && (await this.#queue.remove(id)) === 1) trial.leave();
    });
  }

  #order(order: Order): void {
    // What is lost is said again.
    this.#redis.publish(keys.orders(this.#options.study), JSON.stringify(order)).catch(() => {});
  }

  async #repeat(): Promise<void> {
    for (const [job, { request }] of this.#trials)
      if (request !== undefined) this.#order({ kind: 'ask', job, request });
  }

  // --- from the workers -----------------------------------------------------------------------------------

  async #drain(): Promise<void> {
    // First, because workers look there who has signed a job.
    await this.#present();
    await this.#news.open((entry, text) => this.#take(entry, text));
    // Trials that were started already wait for this.
    if (this.#trials.size === 0) await this.#turns.all();
    const count = this.#early.size;
    if (count > 0)
      this.#options.tell(
        `Workers have ended ${count} trial${count === 1 ? '' : 's'} meanwhile; their results are taken as they are.`,
      );
  }

  #take(entry: string, text: string | undefined): void {
    const read = readMessage(newsSchema, text);
    if (read.kind === 'garbage') {
      this.#options.tell(
        `Something that the queue's server holds for this run is no message: ${read.reason}`,
      );
      return void this.#forget([entry]).catch(() => {});
    }
    const { message } = read;
    if (message.kind === 'ended') {
      if (this.#trials.has(message.job)) this.#turns.take(message.job, () => this.#ended(entry, message));
      else this.#turns.take(message.job, () => this.#endedAgain(entry, message));
      return;
    }
    const trial = this.#trials.get(message.job);
    if (trial !== undefined) this.#turns.take(message.job, () => this.#hear(trial, message));
    this.#forget([entry]).catch(() => {});
  }

  async #hear(trial: RemoteTrial, message: Exclude<News, Ended>): Promise<void> {
    if (message.kind !== 'refused') trial.isAt(message.worker);
    switch (message.kind) {
      case 'began':
        return;
      case 'reports': {
        const reports = unpackReports(Buffer.from(message.packed, 'base64'), trial.metrics);
        if (reports === undefined)
          return this.#options.tell(`${message.worker} has sent reports that are none.`);
        return trial.report(reports, message.asks);
      }
      case 'checkpoint': {
        const checkpoint = unpackCheckpoint(await this.#blobs.get(message.parcel), trial.metrics);
        if (checkpoint !== undefined) trial.keep(checkpoint);
        return;
      }
      case 'refused': {
        this.#options.tell(`${message.worker} cannot run a trial: ${message.reason}`);
        trial.refusals++;
        if (trial.refusals < mostDeaths) return;
        const failed = {
          state: 'failed',
          code: 'ERR_TRIAL_REFUSED',
          reason: message.reason,
          reports: [],
          seconds: 0,
        } as const;
        return await trial.settle(failed, '');
      }
      default:
        message satisfies never;
    }
  }

  /** Takes an answer. @returns whether it is one */
  async #ended(entry: string, message: Ended): Promise<boolean> {
    const trial = this.#trials.get(message.job);
    if (trial === undefined || trial.isSettled) {
      await this.#endedAgain(entry, message);
      return true;
    }
    const { worker, seconds } = message;
    const age = this.age();
    const spans = message.spans.map(({ thread, from, to }) => ({
      thread: this.#machines.seat(worker, thread),
      from: Math.max(0, age - from),
      to: Math.max(0, age - to),
    }));
    const fault = (why: string) => {
      this.#options.tell(
        `${worker} has sent an answer to trial ${trial.job.number} that is none: ${why} The trial is run again.`,
      );
      return false;
    };
    let bytes: Uint8Array;
    try {
      bytes = await this.#blobs.get(message.answer);
    } catch (error) {
      await this.#forget([entry]);
      return fault((error as Error).message);
    }
    const got = hash('sha256', bytes);
    const outcome = unpackAnswer(bytes, trial.metrics, { spans, seconds });
    if (got !== message.sha256 || outcome === undefined) {
      await this.#forget([entry]);
      return fault(
        got === message.sha256 ? 'it has another form.' : `its hash is ${got}, not ${message.sha256}.`,
      );
    }
    if (outcome.state === 'stopped' && trial.request === undefined && trial.job.until === undefined) {
      // Of an earlier session that has asked for it: this one wants to go on.
      if (outcome.checkpoint !== undefined) trial.keep(outcome.checkpoint);
      await this.#forget([entry]);
      return false;
    }
    this.#handedOver.set(entry, message.answer);
    trial.isAt(worker, Math.max(0, age - seconds));
    await trial.settle(outcome, message.log);
    // Behind it, because the next trial waits for this one's end.
    if (outcome.state !== 'stopped' && outcome.state !== 'failed') await this.#settled.add(message);
    setTimeout(() => void this.#forget([entry]).catch(() => {}), times.settled).unref();
    return true;
  }

  /** An answer of which there is one, or will be: the same bits, unless somebody computes wrongly. */
  async #endedAgain(entry: string, message: Ended): Promise<void> {
    const { job, worker, sha256 } = message;
    const text = await this.#redis.hget(keys.answers(this.#options.study), job);
    const read = text === null ? undefined : readMessage(settledAnswer, text);
    if (read?.kind !== 'message') {
      this.#early.set(job, { entry, message });
      return;
    }
    if (read.message.sha256 !== sha256)
      this.#options.onConflict(errors.answersDiffer(`Job ${job}`, read.message, { worker, sha256 }));
    await this.#forget([entry]);
    await this.#blobs.drop(message.answer);
  }

  async #rememberAll(messages: readonly Ended[]): Promise<void> {
    const { study } = this.#options;
    const key = keys.answers(study);
    const answers = messages.map(({ job, worker, sha256 }) => [job, JSON.stringify({ sha256, worker })]);
    await this.#redis
      .multi()
      .hset(key, ...answers.flat())
      .expire(key, times.keepSeconds)
      .hdel(keys.checkpoints(study), ...messages.map(({ job }) => job))
      .exec();
  }

  async #forget(entries: readonly string[]): Promise<void> {
    await this.#forgotten.add(...entries);
    for (const entry of entries) {
      const parcel = this.#handedOver.get(entry);
      this.#handedOver.delete(entry);
      if (parcel !== undefined) await this.#blobs.drop(parcel);
    }
  }

  // --- now and then ---------------------------------------------------------------------------------------

  async #present(): Promise<void> {
    const { id } = this.#card;
    const [, , ids] =
      (await this.#redis
        .multi()
        // It outlives this process: workers go on with what lies in the queue.
        .set(keys.study(id), JSON.stringify(this.#card), 'EX', times.keepSeconds)
        .sadd(keys.studies, id)
        .smembers(keys.workers)
        .exec()) ?? [];
    const workers = (ids?.[1] ?? []) as string[];
    const texts = workers.length === 0 ? [] : await this.#redis.mget(workers.map(keys.worker));
    const gone = workers.filter((_, at) => texts[at] === null);
    if (gone.length > 0) await this.#redis.srem(keys.workers, ...gone);
    const cards = texts.flatMap((text) => {
      const read = readMessage(workerCard, text);
      return read.kind === 'message' ? [read.message] : [];
    });
    this.#see(cards);
  }

  #see(cards: readonly WorkerCard[]): void {
    const { all } = this.#machines;
    const at = (worker: string) => [...this.#trials.values()].filter((trial) => trial.worker === worker);
    const trialsOf = (worker: string) => at(worker).map(({ job }) => `trial ${job.number}`);
    const { words, gone } = this.#machines.see(cards, trialsOf, this.age());
    for (const { id, how } of gone)
      for (const trial of at(id)) trial.isLeft(how === 'lost' ? how : 'stopped');
    for (const text of words) this.#options.tell(text);
    if (this.#machines.all !== all) this.#options.onMachines?.(this.#machines.all);
  }

  /** Adds again what a server that has lost its memory does not know any more. */
  async #reconcile(): Promise<void> {
    const ids = [...this.#trials.keys()];
    if (ids.length === 0) return;
    const { name } = this.#queue;
    const asked = this.#redis.pipeline();
    for (const id of ids) asked.exists(`${prefix}:${name}:${id}`);
    const answers = (await asked.exec()) ?? [];
    const missing = ids.filter((_, at) => answers[at]?.[1] === 0);
    // What is missing for the first time may have ended just now.
    const again = missing.filter((id) => this.#missing.has(id));
    this.#missing = new Set(missing);
    for (const id of again) {
      const trial = this.#trials.get(id);
      if (trial !== undefined) this.#turns.take(id, () => this.#add(id, trial));
    }
  }

  #every(ms: number, act: () => Promise<void>): void {
    let isAtIt = false;
    const timer = setInterval(() => {
      if (isAtIt) return;
      isAtIt = true;
      act()
        // The server is away; the next time it may be back.
        .catch(() => {})
        .finally(() => {
          isAtIt = false;
        });
    }, ms);
    this.#timers.push(timer);
  }
}
