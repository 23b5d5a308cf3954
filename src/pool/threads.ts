/** The executor on this process's threads: a Piscina pool in which each trial has a thread of its own. */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { LoadedData } from '../data/dataset.ts';
import { loadKernelModule } from '../kernel/simd.ts';
import {
  type Arena,
  arenaBlocks,
  control,
  controlWords,
  place,
  requests,
  scratchBlocks,
} from '../train/arena.ts';
import {
  bestEpochOf,
  correctRowsAt,
  curveOf,
  lastEpoch,
  readyArena,
  weightsAt,
} from '../train/arena-state.ts';
import type { TrainingPlan } from '../train/train.ts';
import type { EpochMetrics, Span, TrainingResult, TrialOutcome } from '../trial.ts';
import type { Executor, Running, TrialJob } from './executor.ts';
import { allocate, type PlanShape } from './memory.ts';
import type { ThreadAnswer, ThreadStart, ThreadTask } from './worker.ts';

// The worker is TypeScript beside TypeScript and JavaScript beside JavaScript; tsc does not rewrite URLs.
const workerFile = fileURLToPath(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));

/**
 * Boots `threads` threads on one shared memory that holds `data` and fits trainings of every given shape.
 * @throws ERR_MEMORY where that would be more than 4 GiB
 */
export function threadExecutor(data: LoadedData, shapes: readonly PlanShape[], threads: number): Executor {
  const shared = allocate(data, shapes, threads);
  const { memory } = shared;
  const start: ThreadStart = { module: loadKernelModule(), memory };
  const pool = new Piscina<ThreadTask, ThreadAnswer>({
    filename: workerFile,
    // All from the start and for ever: Piscina's own default is 1.5 threads a core.
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    workerData: start,
  });
  const started = performance.now();
  const freeSlots = Array.from({ length: threads }, (_, slot) => slot).reverse();
  const running = new Map<number, Arena>();

  function startTrial({ plan, start }: TrialJob): Running {
    const slot = freeSlots.pop();
    if (slot === undefined) throw new Error(`All ${threads} threads are busy.`);
    const arena = place(arenaBlocks(plan), shared.arenas[slot] as number);
    const scratchShape = {
      sizes: plan.sizes,
      batchSize: plan.params.batchSize,
      trainingRows: plan.training.to - plan.training.from,
    };
    const scratch = place(scratchBlocks(scratchShape), shared.scratches[slot] as number);
    readyArena(memory.buffer, arena, plan.sizes, start);
    running.set(slot, arena);
    const training = { ...plan, rows: shared.rows, naturalOrder: shared.naturalOrder, arena };
    const outcome = pool.run({ training, scratch }).then(
      (answer) => {
        // Without the wait for the thread, which the answer's own seconds leave out.
        const to = (performance.now() - started) / 1000;
        const span = { thread: slot, from: Math.max(0, to - answer.seconds), to };
        return outcomeOf(answer, memory.buffer, arena, plan, [span]);
      },
      (error: unknown): TrialOutcome => ({
        state: 'failed',
        code: 'ERR_THREAD',
        reason: String(error),
        seconds: 0,
      }),
    );
    return {
      outcome: outcome.finally(() => {
        running.delete(slot);
        freeSlots.push(slot);
      }),
      progress: () => ({ epochs: plan.epochs, last: lastEpoch(memory.buffer, arena, plan.epochs) }),
    };
  }

  return {
    threads,
    start: startTrial,
    stop() {
      for (const arena of running.values()) {
        Atomics.store(controlWords(memory.buffer, arena), control.request, requests.stop);
      }
    },
    async close() {
      await pool.destroy();
    },
  };
}

function outcomeOf(
  answer: ThreadAnswer,
  buffer: ArrayBufferLike,
  arena: Arena,
  plan: TrainingPlan,
  spans: readonly Span[],
): TrialOutcome {
  switch (answer.kind) {
    case 'threw':
      return { state: 'failed', code: answer.code, reason: answer.reason, seconds: answer.seconds };
    case 'ended': {
      const { end, seconds } = answer;
      switch (end.state) {
        case 'finished':
          return { state: 'done', result: resultOf(buffer, arena, plan, seconds, spans) };
        case 'diverged':
          return { state: 'diverged', epoch: end.epoch, curve: curveOf(buffer, arena, plan.epochs), seconds };
        case 'stopped':
          return { state: 'stopped', seconds };
        default:
          return end satisfies never;
      }
    }
    default:
      return answer satisfies never;
  }
}

function resultOf(
  buffer: ArrayBufferLike,
  arena: Arena,
  plan: TrainingPlan,
  seconds: number,
  spans: readonly Span[],
): TrainingResult {
  const curve = curveOf(buffer, arena, plan.epochs);
  const bestEpoch = bestEpochOf(buffer, arena);
  const correct = plan.modelEpoch === 'best' ? arena.bestCorrect : arena.correct;
  return {
    curve,
    best: curve[bestEpoch - 1] as EpochMetrics,
    last: curve.at(-1) as EpochMetrics,
    bestWeights: weightsAt(buffer, arena.best, plan.sizes),
    lastWeights: weightsAt(buffer, arena.parameters, plan.sizes),
    correct: correctRowsAt(buffer, correct, plan.evaluation).slice(),
    spans,
    seconds,
  };
}
