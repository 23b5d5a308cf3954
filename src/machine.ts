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

/** Which computer it is on: several workers of one share its host. */
export const hostOf = (machine: string): string => machine.replace(/#.*$/, '');

/** Who is apart from a machine, and how far. */
export type Apart =
  | { readonly kind: 'machines'; readonly avoid: string }
  | { readonly kind: 'workers'; readonly avoid: string };

/**
 * Whom to avoid so that somebody else does what `machine` did: its whole host where another one is there, or else only itself.
 * Undefined where it is alone.
 */
export function apartFrom(
  machine: string,
  machines: readonly Pick<Machine, 'name' | 'end'>[],
): Apart | undefined {
  const others = machines.filter(({ name, end }) => end === undefined && name !== machine);
  if (others.some(({ name }) => hostOf(name) !== hostOf(machine)))
    return { kind: 'machines', avoid: hostOf(machine) };
  return others.length > 0 ? { kind: 'workers', avoid: machine } : undefined;
}

/** A trial at one machine. */
export interface Stint {
  readonly machine: string;
  readonly from: number;
  /** Undefined while the machine works at it; lost where another one continues it. */
  readonly end: { readonly at: number; readonly how: TrialOutcome['state'] | 'lost' } | undefined;
}
