/** Trying again while another program holds the database. */
import { setTimeout as delay } from 'node:timers/promises';
import { CoresweepError } from '../errors.ts';

/** How long another program may hold the database before a sweep gives up. */
const patienceMs = 60_000;
/** The same once a person has asked to stop. */
const stoppingPatienceMs = 1_000;
const longestPauseMs = 500;

/** Whether another program held the database: trying again may help. */
export const isBusy = (error: unknown): boolean =>
  error instanceof CoresweepError && error.code === 'ERR_DATABASE_BUSY';

/**
 * Does `act`, and does it again while another program holds the database; the event loop runs in between, so that
 * signals and progress are not held up.
 * @throws what `act` throws; ERR_DATABASE_BUSY only after a minute
 */
export async function patiently<Answer>(
  act: () => Answer,
  signal: AbortSignal,
  patience = patienceMs,
): Promise<Answer> {
  const since = performance.now();
  for (let pause = 10; ; pause = Math.min(2 * pause, longestPauseMs)) {
    try {
      return act();
    } catch (error) {
      const waited = performance.now() - since;
      if (!isBusy(error) || waited > (signal.aborted ? stoppingPatienceMs : patience)) throw error;
    }
    await delay(pause);
  }
}
