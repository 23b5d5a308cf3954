/**
 * Tells a trial that gets no further, or is over its time, from one whose machine sleeps.
 * Not here: what becomes of it.
 */
import { type TrialFault, trialFaults } from '../objective/trial-faults.ts';
import type { TrialLimits } from './executor.ts';

/** How often a watchdog looks, unless its limits are shorter. */
const lookMs = 1_000;

/** A module that is not there after so long never will be. */
const usualImportSeconds = 600;

/**
 * Looks after one trial on a thread until it is stopped.
 * @param beat a text that changes whenever the trial gets further
 * @param spentSeconds time that the trial has spent on threads before
 * @param onVerdict is called at most once
 * @param isBooting whether whoever runs it is not there yet: time that is no trial's
 * @returns stops it
 */
export function watch(
  limits: TrialLimits,
  spentSeconds: number,
  beat: () => string,
  onVerdict: (verdict: TrialFault) => void,
  isBooting: () => boolean = () => false,
): () => void {
  const {
    silentSeconds,
    trialSeconds = Number.POSITIVE_INFINITY,
    importSeconds = usualImportSeconds,
  } = limits;
  const periodMs = Math.min(lookMs, 250 * silentSeconds, 250 * trialSeconds, 250 * importSeconds);
  let last = beat();
  let booting = 0;
  let silent = 0;
  let spent = spentSeconds;
  let lookedAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // A longer gap than the timer's own means that the machine or the process was suspended, and the thread with it.
    const awake = Math.min(now - lookedAt, 2 * periodMs) / 1000;
    lookedAt = now;
    const current = beat();
    if (isBooting()) booting += awake;
    else {
      spent += awake;
      silent = current === last ? silent + awake : 0;
    }
    last = current;
    const verdict =
      booting >= importSeconds
        ? trialFaults.importSlow(importSeconds)
        : verdictOn({ silent, spent }, { silentSeconds, trialSeconds });
    if (verdict === undefined) return;
    clearInterval(timer);
    onVerdict(verdict);
  }, periodMs);
  return () => clearInterval(timer);
}

function verdictOn(
  { silent, spent }: { silent: number; spent: number },
  { silentSeconds, trialSeconds }: { silentSeconds: number; trialSeconds: number },
): TrialFault | undefined {
  if (silent >= silentSeconds) return trialFaults.silent(silentSeconds);
  if (spent >= trialSeconds) return trialFaults.time(trialSeconds);
  return undefined;
}
