/** What a process says of its running trials to other processes. Not here: how it is written (dashboard/live-file.ts). */
import type { Report, Trial } from '../trial.ts';
import type { StateNow } from '../words/trial-state.ts';
import type { MachinesNow } from './machines.ts';
import type { RunState } from './run-state.ts';

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
  /** On which they are trained, those of other machines too. */
  readonly threads: number;
  /** Absent where this machine works alone. */
  readonly machines?: MachinesNow | undefined;
}

/**
 * Of trials that are recorded as running, the ids of those that lie ready: begun ahead, so that no thread waits for the disk
 * (sweep/ahead.ts). What is told may be a second old, so of those that it does not name the lowest numbers, which come first,
 * sit on the threads that are left. None where nothing is told.
 */
export function readyAmong(
  recorded: readonly Pick<Trial, 'id' | 'number'>[],
  live: LiveSession | undefined,
): ReadonlySet<number> {
  if (live === undefined) return new Set();
  const told = new Set(live.trials.map(({ id }) => id));
  const untold = recorded.filter(({ id }) => !told.has(id)).sort((a, b) => a.number - b.number);
  const begunSince = Math.max(0, live.threads - (recorded.length - untold.length));
  return new Set(untold.slice(begunSince).map(({ id }) => id));
}

/** One that is recorded as running was interrupted with the process that ran it, or waits where it lies ready. */
export function stateNow(recorded: Trial['state'], run: RunState, isReady: boolean): StateNow {
  if (recorded !== 'running') return recorded;
  if (run === 'interrupted') return run;
  return isReady ? 'waiting' : recorded;
}

/** How each trial stands at this moment. */
export type StateOf = (trial: Trial) => StateNow;
