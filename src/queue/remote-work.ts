/**
 * One trial at work on a worker: what it reports, leaves behind and ends with goes to the run, and the run's orders come back.
 * Not here: which trial (worker.ts), and where it runs (execute).
 */
import { hash } from 'node:crypto';
import type { Judgement, Running } from '../execute/executor.ts';
import type { Checkpoint, Report, TrialOutcome } from '../trial.ts';
import { packAnswer, packCheckpoint } from './answers.ts';
import type { Blobs } from './blobs.ts';
import { every } from './every.ts';
import type { JobMessage, News, Order, Parcel } from './messages.ts';
import { packReports } from './packing.ts';
import { silentLooks, times } from './protocol.ts';

/** Together they stay below a message's size. */
const reportsInOne = 5_000;

export interface Line {
  readonly worker: string;
  readonly blobs: Blobs;
  send(news: News): Promise<unknown>;
  /** Tells the next worker where the trial can go on. */
  keep(parcel: Parcel): Promise<unknown>;
  /** Milliseconds since the run last said that it is there. */
  silence(): Promise<number>;
  /** For the person who started the worker. */
  readonly tell: (text: string) => void;
}

export class RemoteWork {
  readonly #job: JobMessage;
  readonly #running: Running;
  readonly #line: Line;
  #rungs: readonly number[];
  #pending: Report[] = [];
  /** The step of the last report that is known here. */
  #heardStep: number;
  /** That of the last one that the run has heard of. */
  #saidStep: number;
  #soon: NodeJS.Timeout | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;
  /** The reports that wait to be judged: several of a trial that hurries on. */
  readonly #asked = new Map<Report, (judgement: Judgement) => void>();
  /** In a row. */
  #silentLooks = 0;
  #kept: { readonly step: number; readonly parcel: Parcel | undefined };

  /** @param from the step that it goes on from */
  constructor(job: JobMessage, running: Running, from: number, line: Line) {
    this.#job = job;
    this.#running = running;
    this.#line = line;
    this.#rungs = (job.rungs ?? []).filter((rung) => rung > from);
    this.#heardStep = from;
    this.#saidStep = from;
    this.#kept = { step: from, parcel: undefined };
    running.onReport((report) => this.#hear(report));
  }

  get job(): string {
    return this.#job.job;
  }

  /** @returns how it ended, sent to the run unless it was stopped and `isLeaving`: then its checkpoint is kept for the next worker */
  async end(isLeaving: () => boolean): Promise<TrialOutcome> {
    const { checkpointSeconds } = this.#job;
    let looks: NodeJS.Timeout | undefined;
    const began = setTimeout(() => {
      this.#begun();
      looks = setInterval(() => this.#look(), times.reports);
    }, times.brief);
    let saving: Promise<void> | undefined;
    const checkpoints = setInterval(() => {
      saving ??= this.#saveNow().finally(() => {
        saving = undefined;
      });
    }, 1000 * checkpointSeconds);
    const repeats = every(times.repeat, () => this.#askAgain());
    const outcome = await this.#running.outcome;
    clearTimeout(began);
    clearInterval(looks);
    clearInterval(checkpoints);
    clearInterval(repeats);
    await saving;
    this.#flush(false);
    if (outcome.state === 'stopped' && isLeaving()) await this.#save(outcome.checkpoint);
    else await this.#tell(outcome);
    if (this.#kept.parcel !== undefined && outcome.state !== 'stopped')
      await this.#line.blobs.drop(this.#kept.parcel);
    return outcome;
  }

  obey(order: Order): void {
    switch (order.kind) {
      case 'ask':
        return order.request === 'stop' ? this.stop() : this.#running.prune();
      case 'judged': {
        // A trial that is pruned at one report is pruned at all later ones.
        const isPruned = order.judgement === 'prune';
        this.#answer(order.judgement, ({ step }) => step === order.step || (isPruned && step > order.step));
        return;
      }
      case 'say again':
        this.#pending = [];
        this.#heardStep = this.#saidStep = order.after;
        return this.#look();
      default:
        order satisfies never;
    }
  }

  stop(): void {
    this.#running.stop();
    // Nobody may judge it any more.
    this.#answer('go on', () => true);
  }

  /** What was asked or answered may be lost. Where the run is gone, others need the seat; one that goes on asks for the trial anew. */
  async #askAgain(): Promise<void> {
    if (this.#asked.size === 0) return;
    for (const report of this.#asked.keys()) this.#send([report], true);
    this.#silentLooks = (await this.#line.silence()) > times.absence ? this.#silentLooks + 1 : 0;
    if (this.#silentLooks < silentLooks) return;
    this.#line.tell(
      `Trial ${this.#job.number} waits to be judged by a run that is gone, and is let go. Where that goes on, it hands it out again.`,
    );
    this.stop();
  }

  #answer(judgement: Judgement, isMeant: (report: Report) => boolean): void {
    for (const [report, judge] of this.#asked) {
      if (!isMeant(report)) continue;
      this.#asked.delete(report);
      judge(judgement);
    }
  }

  #hear(report: Report): Promise<Judgement> | undefined {
    this.#pending.push(report);
    this.#heardStep = report.step;
    if (report.step >= (this.#rungs[0] ?? Number.POSITIVE_INFINITY)) {
      this.#rungs = this.#rungs.filter((rung) => rung > report.step);
      const { promise, resolve } = Promise.withResolvers<Judgement>();
      this.#asked.set(report, resolve);
      this.#flush(true);
      return promise;
    }
    const wait = this.#sentAt + times.reports - performance.now();
    if (wait <= 0) this.#soon ??= setTimeout(() => this.#flush(false), 0);
    else this.#soon ??= setTimeout(() => this.#flush(false), wait);
    return undefined;
  }

  /** A network does not announce its epochs, so its progress is polled. */
  #look(): void {
    if ((this.#running.progress().last?.step ?? 0) <= this.#heardStep) return;
    this.#pending.push(...this.#running.reports().filter(({ step }) => step > this.#heardStep));
    this.#heardStep = this.#pending.at(-1)?.step ?? this.#heardStep;
    this.#flush(false);
  }

  #begun(): void {
    void this.#line.send({ kind: 'began', ...this.#names() }).catch(() => {});
  }

  #flush(asks: boolean): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#sentAt = performance.now();
    for (let at = 0; at < this.#pending.length; at += reportsInOne) {
      const isLast = at + reportsInOne >= this.#pending.length;
      this.#send(this.#pending.slice(at, at + reportsInOne), asks && isLast);
    }
    this.#pending = [];
  }

  #send(reports: readonly Report[], asks: boolean): void {
    const packed = Buffer.from(packReports(reports)).toString('base64');
    const after = this.#saidStep;
    this.#saidStep = Math.max(after, reports.at(-1)?.step ?? 0);
    // The answer holds them all again; what is lost until then is only late.
    void this.#line.send({ kind: 'reports', ...this.#names(), packed, after, asks }).catch(() => {});
  }

  async #saveNow(): Promise<void> {
    // What fails is tried again with the next one.
    await this.#save(this.#running.checkpoint()).catch(() => {});
  }

  async #save(checkpoint: Checkpoint | undefined): Promise<void> {
    if (checkpoint === undefined || checkpoint.step <= this.#kept.step) return;
    const parcel = await this.#line.blobs.put(packCheckpoint(checkpoint));
    await this.#line.keep(parcel);
    await this.#line.send({ kind: 'checkpoint', ...this.#names(), parcel });
    if (this.#kept.parcel !== undefined) await this.#line.blobs.drop(this.#kept.parcel);
    this.#kept = { step: checkpoint.step, parcel };
  }

  async #tell(outcome: TrialOutcome): Promise<void> {
    const bytes = packAnswer(outcome);
    const { seconds, spans = [] } = 'result' in outcome ? outcome.result : { seconds: outcome.seconds };
    const end = spans.at(-1)?.to ?? 0;
    // The bytes first: an answer must be there when it is announced.
    const answer = await this.#line.blobs.put(bytes);
    await this.#line.send({
      ...{ kind: 'ended', ...this.#names(), attempt: this.#job.attempt },
      ...{ sha256: hash('sha256', bytes), answer, seconds },
      // As seconds before the end: clocks differ.
      spans: spans.slice(-10_000).map(({ thread, from, to }) => ({ thread, from: end - from, to: end - to })),
      log: this.#running.log(),
    });
  }

  #names() {
    return { job: this.#job.job, worker: this.#line.worker };
  }
}
