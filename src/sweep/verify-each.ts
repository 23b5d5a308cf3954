/** Trials run again on an executor, as many at once as it has seats. Not here: what is run, and what differs. */
import type { Executor, Job, JobStart } from '../execute/executor.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Trial } from '../trial.ts';

/** How one trial came out the second time. */
export interface Verified {
  readonly trial: Trial;
  /** What is not as recorded; empty where every bit is. */
  readonly differences: readonly string[];
  /** Which machines ran it, where that was not this machine alone. */
  readonly machines?: readonly string[];
}

export interface Verifying {
  readonly trials: readonly Trial[];
  readonly signal: AbortSignal;
  readonly onVerified: (verified: Verified) => void;
}

/** A recorded trial as one that is run again, from the same start. */
export const jobAgain = (
  { number, role, key, params, replicate }: Trial,
  { seed, limits }: Experiment,
  start: JobStart,
): Job => ({ number, role, key, params, replicate, attempt: 1, seed, limits, start });

/** Tells of each trial, in the order in which they end; of none any more once the signal has come. */
export async function verifyEach(
  executor: Executor,
  { trials, signal, onVerified }: Verifying,
  again: (trial: Trial) => Promise<Omit<Verified, 'trial'>>,
): Promise<void> {
  const stop = () => executor.stop();
  signal.addEventListener('abort', stop);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let trial = trials[next++]; trial !== undefined && !signal.aborted; trial = trials[next++]) {
      const found = await again(trial);
      if (!signal.aborted) onVerified({ trial, ...found });
    }
  };
  try {
    await Promise.all(Array.from({ length: executor.seats }, lane));
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
