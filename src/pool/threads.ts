/** The executor on this process's threads: a Piscina pool in which each trial trains on a thread of its own. */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { LoadedData } from '../data/dataset.ts';
import { loadKernelModule } from '../kernel/simd.ts';
import {
  type Arena,
  arenaBlocks,
  board,
  control,
  controlWords,
  place,
  requests,
  type Scratch,
  scratchBlocks,
} from '../train/arena.ts';
import {
  bestEpochOf,
  checkpointOf,
  curveOf,
  lastEpoch,
  readyArena,
  weightsAt,
} from '../train/arena-state.ts';
import type { Training, TrainingPlan } from '../train/train.ts';
import type { EpochMetrics, TrainingResult, TrialOutcome } from '../trial.ts';
import type { Executor, Running, TrialJob } from './executor.ts';
import { allocate, type PlanShape } from './memory.ts';
import { capacity, type Load, nextWaiting, yieldAt } from './schedule.ts';
import type { ThreadAnswer, ThreadShare, ThreadTask } from './worker.ts';

// The worker is TypeScript beside TypeScript and JavaScript beside JavaScript; tsc does not rewrite URLs.
const workerFile = fileURLToPath(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));

/** Threads that have been started, but know nothing yet of a data set. */
export type ThreadPool = Piscina<ThreadTask, ThreadAnswer>;

/** Starts `threads` threads; they boot while the data set is read. Whoever starts them must destroy them. */
export function startThreads(threads: number): ThreadPool {
  return new Piscina<ThreadTask, ThreadAnswer>({
    filename: workerFile,
    // All from the start and for ever: Piscina's own default is 1.5 threads a core.
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
  });
}

/** A trial under way: on a thread, or waiting for one between two epochs. */
interface Underway {
  readonly slot: number;
  readonly arena: Arena;
  readonly training: Training;
  readonly settle: (outcome: TrialOutcome) => void;
  /** Time on threads so far. */
  seconds: number;
}

/**
 * An executor on a pool's threads, on one shared memory that holds `data` and fits trainings of every given shape.
 * @throws ERR_MEMORY where that would be more than 4 GiB
 */
export function threadExecutor(pool: ThreadPool, data: LoadedData, shapes: readonly PlanShape[]): Executor {
  const threads = pool.options.maxThreads;
  const slots = capacity(threads, 0);
  const shared = allocate(data, shapes, threads, slots);
  const { memory, rows, naturalOrder } = shared;
  const { buffer } = memory;
  const share: ThreadShare = { module: loadKernelModule(), memory, board: shared.board };

  const indices = (count: number) => Array.from({ length: count }, (_, index) => index).reverse();
  const freeSlots = indices(slots);
  const freeSeats = indices(threads);
  const running = new Set<Underway>();
  const waiting: Underway[] = [];
  const assistants = new Set<Promise<void>>();

  const loadOf = ({ arena, training }: Underway): Load => ({
    epochsLeft: training.epochs - Atomics.load(controlWords(buffer, arena), control.trainedEpochs),
    epochs: training.epochs,
    // A training row is passed forward, backward and measured; the others are only measured.
    epochCost: 3 * rangeLength(training.training) + rangeLength(training.evaluation),
  });
  const scratchOn = (seat: number, plan: TrainingPlan): Scratch =>
    place(scratchBlocks({ ...plan, ...scratchShape(plan) }), shared.scratches[seat] as number);

  /** Gives every free thread something to do: a waiting trial, or others' epochs to measure. */
  function dispatch(): void {
    if (waiting.length > 0 && assistants.size > 0) return dismissAssistants();
    while (freeSeats.length > 0) {
      const next = nextWaiting(waiting.map(loadOf));
      if (next === undefined) break;
      const [underway] = waiting.splice(next, 1);
      void runOn(freeSeats.pop() as number, underway as Underway);
    }
    askToYield();
    if (waiting.length === 0 && running.size > 0) {
      for (const seat of freeSeats.splice(0)) assistFrom(seat);
    }
  }

  /** Trains until the trial is at its end, is asked to stop, or makes room for another one. */
  async function runOn(seat: number, underway: Underway): Promise<void> {
    const { training, arena } = underway;
    running.add(underway);
    const answer = await ask({ share, kind: 'train', training, scratch: scratchOn(seat, training) });
    running.delete(underway);
    freeSeats.push(seat);
    if ('seconds' in answer) underway.seconds += answer.seconds;
    if (answer.kind === 'trained' && answer.end.state === 'yielded') {
      waiting.push(underway);
    } else {
      // No assistant may look into an arena that is about to be another trial's.
      dismissAssistants();
      await Promise.all(assistants);
      const outcome = outcomeOf(answer, buffer, arena, training, underway.seconds);
      freeSlots.push(underway.slot);
      underway.settle(outcome);
    }
    dispatch();
  }

  /** Asks the running trials that are furthest on to make room for those that wait. */
  function askToYield(): void {
    const loads = waiting.map(loadOf);
    const furthest = [...running].sort((a, b) => loadOf(a).epochsLeft - loadOf(b).epochsLeft);
    for (const [index, underway] of furthest.entries()) {
      const left = index < waiting.length ? yieldAt(loadOf(underway), loads) : 0;
      const epoch = left === 0 ? 0 : underway.training.epochs - left;
      Atomics.store(controlWords(buffer, underway.arena), control.yieldAt, epoch);
    }
  }

  function assistFrom(seat: number): void {
    const trainings = [...running].map(({ training }) => ({
      measurement: training,
      scratch: scratchOn(seat, training),
    }));
    const assistant = ask({ share, kind: 'assist', trainings }).then(() => {
      assistants.delete(assistant);
      freeSeats.push(seat);
      if (assistants.size > 0) return;
      Atomics.store(shared.board, board.dismiss, 0);
      dispatch();
    });
    assistants.add(assistant);
  }

  function dismissAssistants(): void {
    if (assistants.size === 0) return;
    Atomics.store(shared.board, board.dismiss, 1);
    Atomics.add(shared.board, board.bell, 1);
    Atomics.notify(shared.board, board.bell);
  }

  const ask = (task: ThreadTask): Promise<ThreadAnswer> =>
    pool
      .run(task)
      .catch((error: unknown) => ({ kind: 'threw', code: 'ERR_THREAD', reason: String(error), seconds: 0 }));

  return {
    threads,
    capacity: (unstarted) => capacity(threads, unstarted),
    start({ plan, start }: TrialJob): Running {
      const slot = freeSlots.pop();
      if (slot === undefined) throw new Error(`${slots} trials are under way already.`);
      const arena = place(arenaBlocks(plan), shared.arenas[slot] as number);
      readyArena(buffer, arena, plan, start);
      const training = { ...plan, rows, naturalOrder, arena };
      const { promise: outcome, resolve: settle } = Promise.withResolvers<TrialOutcome>();
      waiting.push({ slot, arena, training, settle, seconds: 0 });
      dispatch();
      return {
        outcome,
        progress: () => ({ epochs: plan.epochs, last: lastEpoch(buffer, arena, plan.epochs) }),
        checkpoint: () => checkpointOf(buffer, arena, plan),
      };
    },
    stop() {
      for (const { arena } of running) {
        Atomics.store(controlWords(buffer, arena), control.request, requests.stop);
      }
      for (const { slot, arena, training, seconds, settle } of waiting.splice(0)) {
        freeSlots.push(slot);
        settle({ state: 'stopped', checkpoint: checkpointOf(buffer, arena, training), seconds });
      }
    },
  };
}

const rangeLength = ({ from, to }: { readonly from: number; readonly to: number }): number => to - from;

const scratchShape = ({ params, training }: TrainingPlan) => ({
  batchSize: params.batchSize,
  trainingRows: rangeLength(training),
});

function outcomeOf(
  answer: ThreadAnswer,
  buffer: ArrayBufferLike,
  arena: Arena,
  plan: TrainingPlan,
  seconds: number,
): TrialOutcome {
  switch (answer.kind) {
    case 'threw':
      return { state: 'failed', code: answer.code, reason: answer.reason, seconds };
    case 'trained': {
      const { end } = answer;
      switch (end.state) {
        case 'finished':
          return { state: 'done', result: resultOf(buffer, arena, plan, seconds) };
        case 'diverged':
          return { state: 'diverged', epoch: end.epoch, curve: curveOf(buffer, arena, plan.epochs), seconds };
        case 'stopped':
        case 'yielded':
          return { state: 'stopped', checkpoint: checkpointOf(buffer, arena, plan), seconds };
        default:
          return end satisfies never;
      }
    }
    case 'assisted':
      throw new Error('A thread that was asked to train has answered that it assisted.');
    default:
      return answer satisfies never;
  }
}

function resultOf(
  buffer: ArrayBufferLike,
  arena: Arena,
  plan: TrainingPlan,
  seconds: number,
): TrainingResult {
  const curve = curveOf(buffer, arena, plan.epochs);
  return {
    curve,
    best: curve[bestEpochOf(buffer, arena) - 1] as EpochMetrics,
    last: curve.at(-1) as EpochMetrics,
    bestWeights: weightsAt(buffer, arena.best, plan.sizes),
    lastWeights: weightsAt(buffer, arena.parameters, plan.sizes),
    seconds,
  };
}
