/**
 * The promise of whatever runs trials: threads, processes or other machines.
 * Not here: which trial comes next, what its objective is, and what becomes of its result.
 */
import type { Machine, Stint } from '../machine.ts';
import type { Artifact, Checkpoint, Params, Report, Role, TrialOutcome } from '../trial.ts';

/** One trial to run. */
export interface Job {
  readonly number: number;
  readonly role: Role;
  readonly key: string;
  readonly replicate: number;
  readonly params: Params;
  /** Counted from 1. */
  readonly attempt: number;
  /** Of the experiment. */
  readonly seed: number;
  readonly start: JobStart;
  /** The step after which it stops, with a checkpoint where the objective can give one. */
  readonly until?: number | undefined;
  /** Steps, ascending, at which a report waits for what its listener answers, and is kept; those that it starts behind count no more. */
  readonly rungs?: readonly number[] | undefined;
  readonly limits: TrialLimits;
  /** A machine that must not run it, or a host of which none may (hostOf), where there are several. */
  readonly avoid?: string | undefined;
}

export type JobStart =
  | { readonly from: 'nothing' }
  | { readonly from: 'artifact'; readonly artifact: Artifact }
  | { readonly from: 'checkpoint'; readonly checkpoint: Checkpoint };

/** When a trial is given up; seconds while the machine is suspended do not count. */
export interface TrialLimits {
  /** Without any sign of life. */
  readonly silentSeconds: number;
  /** Since it was started. */
  readonly trialSeconds?: number | undefined;
  /** How long the module of a function may take to be imported, which is no time of a trial. */
  readonly importSeconds?: number | undefined;
  /** What a function's thread may take, in MiB. Commands are not held to it. */
  readonly memoryMb?: number | undefined;
}

export type Judgement = 'go on' | 'prune';

/** Hears a report; where the trial is to be judged at it, it promises how. */
export type Listener = (report: Report) => Promise<Judgement> | undefined;

/** How far a running trial is. */
export interface Progress {
  /** Undefined before the first report. */
  readonly last: Report | undefined;
  /** How many steps it has, where that is known. */
  readonly steps: number | undefined;
  /** Who has been at it so far; absent where that is this machine alone. */
  readonly stints?: readonly Stint[] | undefined;
}

/** A trial under way. */
export interface Running {
  /** How it ended. Never rejects: whatever is wrong with a trial is an outcome. */
  readonly outcome: Promise<TrialOutcome>;
  /** So far, in order of step; of very many, some. */
  reports(): readonly Report[];
  progress(): Progress;
  /** From where it could go on, as of now; undefined where there is nothing to go on from. */
  checkpoint(): Checkpoint | undefined;
  /** What it has printed, capped. */
  log(): string;
  /**
   * Calls `hear` at every report from now on. Where that gives a promise, the trial waits for it at a rung, and a trial that
   * has ended meanwhile is over once it is settled; one that is to be pruned ends with that report. One listener at most.
   */
  onReport(hear: Listener): void;
  /** Asks it to end as pruned at its last report; ends it where it does not. Without one it ends at its first, or as stopped. */
  prune(): void;
  /** Asks it to stop; ends it where it does not. */
  stop(): void;
}

export interface Executor {
  /** How many trials can be at work at once. */
  readonly seats: number;
  /**
   * Whether a trial that is to be judged after a step stops there with a checkpoint (`until`), so that its seat is free; where
   * not, it waits in its report (`rungs`).
   */
  readonly pauses: boolean;
  /** Seconds since it started: the clock of its trials' spans. */
  age(): number;
  /** Who has worked for it so far, the same list until that changes; absent where that is this machine alone. */
  machines?(): readonly Machine[];
  /**
   * Resolves once trials can be started.
   * @throws ERR_THREADS where there are no seats, ERR_MACHINE where they would give other bits than elsewhere, and what every
   *   trial would fail with where a function's module cannot be imported (ERR_OBJECTIVE_IMPORT, ERR_OBJECTIVE_MISSING, ...)
   */
  ready(): Promise<void>;
  /** How many trials may be under way at once while `unstarted` more wait; they share the seats. */
  capacity(unstarted: number): number;
  /**
   * Starts a trial.
   * @throws Error when more are under way than there is room for: waiting is the caller's business
   */
  start(job: Job): Running;
  /** Takes that a trial has ended that is not started here: whoever may still be at it for an earlier session is to stop. */
  forget?(key: string): void;
  /** Asks every trial under way to stop; each ends with an outcome. */
  stop(): void;
  /** Stops what is under way, waits for it, and gives everything back. */
  close(): Promise<void>;
}
