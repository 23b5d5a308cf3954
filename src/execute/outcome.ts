/** What every outcome of a trial has, however it ended. */
import type { Report, TrialOutcome } from '../trial.ts';

/** The reports of a trial, the first first. */
export function reportsOf(outcome: TrialOutcome): readonly Report[] {
  switch (outcome.state) {
    case 'done':
    case 'pruned':
      return outcome.result.reports;
    case 'diverged':
    case 'failed':
      return outcome.reports;
    case 'stopped':
      return outcome.checkpoint?.reports ?? [];
    default:
      return outcome satisfies never;
  }
}

/** Seconds that were spent on a trial. */
export const secondsOf = (outcome: TrialOutcome): number =>
  'result' in outcome ? outcome.result.seconds : outcome.seconds;
