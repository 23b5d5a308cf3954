/**
 * The executor on this process's threads: each trial trains on one of them, and one that dies takes no other trial along.
 * Not here: who trains what and who assists (rota.ts); here it is done.
 */
import type { LoadedData } from '../../data/dataset.ts';
import { loadKernelModule } from '../../kernel/simd.ts';
import { arenaBlocks, board, place, type Scratch } from '../../train/arena.ts';
import type { TrainingStart } from '../../train/arena-state.ts';
import type { TrainingPlan } from '../../train/train.ts';
import type { Executor, Job, Running } from '../executor.ts';
import { watch } from '../watchdog.ts';
import { ArenaTrial } from './arena-trial.ts';
import { allocate, type PlanShape } from './memory.ts';
import { placings } from './placing.ts';
import { readyThreads } from './ready-threads.ts';
import { type Command, emptyRota, next, type RotaEvent } from './rota.ts';
import { capacity } from './schedule.ts';
import type { Thread, ThreadDeath } from './thread.ts';
import type { ThreadPool } from './thread-pool.ts';
import type { ThreadAnswer, ThreadShare } from './worker.ts';

/** Longer than any block takes to be measured. */
const dismissalMs = 30_000;

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

  /** Those under way, by slot; the rota knows where each is. */
  const trials: (ArenaTrial | undefined)[] = Array(slots).fill(undefined);
  let rota = emptyRota(threads, slots);
  const bornAt = performance.now();
  let dismissal: NodeJS.Timeout | undefined;
  let isQuietAwaited = false;
  let isClosed = false;

  const trialIn = (slot: number): ArenaTrial => trials[slot] as ArenaTrial;
  const taken = (slot: number): ArenaTrial => {
    const trial = trialIn(slot);
    trials[slot] = undefined;
    return trial;
  };
  const threadAt = (seat: number): Thread => pool.threads[seat] as Thread;
  const scratchOn = (seat: number, plan: TrainingPlan): Scratch => shared.scratchOn(seat, shapeOf(plan));

  function happen(event: RotaEvent): void {
    const { rota: then, commands } = next(rota, event, (slot) => trialIn(slot).load);
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
        return trialIn(command.slot).askToStop();
      case 'ask to yield':
        return trialIn(command.slot).askToYield(command.epochsLeft);
      case 'ready again':
        return trialIn(command.slot).readyAgain();
      case 'settle':
        return taken(command.slot).settle();
      case 'settle as stopped':
        return taken(command.slot).settleAsStopped();
      default:
        command satisfies never;
    }
  }

  /** Trains until the trial is at its end, is asked to stop, or makes room for another one. */
  async function train(seat: number, trial: ArenaTrial): Promise<void> {
    const { training, limits } = trial;
    const thread = threadAt(seat);
    const unwatch = watch(
      limits,
      trial.seconds,
      () => trial.beat,
      (verdict) => thread.kill(verdict),
    );
    const started = performance.now();
    const answer = await thread.run({ share, kind: 'train', training, scratch: scratchOn(seat, training) });
    unwatch();
    const ended = performance.now();
    // Without the wait for the thread, which the answer's own seconds leave out.
    const seconds = 'seconds' in answer ? answer.seconds : (ended - started) / 1000;
    const to = (ended - bornAt) / 1000;
    trial.answered(answer, seconds, { thread: seat, from: Math.max(0, to - seconds), to });
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
      if (!shared.fits(shapeOf(plan))) throw new Error('The plan does not fit the memory.');
      const slot = rota.slots.findIndex(({ state }) => state === 'free');
      if (slot < 0) throw new Error(`${slots} trials are under way already.`);
      const arena = place(arenaBlocks(plan), shared.arenas[slot] as number);
      const training = { ...plan, rows, naturalOrder, arena, until: job.until };
      const trial = new ArenaTrial(buffer, training, job.limits, startOf(job, objective));
      trials[slot] = trial;
      happen({ kind: 'started', slot });
      return trial.running(() => {
        if (trials[slot] === trial) happen({ kind: 'stop', slot });
      });
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

const shapeOf = (plan: TrainingPlan): PlanShape => ({ ...plan, batchSize: plan.params.batchSize });

function endOf(answer: ThreadAnswer | ThreadDeath): 'yielded' | 'stopped' | 'ended' {
  if (answer.kind !== 'trained') return 'ended';
  const { state } = answer.end;
  return state === 'yielded' || state === 'stopped' ? state : 'ended';
}
