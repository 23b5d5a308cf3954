/**
 * What one session of a run may use: time, and trials to start. Where that is used up, the session ends in order, as after
 * Ctrl-C, and the same command continues the run. Not here: how many trials a search has in all (search.trials).
 */
import type { OnEvent } from './events.ts';

/** Absent is without limit. */
export interface BudgetOptions {
  /** From when the budget is opened: trials under way are stopped at their next checkpoint. */
  readonly seconds?: number | undefined;
  /** Trials of the search that may be started: those under way end first. */
  readonly trials?: number | undefined;
}

export interface Budget {
  /** Aborted where it is used up and there is more to do. */
  readonly signal: AbortSignal;
  /** Whether another trial may be started. */
  hasTrial(): boolean;
  /** Must be called for each trial that is started. */
  take(): void;
  /** Must be called where trials only fail: the session ends, and says so. */
  giveUp(failures: number, reason: string): void;
  /** Must be called where trials are left that may not be started. */
  end(): void;
  /** @internal Programs that load the library of TypeScript's that knows the symbol are few. */
  [Symbol.dispose](): void;
}

/** @param runSeconds of the definition; the shorter of the two times holds */
export function openBudget(
  { seconds, trials }: BudgetOptions,
  runSeconds: number | undefined,
  onEvent: OnEvent,
): Budget {
  const used = new AbortController();
  const stop = (text: string) => {
    if (used.signal.aborted) return;
    onEvent({ kind: 'remark', text });
    used.abort();
  };
  const end = (what: string) => stop(`The budget of ${what} is used up: the run ends in order.`);
  let started = 0;
  const least = Math.min(seconds ?? Number.POSITIVE_INFINITY, runSeconds ?? Number.POSITIVE_INFINITY);
  const timer = Number.isFinite(least) ? setTimeout(() => end(`${least} s`), 1000 * least) : undefined;
  return {
    signal: used.signal,
    hasTrial: () => trials === undefined || started < trials,
    take: () => {
      started++;
    },
    giveUp: (failures, reason) =>
      stop(
        `${failures} trials in a row have failed, so the search ends (limits.failures). The last one: ${reason}`,
      ),
    end: () => end(trials === 1 ? 'one trial' : `${trials} trials`),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
