/**
 * Who worked in the sessions of a run and at what, as the store tells of it.
 * Not here: the rows (machine-rows.ts). A file of its own, because the package's declarations must not need those of SQLite's driver.
 */
import type { Machine, Stint } from '../machine.ts';

/** A machine of one of the sessions of a run; without an end it was there to that of the session. */
export interface SessionMachine extends Machine {
  readonly session: number;
}

/** A trial at one machine, which is over. */
export interface TrialStint extends Stint {
  readonly session: number;
  readonly trialId: number;
  readonly end: NonNullable<Stint['end']>;
}

export interface MachineRecords {
  /** Who worked for a run, in the order in which sessions began and machines joined. */
  machines(experimentId: number): SessionMachine[];
  /** At which machines the trials of a run were, trial by trial, the first first. */
  stints(experimentId: number): TrialStint[];
}
