/**
 * The nouns of a run on several machines: who worked for it when, and who was at which trial.
 * Not here: how machines are reached (queue). A run on one machine knows none of this.
 */
import type { TrialOutcome } from './trial.ts';

/** A machine from when it joined until it went; where it comes back, that is another one of its name. */
export interface Machine {
  /** Its host, and what tells its workers apart. */
  readonly name: string;
  /** Where its threads begin among those of all machines of the session. */
  readonly firstThread: number;
  readonly threads: number;
  /** Seconds since the executor started, as all times here. */
  readonly from: number;
  /** When and how it went; undefined while it is there. */
  readonly end: { readonly at: number; readonly how: 'left' | 'lost' } | undefined;
}

/** A trial at one machine. */
export interface Stint {
  readonly machine: string;
  readonly from: number;
  /** Undefined while the machine is at it; lost where another one goes on with it. */
  readonly end: { readonly at: number; readonly how: TrialOutcome['state'] | 'lost' } | undefined;
}
