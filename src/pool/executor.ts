/**
 * The promise of whatever trains trials: threads of this process today.
 * Not here: which trial comes next, and what becomes of its result.
 */

import type { TrainingStart } from '../train/arena-state.ts';
import type { TrainingPlan } from '../train/train.ts';
import type { Checkpoint, Report, TrialOutcome } from '../trial.ts';

/** One trial to train. */
export interface TrialJob {
  readonly plan: TrainingPlan;
  readonly start: TrainingStart;
  /** Default: five minutes without progress, and all the time that it needs. */
  readonly limits?: TrialLimits | undefined;
}

/** When a trial is given up; seconds while the machine is suspended do not count. */
export interface TrialLimits {
  /** Without any progress. */
  readonly silentSeconds: number;
  /** On threads. */
  readonly trialSeconds?: number | undefined;
}

/** How far a running trial is. */
export interface Progress {
  readonly epochs: number;
  /** The report of the last measured epoch; undefined before the first. */
  readonly last: Report | undefined;
}

/** A trial that is being trained. */
export interface Running {
  /** How it ended. Never rejects: a fault of the trial or of its thread is an outcome. */
  readonly outcome: Promise<TrialOutcome>;
  /** Its progress at this moment, read from shared memory. */
  progress(): Progress;
  /** A consistent copy of its state after the last whole epoch, taken while it trains on. */
  checkpoint(): Checkpoint;
}

export interface Executor {
  readonly threads: number;
  /** Seconds since it started: the clock of its trials' spans. */
  age(): number;
  /**
   * Resolves once its threads can train.
   * @throws ERR_THREADS where none of them can, ERR_MACHINE where they would give other bits than elsewhere
   */
  ready(): Promise<void>;
  /** How many trials may be under way at once while `unstarted` more wait; they share the threads. */
  capacity(unstarted: number): number;
  /**
   * Starts a trial.
   * @throws Error when more are under way than the executor has room for: waiting is the caller's business. Also where
   * the plan is larger than the executor was made for, or the start is no start of its network.
   */
  start(job: TrialJob): Running;
  /** Asks every trial under way to stop at its next mini-batch; each ends with the outcome "stopped". */
  stop(): void;
}
