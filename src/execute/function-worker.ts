/**
 * The entry of a function's thread: imports the module once, then calls its objective trial by trial.
 * Whatever an objective does ends its own trial at most. Not here: what it is given (function-call.ts).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { readlinkSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { placeOfFault } from '../files/place-of-fault.ts';
import { type TrialFault, trialFaults } from '../objective/trial-faults.ts';
import type { ObjectiveFunction } from '../objective-function.ts';
import type { Params } from '../trial.ts';
import { FunctionCall } from './function-call.ts';
import { type FunctionTask, type ThreadSetup, type ToThread, words } from './function-messages.ts';
import { Outbox } from './function-outbox.ts';
import type { WorkEnd } from './underway.ts';

type Objective = ObjectiveFunction<Params, Readonly<Record<string, number>>>;

const { module, metrics, memoryMb, coresweep, words: shared } = workerData as ThreadSetup;
const file = module.startsWith('file:') ? fileURLToPath(module) : module;
const port = parentPort as MessagePort;
const outbox = new Outbox(port, shared);
/** Which call a piece of code belongs to, wherever it runs: what an earlier one left behind must not blame this one. */
const calls = new AsyncLocalStorage<FunctionCall>();
let current: FunctionCall | undefined;
let loaded: Promise<Objective | TrialFault> | undefined;
/** What the module has begun while it was imported, and does not wait for, has failed before that was done. */
const failedBeside = Promise.withResolvers<TrialFault>();
/** What the module has printed before the first trial, to whose log it belongs; undefined from then on. */
let printedBefore: string | undefined = '';
const mostPrintedBefore = 65_536;

Atomics.store(shared, words.systemThread, systemThread());
takeOverPrints();
if (coresweep !== undefined) {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'coresweep' ? { url: coresweep, shortCircuit: true } : next(specifier, context),
  });
}
process.on('unhandledRejection', failElsewhere);
process.on('uncaughtException', failElsewhere);

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'load':
      return void loadAhead();
    case 'run':
      return void run(message);
    case 'judged':
      return current?.judged(message.step, message.judgement);
    case 'asked':
      return current?.look();
    default:
      return message satisfies never;
  }
});

async function run(task: FunctionTask): Promise<void> {
  const call = new FunctionCall(task, metrics, outbox, shared);
  current = call;
  const objective = await imported();
  if (printedBefore) call.print(printedBefore);
  printedBefore = undefined;
  const before = activeResources();
  let end: WorkEnd;
  let isClean = true;
  if (typeof objective !== 'function') end = { kind: 'failed', fault: objective };
  else {
    try {
      // A function that throws at once does so inside the promise.
      const returned = calls.run(call, async () => objective(call.given));
      end = call.endOfReturned(await Promise.race([returned, call.faultElsewhere.catch(rethrowElsewhere)]));
    } catch (thrown) {
      isClean = !(thrown instanceof Elsewhere);
      const faultOf = thrown instanceof Elsewhere ? trialFaults.threwLater : trialFaults.threw;
      end = call.endOfThrown(thrown instanceof Elsewhere ? thrown.cause : thrown, faultOf);
    }
    isClean = isClean && (await leavesNothing(before));
  }
  outbox.flush();
  call.isOver = true;
  current = undefined;
  outbox.send({ kind: 'end', end, isClean });
}

/** What failed where the function does not wait for it, in a wrapper to tell it from what the function throws. */
class Elsewhere extends Error {}

const rethrowElsewhere = (cause: unknown): never => {
  throw new Elsewhere('', { cause });
};

function failElsewhere(thrown: unknown): void {
  const call = calls.getStore() ?? current;
  if (call === undefined) failedBeside.resolve(importFailed(thrown));
  else if (!call.isOver) call.failElsewhere(thrown);
}

async function loadAhead(): Promise<void> {
  const objective = await imported();
  outbox.send({ kind: 'loaded', fault: typeof objective === 'function' ? undefined : objective });
}

/** The module's objective, or why there is none; it is imported once, at the first request. */
async function imported(): Promise<Objective | TrialFault> {
  loaded ??= Promise.race([load(), failedBeside.promise]);
  const objective = await loaded;
  Atomics.store(shared, words.isUp, 1);
  return objective;
}

async function load(): Promise<Objective | TrialFault> {
  try {
    const { objective, default: main } = (await import(module)) as {
      objective?: unknown;
      default?: { objective?: unknown } | null;
    };
    for (const found of [objective, main, main?.objective])
      if (typeof found === 'function') return found as Objective;
    return trialFaults.noFunction(file);
  } catch (thrown) {
    return importFailed(thrown);
  }
}

const importFailed = (thrown: unknown): TrialFault =>
  trialFaults.importFailed(file, thrown, placeOfFault(file, thrown));

/** What keeps this thread awake, by kind. */
function activeResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Whether the thread is as fit as before: no timer, socket or process has been left behind, and there is memory to go on. */
async function leavesNothing(before: ReadonlyMap<string, number>): Promise<boolean> {
  outbox.flush();
  const isFewer = () => [...activeResources()].every(([kind, count]) => count <= (before.get(kind) ?? 0));
  // The timer that has just ended the function is still counted, and what was closed takes a turn.
  if (!isFewer()) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!isFewer()) return false;
  }
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory < (memoryMb * 2 ** 20) / 2;
}

/** What objectives print goes to the log of their trial, at once: streams would wait until their code waits. */
function takeOverPrints(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
      const call = calls.getStore() ?? current;
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      if (call !== undefined) call.print(text);
      else if (printedBefore !== undefined)
        printedBefore = (printedBefore + text).slice(0, mostPrintedBefore);
      const done = rest.at(-1);
      if (typeof done === 'function') process.nextTick(done as () => void);
      return true;
    };
  }
}

/** 0 where the system does not tell. */
function systemThread(): number {
  try {
    return Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0] ?? 0);
  } catch {
    return 0;
  }
}
