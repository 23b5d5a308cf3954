/** The executor on this process's threads: each trial trains on one of them, and one that dies takes no other trial along. */
import type { LoadedData } from '../data/dataset.ts';
import { errors } from '../errors.ts';
import { loadKernelModule } from '../kernel/simd.ts';
import { expectEqualArithmetic } from '../kernel/start-check.ts';
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
  correctRowsAt,
  curveOf,
  lastEpoch,
  readyArena,
  weightsAt,
} from '../train/arena-state.ts';
import type { Training, TrainingPlan } from '../train/train.ts';
import type { EpochMetrics, Span, TrainingResult, TrialOutcome } from '../trial.ts';
import type { Executor, Running, TrialJob, TrialLimits } from './executor.ts';
import { allocate, type PlanShape } from './memory.ts';
import { capacity, type Load, nextWaiting, yieldAt } from './schedule.ts';
import type { Thread, ThreadDeath } from './thread.ts';
import type { ThreadPool } from './thread-pool.ts';
import { watch } from './watchdog.ts';
import type { ThreadAnswer, ThreadShare } from './worker.ts';

const usualLimits: TrialLimits = { silentSeconds: 300 };

/** Help that ends threads again and again is none. */
const maxLostAssistants = 3;

/** Longer than any block takes to be measured. */
const dismissalMs = 30_000;

/** A trial under way: on a thread, or waiting for one between two epochs. */
interface Underway {
  readonly slot: number;
  readonly arena: Arena;
  readonly training: Training;
  readonly limits: TrialLimits;
  readonly settle: (outcome: TrialOutcome) => void;
  /** Whether it is asked to stop only to go on from its last whole epoch. */
  isRestarting: boolean;
  /** Time on threads so far. */
  seconds: number;
  /** When it was on which thread. */
  readonly spans: Span[];
}

/**
 * An executor on a pool's threads, on one shared memory that holds `data` and fits trainings of every given shape.
 * The threads bind to that memory for good: a pool serves one executor.
 * @throws ERR_MEMORY where that would be more than 4 GiB
 */
export function threadExecutor(pool: ThreadPool, data: LoadedData, shapes: readonly PlanShape[]): Executor {
  const threads = pool.threads.length;
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
  const assistants = new Map<Promise<void>, Thread>();
  let lostAssistants = 0;
  const bornAt = performance.now();
  let dismissal: NodeJS.Timeout | undefined;

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
    if (waiting.length === 0 && running.size > 0 && lostAssistants < maxLostAssistants) {
      for (const seat of freeSeats.splice(0)) assistFrom(seat);
    }
  }

  /** Trains until the trial is at its end, is asked to stop, or makes room for another one. */
  async function runOn(seat: number, underway: Underway): Promise<void> {
    const { training, arena, limits } = underway;
    running.add(underway);
    const thread = threadAt(seat);
    const words = controlWords(buffer, arena);
    // Not nextBlock: assistants that look for work count it up even where nobody gets any further.
    const beat = () => `${words[control.parts]} ${words[control.measuredBlocks]}`;
    const unwatch = watch(limits, underway.seconds, beat, (verdict) => thread.kill(verdict));
    const started = performance.now();
    const answer = await thread.run({ share, kind: 'train', training, scratch: scratchOn(seat, training) });
    unwatch();
    running.delete(underway);
    freeSeats.push(seat);
    const ended = performance.now();
    const seconds = 'seconds' in answer ? answer.seconds : (ended - started) / 1000;
    underway.seconds += seconds;
    const to = (ended - bornAt) / 1000;
    // Without the wait for the thread, which the answer's own seconds leave out.
    underway.spans.push({ thread: seat, from: Math.max(0, to - seconds), to });
    const isStopped = answer.kind === 'trained' && answer.end.state === 'stopped';
    if (answer.kind === 'trained' && answer.end.state === 'yielded') {
      waiting.push(underway);
    } else {
      // No assistant may look into an arena that is about to be another trial's.
      dismissAssistants();
      await Promise.all(assistants.keys());
      if (isStopped && underway.isRestarting) {
        underway.isRestarting = false;
        readyArena(buffer, arena, training, {
          from: 'checkpoint',
          checkpoint: checkpointOf(buffer, arena, training),
        });
        waiting.push(underway);
        return dispatch();
      }
      const outcome = outcomeOf(answer, buffer, arena, training, underway);
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
    const assisted = [...running];
    const trainings = assisted.map(({ training }) => ({
      measurement: training,
      scratch: scratchOn(seat, training),
    }));
    const thread = threadAt(seat);
    const assistant = thread.run({ share, kind: 'assist', trainings }).then((answer) => {
      assistants.delete(assistant);
      freeSeats.push(seat);
      if (answer.kind !== 'assisted') {
        lostAssistants += 1;
        restart(assisted.filter((underway) => running.has(underway)));
      }
      if (assistants.size > 0) return;
      clearTimeout(dismissal);
      Atomics.store(shared.board, board.dismiss, 0);
      dispatch();
    });
    assistants.set(assistant, thread);
  }

  /** After the death of an assistant: a block that it had in its hands would be waited for for ever. */
  function restart(assisted: readonly Underway[]): void {
    for (const underway of assisted) {
      underway.isRestarting = true;
      Atomics.store(controlWords(buffer, underway.arena), control.request, requests.stop);
    }
  }

  function dismissAssistants(): void {
    if (assistants.size === 0) return;
    Atomics.store(shared.board, board.dismiss, 1);
    Atomics.add(shared.board, board.bell, 1);
    Atomics.notify(shared.board, board.bell);
    clearTimeout(dismissal);
    dismissal = setTimeout(() => {
      const verdict = { code: 'ERR_THREAD_SILENT', reason: 'An assistant did not end when it was asked to.' };
      for (const thread of assistants.values()) thread.kill(verdict);
    }, dismissalMs);
  }

  const threadAt = (seat: number): Thread => pool.threads[seat] as Thread;

  return {
    threads,
    age: () => (performance.now() - bornAt) / 1000,
    async ready() {
      const answered = Promise.all(pool.threads.map((thread) => thread.run({ share, kind: 'ready' })));
      // While they boot.
      expectEqualArithmetic(share.module);
      const answers = await answered;
      const faults = answers.flatMap((answer) => ('reason' in answer ? [answer.reason] : []));
      if (faults.length === threads) throw errors.noThreads(faults[0] as string);
    },
    capacity: (unstarted) => capacity(threads, unstarted),
    start({ plan, start, limits = usualLimits }: TrialJob): Running {
      if (!shared.fits({ ...plan, ...scratchShape(plan) }))
        throw new Error('The plan does not fit the memory.');
      const slot = freeSlots.at(-1);
      if (slot === undefined) throw new Error(`${slots} trials are under way already.`);
      const arena = place(arenaBlocks(plan), shared.arenas[slot] as number);
      readyArena(buffer, arena, plan, start);
      // Taken only now: weights of another network have thrown above.
      freeSlots.pop();
      const training = { ...plan, rows, naturalOrder, arena };
      const { promise: outcome, resolve } = Promise.withResolvers<TrialOutcome>();
      let last = () => lastEpoch(buffer, arena, plan.epochs);
      const settle = (ended: TrialOutcome) => {
        // From now on the arena may be another trial's.
        const lastOfAll = last();
        last = () => lastOfAll;
        resolve(ended);
      };
      waiting.push({ slot, arena, training, limits, settle, isRestarting: false, seconds: 0, spans: [] });
      dispatch();
      return {
        outcome,
        progress: () => ({ epochs: plan.epochs, last: last() }),
        checkpoint: () => checkpointOf(buffer, arena, plan),
      };
    },
    stop() {
      for (const underway of running) {
        underway.isRestarting = false;
        Atomics.store(controlWords(buffer, underway.arena), control.request, requests.stop);
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
  answer: ThreadAnswer | ThreadDeath,
  buffer: ArrayBufferLike,
  arena: Arena,
  plan: TrainingPlan,
  { seconds, spans }: Pick<Underway, 'seconds' | 'spans'>,
): TrialOutcome {
  switch (answer.kind) {
    case 'threw':
    case 'died':
      return { state: 'failed', code: answer.code, reason: answer.reason, seconds };
    case 'trained': {
      const { end } = answer;
      switch (end.state) {
        case 'finished':
          return { state: 'done', result: resultOf(buffer, arena, plan, seconds, spans) };
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
    case 'ready':
      throw new Error(`A thread that was asked to train has answered that it is ${answer.kind}.`);
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
  return {
    curve,
    best: curve[bestEpochOf(buffer, arena) - 1] as EpochMetrics,
    last: curve.at(-1) as EpochMetrics,
    bestWeights: weightsAt(buffer, arena.best, plan.sizes),
    lastWeights: weightsAt(buffer, arena.parameters, plan.sizes),
    correct: correctRowsAt(buffer, arena, plan.evaluation),
    spans,
    seconds,
  };
}
