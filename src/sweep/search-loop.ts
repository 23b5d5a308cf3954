/**
 * The loop of a search: begins trials as long as there is room for them, and waits for what may let another one begin or go on.
 * Not here: what is proposed (proposals.ts), who gets a seat (seats.ts), and one trial from its attempt to its end (run-trial.ts).
 */
import type { Report, Trial } from '../trial.ts';
import { Ahead, patienceFor } from './ahead.ts';
import { isSuspect } from './checkpoints.ts';
import { groupCommit } from './group-commit.ts';
import type { Judge } from './judge.ts';
import type { Proposals } from './proposals.ts';
import type { Run } from './run.ts';
import { runTrial, type TrialSteps, type TrialTask } from './run-trial.ts';
import { Seats } from './seats.ts';
import { withMachines } from './with-machines.ts';

/** Runs all trials, as many at once as the executor has room for; the first fault of the store stops the others. */
export const runAll = (run: Run, proposals: Proposals, judge: Judge | undefined): Promise<void> =>
  new SearchLoop(run, proposals, judge).run();

/** A trial that has begun. */
interface Begun {
  readonly ended: Promise<unknown>;
  /** Resolves once it has got further than ever before. */
  readonly further: Promise<void>;
}

class SearchLoop {
  readonly #run: Run;
  readonly #proposals: Proposals;
  readonly #judge: Judge | undefined;
  readonly #task: TrialTask;
  readonly #seats: Seats;
  readonly #fault = new AbortController();
  readonly #faults: unknown[] = [];
  readonly #signal: AbortSignal;
  readonly #underway = new Set<Promise<unknown>>();
  readonly #ahead = new Ahead();
  /** The numbers of trials that are begun and have had no seat yet. */
  readonly #unseated = new Set<number>();
  /** When trials that are at work were seated, by number. */
  readonly #seatedAt = new Map<number, number>();
  readonly #failed = rowsOfNumbers();

  constructor(run: Run, proposals: Proposals, judge: Judge | undefined) {
    const { executor, store, searcher, lag } = run;
    this.#run = run;
    this.#proposals = proposals;
    this.#judge = judge;
    this.#signal = AbortSignal.any([run.signal, this.#fault.signal]);
    const most = searcher.ahead === 0 ? lag : Number.POSITIVE_INFINITY;
    const room = () => Math.min(most, executor.capacity(proposals.unstarted + this.#unseated.size));
    this.#seats = new Seats(room, this.#signal);
    const patience = (lastMs: number) =>
      patienceFor(lastMs, { atWork: this.#seatedAt.size, waiting: this.#seats.waiting });
    const commit = withMachines(groupCommit(store, this.#signal, patience), executor, store);
    this.#task = { ...run, signal: this.#signal, judge, commit };
  }

  async run(): Promise<void> {
    try {
      for (;;) {
        // Before looking: what changes meanwhile must not be missed.
        const news = this.#seats.news();
        if (this.#faults.length > 0) throw this.#faults[0];
        while (await this.#stepOn());
        if (this.#underway.size === 0) {
          if (!this.#signal.aborted && this.#proposals.unstarted > 0) this.#run.budget?.end();
          return;
        }
        // Not a race with the trials under way: each would keep a word of every turn that it has seen.
        await news;
      }
    } finally {
      // Those too that only wait for the database: they must not begin.
      this.#fault.abort();
      await Promise.allSettled(this.#underway);
    }
  }

  /** Lets one trial begin or go on, whichever has the lower number. @returns whether there was one */
  async #stepOn(): Promise<boolean> {
    if (this.#signal.aborted) return false;
    if (this.#giveSeat()) return true;
    const { budget } = this.#run;
    if (!this.#mayBegin() || budget?.hasTrial() === false) return false;
    await this.#proposals.propose();
    if (this.#giveSeat()) return true;
    if (this.#signal.aborted || !this.#mayBegin()) return false;
    // Before it is taken: it is itself one of those that more seats than threads are for.
    const isSeated = this.#hasSeat();
    const trial = this.#proposals.next();
    if (trial === undefined) return false;
    budget?.take();
    const { ended, further } = this.#begin(trial, isSeated);
    // Alone until it is cleared, so that no other trial is blamed if it ends the process again.
    if (isSuspect(trial)) await Promise.race([ended, further]);
    return true;
  }

  #giveSeat(): boolean {
    return this.#seats.hasRoom() && this.#seats.giveBefore(this.#proposals.coming?.number);
  }

  /** Whether there is a seat for one that begins: those that lie ready come first. */
  #hasSeat(): boolean {
    return this.#unseated.size === 0 && this.#seats.hasRoom();
  }

  /** Whether the next trial may begin: where there is a seat, or ahead of one where no trial is judged or seen by the searcher. */
  #mayBegin(): boolean {
    if (this.#hasSeat()) return true;
    const { executor, searcher } = this.#run;
    const isTriedBefore = (this.#proposals.coming?.attempts ?? 0) > 0;
    if (this.#judge !== undefined || searcher.ahead === 0 || isTriedBefore) return false;
    return this.#unseated.size < this.#ahead.room(executor.seats);
  }

  #begin(trial: Trial, isSeated: boolean): Begun {
    const { promise: further, resolve: onFurther } = Promise.withResolvers<void>();
    const ended: Promise<unknown> = runTrial(
      this.#task,
      trial,
      { from: 'nothing' },
      this.#stepsOf(trial, isSeated, onFurther),
    )
      .then((as) => this.#ended(as))
      .then(() => {
        this.#underway.delete(ended);
        this.#unseated.delete(trial.number);
        this.#seatedAt.delete(trial.number);
        this.#seats.wake();
      });
    // It is thrown in run(); a fault that comes while the search waits for the database must not end the process.
    ended.catch((error: unknown) => {
      this.#faults.push(error);
      this.#seats.wake();
    });
    this.#underway.add(ended);
    return { ended, further };
  }

  #stepsOf({ number }: Trial, isSeated: boolean, onFurther: () => void): TrialSteps {
    const seat = isSeated ? this.#seats.take() : this.#seats.later();
    if (!isSeated) this.#unseated.add(number);
    return {
      onFurther,
      onFree: () => {
        const since = this.#seatedAt.get(number);
        if (since !== undefined) this.#ahead.took(performance.now() - since);
        this.#seatedAt.delete(number);
        seat.free();
      },
      onReports: (reports: readonly Report[]) => {
        this.#proposals.hear(number, reports);
        this.#seats.wake();
      },
      seat: async () => {
        const isGiven = await seat.sit(number);
        this.#unseated.delete(number);
        if (isGiven && !this.#seatedAt.has(number)) this.#seatedAt.set(number, performance.now());
        return isGiven;
      },
    };
  }

  #ended(trial: Trial): Promise<void> {
    if (trial.state === 'failed') {
      const failures = this.#failed(trial.number);
      const { budget, experiment } = this.#run;
      if (failures >= experiment.limits.failures) budget?.giveUp(failures, trial.reason);
    }
    return this.#proposals.ended(trial);
  }
}

/**
 * Takes numbers, each once, and gives how many stand side by side around the one taken: in a row by number, since who ends
 * first is a matter of chance.
 */
function rowsOfNumbers(): (number: number) => number {
  /** The length of each row, kept at both of its ends. */
  const lengths = new Map<number, number>();
  return (number) => {
    const [below, above] = [lengths.get(number - 1) ?? 0, lengths.get(number + 1) ?? 0];
    const length = below + 1 + above;
    for (const end of [number - below, number + above]) lengths.set(end, length);
    return length;
  };
}
