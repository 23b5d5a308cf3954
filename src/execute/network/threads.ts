/**
 * The executor on this process's threads: each trial trains on one of them, and one that dies takes no other trial along.
 * Not here: who trains what and who assists (rota.ts); here it is done.
 */
import type { LoadedData } from '../../data/dataset.ts';
import { loadKernelModule } from '../../kernel/simd.ts';
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
} from '../../train/arena.ts';
import {
  checkpointOf,
  lastReport,
  readyArena,
  reportsOf,
  type TrainingStart,
} from '../../train/arena-state.ts';
import type { Training, TrainingPlan } from '../../train/train.ts';
import type { Span, TrialOutcome } from '../../trial.ts';
import type { Executor, Job, Running, TrialLimits } from '../executor.ts';
import { reportsOf as reportsOfOutcome } from '../outcome.ts';
import { watch } from '../watchdog.ts';
import { allocate, type PlanShape } from './memory.ts';
import { outcomeOf, type Spent, stoppedOf } from './outcome.ts';
import { placings } from './placing.ts';
import { readyThreads } from './ready-threads.ts';
import { type Command, emptyRota, next, type RotaEvent } from './rota.ts';
import { capacity, type Load } from './schedule.ts';
import type { Thread, ThreadDeath } from './thread.ts';
import type { ThreadPool } from './thread-pool.ts';
import type { ThreadAnswer, ThreadShare } from './worker.ts';

/** Longer than any block takes to be measured. */
const dismissalMs = 30_000;

/** A trial under way; the rota knows where it is. */
interface Underway extends Spent {
  readonly arena: Arena;
  readonly training: Training;
  readonly limits: TrialLimits;
  readonly settle: (outcome: TrialOutcome) => void;
  /** What its thread said last. */
  answer: ThreadAnswer | ThreadDeath | undefined;
  /** Time on threads so far. */
  seconds: number;
  /** When it was on which thread. */
  readonly spans: Span[];
  /** Whether it is to end as pruned. */
  isPruned: boolean;
}

/** What is trained. */
export interface NetworkObjective {
  readonly data: LoadedData;
  /** The largest of its trainings. */
  readonly shapes: readonly PlanShape[];
  planOf(job: Job): TrainingPlan;
  /** Where a trial starts that goes on from nothing. */
  weightsOf(job: Job): Float32Array;
}

/**
 * An executor on a pool's threads, on one shared memory that holds the data and fits trainings of every shape.
 * The threads bind to that memory for good: a pool serves one executor, and is destroyed with it.
 * @throws ERR_MEMORY where that would be more than 4 GiB
 */
export function threadExecutor(pool: ThreadPool, objective: NetworkObjective): Executor {
  const { data, shapes } = objective;
  const threads = pool.threads.length;
  const slots = capacity(threads, 0);
  const shared = allocate(data, shapes, threads, slots, true);
  const { memory, rows, naturalOrder } = shared;
  const { buffer } = memory;
  const share: ThreadShare = { module: loadKernelModule(), memory, board: shared.board };

  const trials: (Underway | undefined)[] = Array(slots).fill(undefined);
  let rota = emptyRota(threads, slots);
  const bornAt = performance.now();
  let dismissal: NodeJS.Timeout | undefined;
  let isQuietAwaited = false;
  let isClosed = false;

  const trialIn = (slot: number): Underway => trials[slot] as Underway;
  const threadAt = (seat: number): Thread => pool.threads[seat] as Thread;
  const wordsOf = (slot: number): Int32Array => controlWords(buffer, trialIn(slot).arena);
  const loadOf = (slot: number): Load => {
    const { training, evaluation, ...plan } = trialIn(slot).training;
    const epochs = Math.min(plan.until ?? plan.epochs, plan.epochs);
    return {
      epochsLeft: epochs - Atomics.load(wordsOf(slot), control.trainedEpochs),
      epochs,
      // A training row is passed forward, backward and measured; the others are only measured.
      epochCost: 3 * rangeLength(training) + rangeLength(evaluation),
    };
  };
  const scratchOn = (seat: number, plan: TrainingPlan): Scratch =>
    place(scratchBlocks({ ...plan, ...scratchShape(plan) }), shared.scratches[seat] as number);

  function happen(event: RotaEvent): void {
    const { rota: then, commands } = next(rota, event, loadOf);
    rota = then;
    for (const command of commands) obey(command);
    if (event.kind === 'quiet' || isQuietAwaited || rota.seats.every(({ state }) => state !== 'free')) return;
    isQuietAwaited = true;
    setImmediate(() => {
      isQuietAwaited = false;
      happen({ kind: 'quiet' });
    });
  }

  function obey(command: Command): void {
    switch (command.kind) {
      case 'train':
        return void train(command.seat, trialIn(command.slot));
      case 'assist':
        return void assist(command.seat, command.slots);
      case 'dismiss':
        return dismissAssistants();
      case 'dismissed':
        clearTimeout(dismissal);
        Atomics.store(shared.board, board.dismiss, 0);
        return;
      case 'ask to stop':
        Atomics.store(wordsOf(command.slot), control.request, requests.stop);
        return;
      case 'ask to yield': {
        const { slot, epochsLeft } = command;
        const epoch = epochsLeft === 0 ? 0 : loadOf(slot).epochs - epochsLeft;
        Atomics.store(wordsOf(slot), control.yieldAt, epoch);
        return;
      }
      case 'ready again': {
        const { arena, training } = trialIn(command.slot);
        const checkpoint = checkpointOf(buffer, arena, training);
        return readyArena(buffer, arena, training, { from: 'checkpoint', checkpoint });
      }
      case 'settle': {
        const { answer, arena, training, ...trial } = trialIn(command.slot);
        trials[command.slot] = undefined;
        if (answer === undefined) throw new Error('A trial has ended before its thread has answered.');
        return trial.settle(outcomeOf(answer, buffer, arena, training, trial));
      }
      case 'settle as stopped': {
        const { arena, training, ...trial } = trialIn(command.slot);
        trials[command.slot] = undefined;
        return trial.settle(stoppedOf(checkpointOf(buffer, arena, training), training, trial));
      }
      default:
        command satisfies never;
    }
  }

  /** Trains until the trial is at its end, is asked to stop, or makes room for another one. */
  async function train(seat: number, trial: Underway): Promise<void> {
    const { training, arena, limits } = trial;
    const thread = threadAt(seat);
    const words = controlWords(buffer, arena);
    // Not nextBlock: assistants that look for work count it up even where nobody gets any further.
    const beat = () => `${words[control.parts]} ${words[control.measuredBlocks]}`;
    const unwatch = watch(limits, trial.seconds, beat, (verdict) => thread.kill(verdict));
    const started = performance.now();
    const answer = await thread.run({ share, kind: 'train', training, scratch: scratchOn(seat, training) });
    unwatch();
    const ended = performance.now();
    const seconds = 'seconds' in answer ? answer.seconds : (ended - started) / 1000;
    const to = (ended - bornAt) / 1000;
    trial.answer = answer;
    trial.seconds += seconds;
    // Without the wait for the thread, which the answer's own seconds leave out.
    trial.spans.push({ thread: seat, from: Math.max(0, to - seconds), to });
    happen({ kind: 'answered', seat, end: endOf(answer) });
  }

  async function assist(seat: number, slots: readonly number[]): Promise<void> {
    const trainings = slots.map((slot) => {
      const { training } = trialIn(slot);
      return { measurement: training, scratch: scratchOn(seat, training) };
    });
    const answer = await threadAt(seat).run({ share, kind: 'assist', trainings });
    happen({ kind: 'assisted', seat, isLost: answer.kind !== 'assisted' });
  }

  function dismissAssistants(): void {
    Atomics.store(shared.board, board.dismiss, 1);
    Atomics.add(shared.board, board.bell, 1);
    Atomics.notify(shared.board, board.bell);
    clearTimeout(dismissal);
    dismissal = setTimeout(() => {
      const verdict = { code: 'ERR_THREAD_SILENT', reason: 'An assistant did not end when it was asked to.' };
      for (const [seat, { state }] of rota.seats.entries())
        if (state === 'assisting') threadAt(seat).kill(verdict);
    }, dismissalMs);
  }

  const stop = () => happen({ kind: 'stop', slot: 'all' });

  return {
    seats: threads,
    pauses: true,
    age: () => (performance.now() - bornAt) / 1000,
    ready: () => readyThreads(pool, share, placings(data, shared), () => isClosed),
    capacity: (unstarted) => capacity(threads, unstarted),
    start(job: Job): Running {
      const plan = objective.planOf(job);
      if (!shared.fits({ ...plan, ...scratchShape(plan) }))
        throw new Error('The plan does not fit the memory.');
      const slot = rota.slots.findIndex(({ state }) => state === 'free');
      if (slot < 0) throw new Error(`${slots} trials are under way already.`);
      const arena = place(arenaBlocks(plan), shared.arenas[slot] as number);
      readyArena(buffer, arena, plan, startOf(job, objective));
      const training = { ...plan, rows, naturalOrder, arena, until: job.until };
      const { promise: outcome, resolve } = Promise.withResolvers<TrialOutcome>();
      let reports: Running['reports'] = () => reportsOf(buffer, arena, plan);
      let last = () => lastReport(buffer, arena, plan);
      let checkpoint: Running['checkpoint'] = () => checkpointOf(buffer, arena, plan);
      const settle = (ended: TrialOutcome) => {
        // From now on the arena may be another trial's.
        const lastOfAll = last();
        last = () => lastOfAll;
        reports = () => reportsOfOutcome(ended);
        checkpoint = () => (ended.state === 'stopped' ? ended.checkpoint : undefined);
        resolve(ended);
      };
      const begun = { answer: undefined, seconds: 0, spans: [], isPruned: false };
      const trial: Underway = { arena, training, limits: job.limits, settle, ...begun };
      trials[slot] = trial;
      happen({ kind: 'started', slot });
      const end = () => {
        if (trials[slot] === trial) happen({ kind: 'stop', slot });
      };
      return {
        outcome,
        reports: () => reports(),
        progress: () => ({ steps: plan.epochs, last: last() }),
        checkpoint: () => checkpoint(),
        // A network prints nothing, and is judged where it pauses.
        log: () => '',
        onReport: () => {},
        prune() {
          trial.isPruned = true;
          end();
        },
        stop: end,
      };
    },
    stop,
    async close() {
      isClosed = true;
      stop();
      await pool.destroy();
    },
  };
}

function startOf(job: Job, objective: NetworkObjective): TrainingStart {
  const { start } = job;
  if (start.from === 'checkpoint') return start;
  if (start.from === 'nothing') return { from: 'weights', parameters: objective.weightsOf(job) };
  if (start.artifact.kind !== 'network') throw new Error('A network starts from weights.');
  return { from: 'weights', parameters: start.artifact.weights.parameters };
}

const rangeLength = ({ from, to }: { readonly from: number; readonly to: number }): number => to - from;

const scratchShape = ({ params, training }: TrainingPlan) => ({
  batchSize: params.batchSize,
  trainingRows: rangeLength(training),
});

function endOf(answer: ThreadAnswer | ThreadDeath): 'yielded' | 'stopped' | 'ended' {
  if (answer.kind !== 'trained') return 'ended';
  const { state } = answer.end;
  return state === 'yielded' || state === 'stopped' ? state : 'ended';
}
