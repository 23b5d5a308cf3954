/**
 * What workers say to a run, and what comes of it: reports and checkpoints of trials under way, answers, and refusals.
 * The first answer to a trial counts; one that comes again, or before its trial is started, is held against it or kept.
 * Not here: how it is read from the server (news-stream.ts).
 */
import { hash } from 'node:crypto';
import { type CoresweepError, errors } from '../errors.ts';
import type { TrialOutcome } from '../trial.ts';
import type { AnswerBook } from './answer-book.ts';
import { comparedHash, unpackAnswer, unpackCheckpoint } from './answers.ts';
import type { Blobs } from './blobs.ts';
import { type Ended, type News, news, readMessage } from './messages.ts';
import { unpackReports } from './packing.ts';
import type { Presence } from './presence.ts';
import { leastRefusals } from './protocol.ts';
import type { RemoteTrial } from './remote-trial.ts';
import type { Turns } from './turns.ts';

export interface InboxOptions {
  /** How many values a report has. */
  readonly metrics: number;
  readonly trials: ReadonlyMap<string, RemoteTrial>;
  readonly turns: Turns;
  readonly book: AnswerBook;
  readonly blobs: Blobs;
  readonly presence: Presence;
  readonly age: () => number;
  readonly tell: (text: string) => void;
  /** A worker has put a trial aside without an answer. */
  readonly again: (job: string) => void;
  /** Two machines gave different bits. */
  readonly onConflict: (error: CoresweepError) => void;
}

/** An answer whose trial has not been started. */
interface Early {
  readonly entry: string;
  readonly message: Ended;
}

interface NoAnswer {
  readonly kind: 'none';
  readonly why: string;
}
type ReadBytes = { readonly kind: 'bytes'; readonly bytes: Uint8Array } | NoAnswer;
type ReadAnswer =
  | { readonly kind: 'answer'; readonly outcome: TrialOutcome; readonly compared: string }
  | NoAnswer;

export class Inbox {
  readonly #options: InboxOptions;
  readonly #early = new Map<string, Early>();
  /** Trials that have failed, by the attempt, or have ended without an answer: messages up to that attempt no longer count. */
  readonly #over = new Map<string, number>();
  /** Refusals already reported: a machine may refuse every trial. */
  readonly #said = new Set<string>();

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** How many trials have ended before they were started: in a session before. */
  get early(): number {
    return this.#early.size;
  }

  /** Gives a trial that is started now the answer that has come already. @returns whether there was one */
  async answerEarly(job: string): Promise<boolean> {
    const early = this.#early.get(job);
    this.#early.delete(job);
    return early !== undefined && (await this.#ended(early.entry, early.message));
  }

  /** Takes that a trial has ended without an answer. */
  async forget(job: string): Promise<void> {
    this.#over.set(job, Number.POSITIVE_INFINITY);
    const early = this.#early.get(job);
    this.#early.delete(job);
    if (early !== undefined) await this.#endedAgain(early.entry, early.message);
  }

  take(entry: string, text: string | undefined): void {
    const { trials, turns, tell } = this.#options;
    const read = readMessage(news, text);
    if (read.kind === 'garbage') {
      tell(`Something that the queue's server holds for this run is no message: ${read.reason}`);
      return this.#drop(entry);
    }
    const { message } = read;
    const trial = trials.get(message.job);
    if (message.kind === 'ended')
      return turns.take(message.job, () =>
        trial === undefined ? this.#endedAgain(entry, message) : this.#ended(entry, message),
      );
    if (trial !== undefined) turns.take(message.job, () => this.#hear(trial, message));
    this.#drop(entry);
  }

  #drop(entry: string): void {
    this.#options.book.forget([entry]).catch(() => {});
  }

  async #hear(trial: RemoteTrial, message: Exclude<News, Ended>): Promise<void> {
    const { metrics } = this.#options;
    if (message.kind !== 'refused') trial.isAt(message.worker);
    switch (message.kind) {
      case 'began':
        return;
      case 'reports': {
        const reports = unpackReports(Buffer.from(message.packed, 'base64'), metrics);
        if (reports === undefined)
          return this.#options.tell(`${message.worker} has sent reports that are none.`);
        return trial.report(reports, message);
      }
      case 'checkpoint': {
        const bytes = await this.#options.blobs.get(message.parcel);
        const checkpoint = unpackCheckpoint(bytes, metrics);
        if (checkpoint !== undefined) trial.keep(checkpoint);
        return;
      }
      case 'refused':
        return await this.#refused(trial, message);
      default:
        message satisfies never;
    }
  }

  async #refused(trial: RemoteTrial, { job, worker, reason }: Extract<News, { kind: 'refused' }>) {
    const { presence, tell, again } = this.#options;
    const text = `${worker} cannot run a trial: ${reason}`;
    if (!this.#said.has(text)) tell(text);
    this.#said.add(text);
    // A machine that lacks something is always free, and would take every trial from those that lack nothing.
    const isForOthers = presence.machines.all.some(
      ({ name, end }) => end === undefined && name !== worker && !trial.refusals.includes(name),
    );
    trial.isRefused(worker, isForOthers);
    if (isForOthers || trial.refusals.length < leastRefusals) return again(job);
    await trial.settle({ state: 'failed', code: 'ERR_TRIAL_REFUSED', reason, reports: [], seconds: 0 }, '');
  }

  /** Takes an answer. @returns whether it is one */
  async #ended(entry: string, message: Ended): Promise<boolean> {
    const { trials, book, age, tell, again } = this.#options;
    const { job, worker, seconds, log } = message;
    const trial = trials.get(job);
    if (trial === undefined || trial.isSettled) {
      await this.#endedAgain(entry, message);
      return true;
    }
    const read = await this.#read(message);
    if (read.kind === 'none') {
      tell(
        `${worker} has sent an answer to trial ${trial.job.number} that is none: ${read.why} The trial is run again.`,
      );
      again(job);
      await book.forget([entry]);
      return false;
    }
    const { outcome, compared } = read;
    if (outcome.state === 'stopped' && trial.request === undefined && trial.job.until === undefined) {
      // Of an earlier session that has asked for it: this one wants to go on.
      if (outcome.checkpoint !== undefined) trial.keep(outcome.checkpoint);
      await book.forget([entry]);
      return false;
    }
    // Told again, while the trial is tried again. Any other answer would be that of the next attempt too.
    if (outcome.state === 'failed' && message.attempt < trial.job.attempt && this.#isOver(message)) {
      await book.forget([entry]);
      return false;
    }
    book.handOver(entry, message);
    trial.isAt(worker, Math.max(0, age() - seconds));
    await trial.settle(outcome, log);
    if (outcome.state === 'failed') {
      // At once: another attempt, also in another session, would take this for the answer.
      this.#over.set(job, message.attempt);
      await book.forget([entry]);
      return true;
    }
    // Behind it, because the next trial waits for this one's end.
    if (outcome.state !== 'stopped') await book.write({ ...message, sha256: compared });
    book.forgetLater(entry);
    return true;
  }

  #isOver({ job, attempt }: Ended): boolean {
    return attempt <= (this.#over.get(job) ?? 0);
  }

  async #read(message: Ended): Promise<ReadAnswer> {
    const { metrics, presence, age } = this.#options;
    const { worker, seconds, sha256 } = message;
    const read = await this.#readBytes(message);
    if (read.kind === 'none') return read;
    const now = age();
    const spans = message.spans.map(({ thread, from, to }) => ({
      thread: presence.machines.seat(worker, thread),
      from: Math.max(0, now - from),
      to: Math.max(0, now - to),
    }));
    const outcome = unpackAnswer(read.bytes, metrics, { spans, seconds });
    return outcome === undefined
      ? { kind: 'none', why: 'it has another form.' }
      : { kind: 'answer', outcome, compared: comparedHash(read.bytes, sha256, metrics) };
  }

  /** The bytes of an answer, if they have the hash that its message gives. */
  async #readBytes({ answer, sha256 }: Ended): Promise<ReadBytes> {
    let bytes: Uint8Array;
    try {
      bytes = await this.#options.blobs.get(answer);
    } catch (error) {
      return { kind: 'none', why: (error as Error).message };
    }
    const got = hash('sha256', bytes);
    return got === sha256
      ? { kind: 'bytes', bytes }
      : { kind: 'none', why: `its hash is ${got}, not ${sha256}.` };
  }

  /** A second answer to a trial: the same bits, unless one of the machines computes wrongly. */
  async #endedAgain(entry: string, message: Ended): Promise<void> {
    const { metrics, book, blobs, onConflict, tell } = this.#options;
    const { job, worker, sha256 } = message;
    const counted = await book.counted(job);
    if (counted === undefined && !this.#isOver(message)) return void this.#early.set(job, { entry, message });
    if (counted !== undefined && counted.sha256 !== sha256) {
      const read = await this.#readBytes(message);
      if (read.kind === 'none')
        tell(`${worker} has sent an answer to a trial that has one, and it is none: ${read.why}`);
      else {
        const compared = comparedHash(read.bytes, sha256, metrics);
        if (compared !== counted.sha256)
          onConflict(errors.answersDiffer(`Job ${job}`, counted, { worker, sha256: compared }));
      }
    }
    await book.forget([entry]);
    await blobs.drop(message.answer);
  }
}
