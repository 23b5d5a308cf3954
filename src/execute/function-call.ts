/**
 * One call of an objective on its thread: what the function is given, and what becomes of what it reports, throws and returns.
 * Not here: the thread (function-worker.ts) and the way to the main thread (function-outbox.ts).
 */
import type { Metric } from '../metric.ts';
import { faultOfStep, readReturned, readValues } from '../objective/read-report.ts';
import { mostBytes, TrialEnd } from '../objective/trial-end.ts';
import { type TrialFault, trialFaults } from '../objective/trial-faults.ts';
import type { TrialGiven } from '../objective-function.ts';
import { type Random, randomStream } from '../random.ts';
import type { Params } from '../trial.ts';
import type { Judgement } from './executor.ts';
import { checkpointHeadBytes, type FunctionTask, requests, words } from './function-messages.ts';
import type { Outbox } from './function-outbox.ts';
import type { WorkEnd } from './underway.ts';

export class FunctionCall {
  readonly given: TrialGiven<Params, Readonly<Record<string, number>>>;
  /** Rejects where something fails that the function does not wait for; never resolves. */
  readonly faultElsewhere: Promise<never>;
  readonly #task: FunctionTask;
  readonly #metrics: readonly Metric[];
  readonly #outbox: Outbox;
  readonly #words: Int32Array;
  readonly #abort = new AbortController();
  readonly #failElsewhere: (thrown: unknown) => void;
  #random: Random;
  #draws = 0;
  #lastStep: number;
  #rungs: readonly number[];
  /** The report that waits to be judged. */
  #waiting:
    | { readonly step: number; readonly resolve: () => void; readonly reject: (end: TrialEnd) => void }
    | undefined;
  #why: 'pruned' | 'stopped' | undefined;
  /** What is wrong with it, whatever the function does from then on. */
  #fault: WorkEnd | undefined;
  isOver = false;

  constructor(task: FunctionTask, metrics: readonly Metric[], outbox: Outbox, words: Int32Array) {
    this.#task = task;
    this.#metrics = metrics;
    this.#outbox = outbox;
    this.#words = words;
    this.#rungs = task.rungs;
    this.#lastStep = task.restored?.step ?? 0;
    // All trials of a replicate draw the same: a point that is tried twice has equal answers.
    this.#random = randomStream(task.seed, 'objective', task.replicate, task.role === 'final' ? 1 : 0);
    const seed = this.#random.uint32();
    const restored = this.#restore(task.restored?.bytes);
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.faultElsewhere = promise;
    this.#failElsewhere = reject;
    const { params, number, replicate, role, start } = task;
    this.given = {
      ...{ params, number, replicate, role, seed, start, restored },
      signal: this.#abort.signal,
      random: () => {
        this.#draws++;
        return this.#random.uniform();
      },
      report: (step, values) => this.#report(step, values),
      checkpoint: (bytes) => this.#checkpoint(bytes),
      save: (bytes) => this.#save(bytes),
      log: (text) => this.print(`${text}\n`),
    };
  }

  /** Takes up the request in the shared word, if there is one. */
  look(): void {
    const request = Atomics.load(this.#words, words.request);
    if (request === requests.none || this.#why !== undefined) return;
    this.#end(request === requests.prune ? 'pruned' : 'stopped');
  }

  judged(step: number, judgement: Judgement): void {
    if (judgement === 'prune') this.#end('pruned');
    if (this.#waiting?.step !== step) return;
    this.#waiting.resolve();
    this.#waiting = undefined;
  }

  /** Something that belongs to this call has failed outside what it awaits. */
  failElsewhere(thrown: unknown): void {
    // A report that was not awaited.
    if (!(thrown instanceof TrialEnd)) this.#failElsewhere(thrown);
  }

  print(text: string): void {
    if (!this.isOver) this.#outbox.print(text);
  }

  endOfReturned(returned: unknown): WorkEnd {
    if (this.#fault !== undefined) return this.#fault;
    // What it returns after the signal to end may be half of an answer.
    if (this.#why !== undefined) return { kind: 'gave way' };
    if (returned === undefined) return { kind: 'complete', values: undefined };
    const read = readReturned(this.#metrics, returned);
    switch (read.kind) {
      case 'values':
        return { kind: 'complete', values: read.values };
      case 'not finite':
        return { kind: 'diverged', step: this.#lastStep + 1 };
      case 'fault':
        return { kind: 'failed', fault: read.fault };
      default:
        return read satisfies never;
    }
  }

  endOfThrown(thrown: unknown, faultOf: (thrown: unknown) => TrialFault): WorkEnd {
    if (this.#fault !== undefined) return this.#fault;
    if (this.#why !== undefined) return { kind: 'gave way' };
    return { kind: 'failed', fault: faultOf(thrown) };
  }

  #report(step: number, values: unknown): Promise<void> {
    this.#expectOpen();
    const wrongStep = faultOfStep(step, this.#lastStep);
    if (wrongStep !== undefined) return this.#fail({ kind: 'failed', fault: wrongStep });
    const read = readValues(this.#metrics, values, 'fault');
    if (read.kind === 'fault') return this.#fail({ kind: 'failed', fault: read.fault });
    if (read.kind === 'not finite') return this.#fail({ kind: 'diverged', step });
    this.#lastStep = step;
    this.#outbox.report(step, read.values);
    // Its checkpoint may still come: the next call ends it.
    if (step >= (this.#task.until ?? Number.POSITIVE_INFINITY)) this.#end('stopped');
    this.look();
    if (step < (this.#rungs[0] ?? Number.POSITIVE_INFINITY) || this.#why !== undefined)
      return Promise.resolve();
    this.#rungs = this.#rungs.filter((rung) => rung > step);
    this.#outbox.flush();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => {});
    this.#waiting = { step, resolve, reject };
    return promise;
  }

  #checkpoint(bytes: Uint8Array): void {
    if (this.#why !== 'stopped') this.#expectOpen();
    else if (this.isOver) throw new TrialEnd('over');
    this.#expectBytes('checkpoint', bytes);
    const copy = new Uint8Array(checkpointHeadBytes + bytes.length);
    new DataView(copy.buffer).setFloat64(0, this.#draws, true);
    copy.set(bytes, checkpointHeadBytes);
    this.#outbox.send({ kind: 'checkpoint', bytes: copy }, [copy.buffer]);
    this.look();
    if (this.#why !== undefined) throw new TrialEnd(this.#why);
  }

  #save(bytes: Uint8Array): void {
    if (this.isOver) throw new TrialEnd('over');
    this.#expectBytes('save', bytes);
    const copy = Uint8Array.from(bytes);
    this.#outbox.send({ kind: 'model', bytes: copy }, [copy.buffer]);
  }

  #expectBytes(what: string, bytes: unknown): void {
    if (bytes instanceof Uint8Array && bytes.length <= mostBytes) return;
    this.#fail({ kind: 'failed', fault: trialFaults.bytes(what, bytes, mostBytes) });
  }

  /** The bytes of the last checkpoint, with chance where it was. */
  #restore(bytes: Uint8Array | undefined): Uint8Array | undefined {
    if (bytes === undefined) return undefined;
    const draws = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
    while (this.#draws < draws) {
      this.#random.uniform();
      this.#draws++;
    }
    return bytes.slice(checkpointHeadBytes);
  }

  /** @throws TrialEnd where the trial has come to an end already */
  #expectOpen(): void {
    if (this.isOver) throw new TrialEnd('over');
    if (this.#fault !== undefined)
      throw new TrialEnd(this.#fault.kind === 'diverged' ? 'diverged' : 'failed');
    this.look();
    if (this.#why !== undefined) throw new TrialEnd(this.#why);
  }

  #end(why: 'pruned' | 'stopped'): void {
    if (this.isOver || this.#why === 'stopped') return;
    this.#why = why;
    this.#waiting?.reject(new TrialEnd(why));
    this.#waiting = undefined;
    this.#abort.abort(new TrialEnd(why));
  }

  #fail(fault: WorkEnd): never {
    this.#fault = fault;
    throw new TrialEnd(fault.kind === 'diverged' ? 'diverged' : 'failed');
  }
}
