/**
 * One thread for functions that outlives its own death: whatever ends it is how its trial ended, and the next finds a new one.
 * A worker of Node without Piscina. Piscina 5.3.2 holds a thread still between tasks, so that what one trial leaves behind would
 * wake up in the next one; it tells of a thread's end before it has ended, and has no way for reports.
 */
import { type TrialFault, trialFaults } from '../objective/trial-faults.ts';
import {
  begin,
  type FunctionThreadOptions,
  faultOf,
  finish,
  type Life,
  watchMemory,
} from './function-life.ts';
import { type FromThread, type FunctionTask, requests, type ToThread, words } from './function-messages.ts';
import type { Request, WorkEnd } from './underway.ts';
import { watch } from './watchdog.ts';

/** What a trial's work sends on its way. */
export type OnTheWay = Exclude<FromThread, { kind: 'end' | 'loaded' }>;

export class FunctionThread {
  readonly #options: FunctionThreadOptions;
  #life: Life | undefined;
  #settle: ((end: WorkEnd) => void) | undefined;

  constructor(options: FunctionThreadOptions) {
    this.#options = options;
    this.#life = begin(options);
  }

  /**
   * Has the module imported ahead of all trials. Never rejects.
   * @returns what is wrong with it, if anything is
   */
  async load(importSeconds: number | undefined): Promise<TrialFault | undefined> {
    let life: Life;
    try {
      life = this.#living();
    } catch (error) {
      return trialFaults.threw(error);
    }
    const { promise: ended, resolve } = Promise.withResolvers<TrialFault>();
    const limits = { silentSeconds: Number.POSITIVE_INFINITY, importSeconds };
    const unwatch = watch(
      limits,
      0,
      () => '',
      resolve,
      () => this.isBooting,
    );
    const unwatchMemory = watchMemory(life.worker, this.#options.memoryMb, resolve);
    life.worker.postMessage({ kind: 'load' } satisfies ToThread);
    const fault = await Promise.race([life.loaded, ended]);
    unwatch();
    unwatchMemory();
    return fault;
  }

  /** Runs one trial, one at a time. Never rejects. */
  async run(task: FunctionTask, hear: (message: OnTheWay) => void): Promise<WorkEnd> {
    const { promise, resolve } = Promise.withResolvers<{ end: WorkEnd; isOver: boolean }>();
    const settle = (end: WorkEnd) => resolve({ end, isOver: true });
    const fail = (fault: TrialFault) => settle({ kind: 'failed', fault });
    this.#settle = settle;
    let life: Life;
    try {
      life = this.#living();
    } catch (error) {
      return { kind: 'failed', fault: trialFaults.threw(error) };
    }
    Atomics.store(life.words, words.request, requests.none);
    life.hear = (event) => {
      switch (event.kind) {
        case 'said': {
          const { message } = event;
          if (message.kind === 'end') resolve({ end: message.end, isOver: !message.isClean });
          else hear(message);
          return;
        }
        case 'error':
          return fail(faultOf(event.error, this.#options));
        case 'exit':
          return fail(trialFaults.exited(event.exitCode));
        default:
          event satisfies never;
      }
    };
    const unwatch = watchMemory(life.worker, this.#options.memoryMb, fail);
    life.worker.postMessage(task satisfies ToThread);
    const { end, isOver } = await promise;
    unwatch();
    this.#settle = undefined;
    life.hear = () => {};
    if (isOver) {
      this.#life = undefined;
      await finish(life);
    }
    return end;
  }

  #living(): Life {
    if (this.#life === undefined || this.#life.isOver) this.#life = begin(this.#options);
    return this.#life;
  }

  tell(message: ToThread): void {
    this.#life?.worker.postMessage(message);
  }

  ask(request: Request): void {
    if (this.#life === undefined) return;
    Atomics.store(this.#life.words, words.request, requests[request]);
    this.tell({ kind: 'asked' });
  }

  get isBooting(): boolean {
    return this.#life !== undefined && Atomics.load(this.#life.words, words.isUp) === 0;
  }

  /** Ends the thread wherever it is; its trial has ended like that. */
  kill(end: WorkEnd): void {
    this.#settle?.(end);
  }

  async close(): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    if (life !== undefined) await finish(life);
  }
}
