/** What a process tells others of what it runs right now. Not here: how it is told (dashboard/live-file.ts). */
import type { Report } from '../trial.ts';
import type { MachinesNow } from './machines.ts';

/** Seconds that have gone since something began, and that it still needs; null before its speed is known. */
export interface Times {
  readonly elapsed: number;
  readonly left: number | null;
}

/** What a process tells others of a trial that it trains. */
export interface LiveTrial extends Times {
  readonly id: number;
  /** 0 where nobody knows how many there will be. */
  readonly epochs: number;
  readonly curve: readonly Report[];
}

/** What it tells of its session: the search or the final training as it stands. */
export interface LiveSession extends Times {
  readonly trials: readonly LiveTrial[];
  /** Absent where this machine works alone. */
  readonly machines?: MachinesNow | undefined;
}
