/**
 * The executor on this process's threads: each trial trains on one of them, and one that dies takes no other trial along.
 * Not here: who trains what and who assists (assignment.ts); here it is done.
 */
import { loadKernelModule } from '../../kernel/simd.ts';
import { arenaBlocks, board, place, type Scratch } from '../../train/arena.ts';
import type { TrainingPlan } from '../../train/train.ts';
import type { Executor, Job, Running } from '../executor.ts';
import { watch } from '../watchdog.ts';
import { ArenaTrial } from './arena-trial.ts';
import { type Assignment, type AssignmentEvent, type Command, emptyAssignment, next } from './assignment.ts';
import { allocate, type SharedMemory, shapeOf } from './memory.ts';
import { type NetworkObjective, startOf } from './network-objective.ts';
import { placings } from './placing.ts';
import { readyThreads } from './ready-threads.ts';
import { capacity } from './schedule.ts';
import type { Thread, ThreadDeath } from './thread.ts';
import type { ThreadPool } from './thread-pool.ts';
import type { ThreadAnswer, ThreadShare } from './worker.ts';

/** Longer than any block takes to be measured. */
const dismissalMs = 30_000;

/**
 * An executor on a pool's threads, on one shared memory that holds the data and fits trainings of every shape.
 * The threads bind to that memory for good: a pool serves one executor, and is destroyed with it.
 * @throws ERR_MEMORY where that would be more than 4 GiB
 */
export const threadExecutor = (pool: ThreadPool, objective: NetworkObjective): Executor =>
  new ThreadExecutor(pool, objective);

class ThreadExecutor implements Executor {
  readonly seats: number;
  readonly pauses = true;
  readonly #pool: ThreadPool;
  readonly #objective: NetworkObjective;
  readonly #memory: SharedMemory;
  /** What every thread works on. */
  readonly #share: ThreadShare;
  /** Those under way, by slot; the assignment says which thread has each. */
  readonly #trials: (ArenaTrial | undefined)[];
  #assignment: Assignment;
  readonly #bornAt: number;
  #dismissal: NodeJS.Timeout | undefined;
  #isQuietAwaited = false;
  #isClosed = false;

  constructor(pool: ThreadPool, objective: NetworkObjective) {
    this.seats = pool.threads.length;
    this.#pool = pool;
    this.#objective = objective;
    const slots = this.capacity(0);
    this.#memory = allocate(objective.data, objective.shapes, this.seats, slots, true);
    const { memory, board } = this.#memory;
    this.#share = { module: loadKernelModule(), memory, board };
    this.#trials = Array(slots).fill(undefined);
    this.#assignment = emptyAssignment(this.seats, slots);
    this.#bornAt = performance.now();
  }

  age(): number {
    return (performance.now() - this.#bornAt) / 1000;
  }

  ready(): Promise<void> {
    const written = placings(this.#objective.data, this.#memory);
    return readyThreads(this.#pool, this.#share, written, () => this.#isClosed);
  }

  capacity(unstarted: number): number {
    return capacity(this.seats, unstarted);
  }

  start(job: Job): Running {
    const { arenas, fits, memory, rows, naturalOrder } = this.#memory;
    const plan = this.#objective.planOf(job);
    if (!fits(shapeOf(plan))) throw new Error('The plan does not fit the memory.');
    const slot = this.#assignment.slots.findIndex(({ state }) => state === 'free');
    if (slot < 0) throw new Error(`${arenas.length} trials are under way already.`);
    const arena = place(arenaBlocks(plan), arenas[slot] as number);
    const training = { ...plan, rows, naturalOrder, arena, until: job.until };
    const trial = new ArenaTrial(memory.buffer, training, job.limits, startOf(job, this.#objective));
    this.#trials[slot] = trial;
    this.#happen({ kind: 'started', slot });
    return trial.running(() => {
      if (this.#trials[slot] === trial) this.#happen({ kind: 'stop', slot });
    });
  }

  stop(): void {
    this.#happen({ kind: 'stop', slot: 'all' });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.stop();
    await this.#pool.destroy();
  }

  #happen(event: AssignmentEvent): void {
    const { assignment, commands } = next(this.#assignment, event, (slot) => this.#trialIn(slot).load);
    this.#assignment = assignment;
    for (const command of commands) this.#obey(command);
    const isQuiet = event.kind === 'quiet' || this.#assignment.seats.every(({ state }) => state !== 'free');
    if (isQuiet || this.#isQuietAwaited) return;
    this.#isQuietAwaited = true;
    setImmediate(() => {
      this.#isQuietAwaited = false;
      this.#happen({ kind: 'quiet' });
    });
  }

  #obey(command: Command): void {
    switch (command.kind) {
      case 'train':
        return void this.#train(command.seat, this.#trialIn(command.slot));
      case 'assist':
        return void this.#assist(command.seat, command.slots);
      case 'dismiss':
        return this.#dismissAssistants();
      case 'dismissed':
        clearTimeout(this.#dismissal);
        Atomics.store(this.#memory.board, board.dismiss, 0);
        return;
      case 'ask to stop':
        return this.#trialIn(command.slot).askToStop();
      case 'ask to yield':
        return this.#trialIn(command.slot).askToYield(command.epochsLeft);
      case 'ready again':
        return this.#trialIn(command.slot).readyAgain();
      case 'settle':
        return this.#takeOut(command.slot).settle();
      case 'settle as stopped':
        return this.#takeOut(command.slot).settleAsStopped();
      default:
        command satisfies never;
    }
  }

  /** Trains until the trial is at its end, is asked to stop, or makes room for another one. */
  async #train(seat: number, trial: ArenaTrial): Promise<void> {
    const { training, limits } = trial;
    const thread = this.#threadAt(seat);
    const unwatch = watch(
      limits,
      trial.seconds,
      () => trial.beat,
      (verdict) => thread.kill(verdict),
    );
    const from = this.age();
    const scratch = this.#scratchOn(seat, training);
    const answer = await thread.run({ share: this.#share, kind: 'train', training, scratch });
    unwatch();
    const to = this.age();
    // Without the wait for the thread, which the answer's own seconds leave out.
    const seconds = 'seconds' in answer ? answer.seconds : to - from;
    trial.answered(answer, seconds, { thread: seat, from: Math.max(0, to - seconds), to });
    this.#happen({ kind: 'answered', seat, end: endOf(answer) });
  }

  async #assist(seat: number, slots: readonly number[]): Promise<void> {
    const trainings = slots.map((slot) => {
      const { training } = this.#trialIn(slot);
      return { measurement: training, scratch: this.#scratchOn(seat, training) };
    });
    const answer = await this.#threadAt(seat).run({ share: this.#share, kind: 'assist', trainings });
    this.#happen({ kind: 'assisted', seat, isLost: answer.kind !== 'assisted' });
  }

  /** Asks the assistants to leave, and ends the threads of those that do not. */
  #dismissAssistants(): void {
    const words = this.#memory.board;
    Atomics.store(words, board.dismiss, 1);
    Atomics.add(words, board.bell, 1);
    Atomics.notify(words, board.bell);
    clearTimeout(this.#dismissal);
    this.#dismissal = setTimeout(() => {
      const verdict = { code: 'ERR_THREAD_SILENT', reason: 'An assistant did not end when it was asked to.' };
      for (const [seat, { state }] of this.#assignment.seats.entries())
        if (state === 'assisting') this.#threadAt(seat).kill(verdict);
    }, dismissalMs);
  }

  #trialIn(slot: number): ArenaTrial {
    return this.#trials[slot] as ArenaTrial;
  }

  #takeOut(slot: number): ArenaTrial {
    const trial = this.#trialIn(slot);
    this.#trials[slot] = undefined;
    return trial;
  }

  #threadAt(seat: number): Thread {
    return this.#pool.threads[seat] as Thread;
  }

  #scratchOn(seat: number, plan: TrainingPlan): Scratch {
    return this.#memory.scratchOn(seat, shapeOf(plan));
  }
}

function endOf(answer: ThreadAnswer | ThreadDeath): 'yielded' | 'stopped' | 'ended' {
  if (answer.kind !== 'trained') return 'ended';
  const { state } = answer.end;
  return state === 'yielded' || state === 'stopped' ? state : 'ended';
}
