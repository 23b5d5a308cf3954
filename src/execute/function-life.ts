/**
 * One life of a thread for functions: how it begins, what it says, what it may take, and how it is ended with all that it began.
 * Not here: its trials, and the next life (function-thread.ts).
 */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Metric } from '../metric.ts';
import { type TrialFault, trialFaults } from '../objective/trial-faults.ts';
import { type FromThread, type ThreadSetup, words } from './function-messages.ts';

// The worker is TypeScript beside TypeScript and JavaScript beside JavaScript; tsc does not rewrite URLs.
const workerFile = fileURLToPath(new URL(`./function-worker${extname(import.meta.url)}`, import.meta.url));

/** How long a thread that is to end may take; one in a call of the system ends no sooner than that returns. */
const endMs = 5_000;

/** How often the memory of a thread is looked at. */
const memoryLookMs = 50;

/** How much more than it may take a thread is stopped at by the engine, in MiB. */
const memorySlackMb = 4_096;

/** One life of a thread. */
export interface Life {
  readonly worker: Worker;
  readonly words: Int32Array;
  readonly exited: Promise<void>;
  /** What is wrong with the module or with the thread, once it was asked to import it. */
  readonly loaded: Promise<TrialFault | undefined>;
  /** It may end between two trials: what a module starts while it is imported can end it at any time. */
  isOver: boolean;
  /** Is called with what happens to it; replaced for each trial. */
  hear: (event: LifeEvent) => void;
}

type LifeEvent =
  | { readonly kind: 'said'; readonly message: Exclude<FromThread, { kind: 'loaded' }> }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'exit'; readonly exitCode: number };

export interface FunctionThreadOptions {
  /** A URL. */
  readonly module: string;
  readonly metrics: readonly Metric[];
  /** What the thread may take, in MiB. */
  readonly memoryMb: number;
}

export function begin(options: FunctionThreadOptions): Life {
  const { module, metrics, memoryMb } = options;
  // V8 (13.6, Node 24) takes `for (;;) list.push(new Array(9))` for a loop of few rounds and compiles it without the check at
  // which a thread can be ended or looked at: one that never ends then takes the memory of the whole process.
  setFlagsFromString('--no-turboshaft-loop-unrolling');
  const shared = new Int32Array(new SharedArrayBuffer(4 * Object.keys(words).length));
  const workerData: ThreadSetup = { module, metrics, memoryMb, coresweep: ownUrl(), words: shared };
  const worker = new Worker(workerFile, {
    workerData,
    name: 'objective',
    // Nothing that an objective prints may come between what coresweep prints.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb + memorySlackMb },
  });
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  const { promise: loaded, resolve: onLoaded } = Promise.withResolvers<TrialFault | undefined>();
  const life: Life = { worker, words: shared, exited, loaded, isOver: false, hear: () => {} };
  worker.on('message', (message: FromThread) => {
    try {
      if (message.kind === 'loaded') onLoaded(message.fault);
      else life.hear({ kind: 'said', message });
    } finally {
      Atomics.add(shared, words.read, 1);
      Atomics.notify(shared, words.read);
    }
  });
  // Without a listener it would end the process.
  worker.on('error', (error) => {
    life.hear({ kind: 'error', error });
    onLoaded(faultOf(error, options));
  });
  worker.on('exit', (exitCode) => {
    life.isOver = true;
    life.hear({ kind: 'exit', exitCode });
    onLoaded(trialFaults.exited(exitCode));
    resolve();
  });
  for (const stream of [worker.stdout, worker.stderr])
    stream
      .setEncoding('utf8')
      .on('data', (text: string) => life.hear({ kind: 'said', message: { kind: 'log', text } }));
  return life;
}

/** Ends a life, and with it the processes that it waits for; one that does not end is left to itself. */
export async function finish({ worker, words: shared, exited }: Life): Promise<void> {
  void worker.terminate();
  const patience = new AbortController();
  const soon = sleep(endMs / 10, undefined, { signal: patience.signal, ref: false });
  const late = sleep(endMs, undefined, { signal: patience.signal, ref: false });
  for (const wait of [soon, late]) wait.catch(() => {});
  if ((await Promise.race([exited.then(() => true), soon.then(() => false)])) === false) {
    endChildren(Atomics.load(shared, words.systemThread));
    await Promise.race([exited, late]);
  }
  patience.abort();
  worker.unref();
}

/** Ends the processes that a thread has started, and what these have started (Linux; elsewhere they are not known). */
function endChildren(systemThread: number): void {
  if (systemThread === 0) return;
  for (const child of descendants(process.pid, systemThread)) {
    try {
      process.kill(child, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

function descendants(pid: number, thread: number): number[] {
  let text = '';
  try {
    text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
  } catch {
    // It has ended meanwhile, or the system does not tell.
  }
  const children = text.split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child, child)]);
}

export function faultOf(error: unknown, { memoryMb }: FunctionThreadOptions) {
  const { code } = error as { code?: unknown };
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? trialFaults.memory(memoryMb) : trialFaults.threw(error);
}

/**
 * Ends a thread that takes too much. Its engine's own limit leaves typed arrays out, and where a heap grows fast it ends the
 * whole process (V8: "Reached heap limit"), so that is set to where a thread is not in the time between two looks.
 */
export function watchMemory(worker: Worker, memoryMb: number, end: (fault: TrialFault) => void): () => void {
  const timer = setInterval(() => {
    worker.getHeapStatistics().then(
      ({ used_heap_size, external_memory }) => {
        if (used_heap_size + external_memory > memoryMb * 2 ** 20) end(trialFaults.memory(memoryMb));
      },
      // It has ended.
      () => {},
    );
  }, memoryLookMs);
  return () => clearInterval(timer);
}

/** Undefined where this process does not know coresweep by its name: then no module of its objectives needs to. */
function ownUrl(): string | undefined {
  try {
    const self = 'coresweep';
    return import.meta.resolve(self);
  } catch {
    return undefined;
  }
}
