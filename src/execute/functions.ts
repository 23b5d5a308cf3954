/**
 * The executor for functions: a thread each, one trial at a time.
 * Not here: how a thread lives (function-thread.ts), and what it does (function-worker.ts).
 */
import { pathToFileURL } from 'node:url';
import type { Executor } from './executor.ts';
import type { FunctionTask } from './function-messages.ts';
import { FunctionThread, type OnTheWay } from './function-thread.ts';
import { memoryToHave } from './memory-to-have.ts';
import { type SeatWorker, seatedExecutor } from './seats.ts';
import type { Measured, Underway } from './underway.ts';

export interface FunctionObjective extends Measured {
  /** The path of the module; of what it exports, the objective is tried. */
  readonly module: string;
  /** What each thread may take, in MiB; default: its share of what the machine has. */
  readonly memoryMb?: number | undefined;
  /** How long its import may take ahead of all trials; default: as in TrialLimits. */
  readonly importSeconds?: number | undefined;
}

/** An executor on `seats` threads of its own; they boot at once. The caller must close it. */
export function functionExecutor(objective: FunctionObjective, seats: number, graceMs?: number): Executor {
  const workers = Array.from({ length: seats }, () => functionWorker(objective, seats));
  return seatedExecutor(objective, workers, graceMs);
}

function functionWorker(objective: FunctionObjective, seats: number): SeatWorker {
  const { module, metrics, memoryMb, importSeconds } = objective;
  const thread = new FunctionThread({
    module: pathToFileURL(module).href,
    metrics,
    memoryMb: memoryMb ?? Math.max(256, Math.floor(memoryToHave() / seats / 2 ** 20)),
  });
  return {
    prepare: () => thread.load(importSeconds),
    work: (trial) => thread.run(taskOf(trial), (message) => hear(thread, trial, message, metrics.length)),
    isBooting: () => thread.isBooting,
    ask: (request) => thread.ask(request),
    kill: (fault) => thread.kill(fault === undefined ? { kind: 'gave way' } : { kind: 'failed', fault }),
    close: () => thread.close(),
  };
}

function taskOf({ job, startBytes }: Underway): FunctionTask {
  const { number, replicate, role, params, seed, start, until, rungs = [] } = job;
  const restored = start.from === 'checkpoint' ? start.checkpoint : undefined;
  return {
    ...{ kind: 'run', number, replicate, role, params, seed, until },
    start: startBytes,
    restored: restored === undefined ? undefined : { step: restored.step, bytes: restored.bytes },
    rungs: rungs.filter((rung) => rung > (restored?.step ?? 0)),
  };
}

function hear(thread: FunctionThread, trial: Underway, message: OnTheWay, metrics: number): void {
  switch (message.kind) {
    case 'reports': {
      const { packed } = message;
      for (let at = 0; at < packed.length; at += 1 + metrics) {
        const step = packed[at] as number;
        const judged = trial.report({ step, values: [...packed.subarray(at + 1, at + 1 + metrics)] });
        void judged?.then((judgement) => thread.tell({ kind: 'judged', step, judgement }));
      }
      return;
    }
    case 'log':
      return trial.print(message.text);
    case 'checkpoint':
      return trial.keepCheckpoint(message.bytes);
    case 'model':
      return trial.keepModel(message.bytes);
    default:
      message satisfies never;
  }
}
