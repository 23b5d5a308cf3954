/**
 * One stretch of work on a trial: from its start or its checkpoint until it ends, is to be judged, or is stopped.
 * Not here: what is recorded of it (run-trial.ts, checkpoints.ts).
 */
import type { JobStart, Listener } from '../execute/executor.ts';
import { reportsOf } from '../execute/outcome.ts';
import type { Stint } from '../machine.ts';
import type { SavedCheckpoint } from '../store/checkpoint-row.ts';
import type { Checkpoint, Trial, TrialOutcome } from '../trial.ts';
import { keepCheckpoints } from './checkpoints.ts';
import type { Judge } from './judge.ts';
import type { TrialSteps, TrialTask } from './run-trial.ts';

/** How it ended. */
export interface Stretch {
  readonly outcome: TrialOutcome;
  readonly log: string;
  readonly stints: readonly Stint[];
  /** Where it stopped only to be judged. */
  readonly pausedAt: Checkpoint | undefined;
}

/** Where a stretch begins. */
interface Begun {
  readonly saved: SavedCheckpoint | undefined;
  readonly from: JobStart;
  /** Counted from 1. */
  readonly tries: number;
}

/** Works on a trial until it ends, is to be judged where it can pause, or is stopped. */
export async function stretch(
  task: TrialTask,
  trial: Trial,
  { saved, from, tries }: Begun,
  steps: TrialSteps,
): Promise<Stretch> {
  const { experiment, executor, signal, onEvent, judge } = task;
  const { number, role, key, replicate, params } = trial;
  const { seed, limits } = experiment;
  const until = executor.pauses ? judge?.nextStep(number) : undefined;
  const rungs = executor.pauses ? undefined : judge?.rungs;
  const running = executor.start({
    ...{ number, role, key, replicate, params, attempt: trial.attempts + tries, seed, limits, until, rungs },
    start: saved === undefined ? from : { from: 'checkpoint', checkpoint: saved.checkpoint },
  });
  if (rungs !== undefined && judge !== undefined) running.onReport(listener(judge, number, signal, steps));
  const checkpoints = keepCheckpoints(task, trial, running, saved, steps.onFurther);
  const stop = () => {
    executor.stop();
    checkpoints.save();
  };
  signal.addEventListener('abort', stop);
  // It may have been aborted while the database was busy.
  if (signal.aborted) stop();
  onEvent({ kind: 'trial started', trial, progress: running.progress });
  let outcome: TrialOutcome;
  try {
    outcome = later(await Promise.race([running.outcome, checkpoints.fault]), saved);
  } finally {
    checkpoints.end();
    signal.removeEventListener('abort', stop);
  }
  steps.onReports(reportsOf(outcome));
  const checkpoint = outcome.state === 'stopped' && !signal.aborted ? outcome.checkpoint : undefined;
  const isPaused = until !== undefined && checkpoint !== undefined && checkpoint.step >= until;
  const { stints = [] } = running.progress();
  return { outcome, log: running.log(), stints, pausedAt: isPaused ? checkpoint : undefined };
}

/** Has a trial that cannot pause judged at its reports: there it waits in its seat. */
const listener =
  (judge: Judge, number: number, signal: AbortSignal, steps: TrialSteps): Listener =>
  (report) => {
    steps.onReports([report]);
    const verdict = judge.verdict(number, report.step);
    if (verdict !== undefined) return verdict === 'go on' ? undefined : Promise.resolve(verdict);
    steps.onFurther();
    return judge.decided(number, report.step, signal).then((decided) => decided ?? 'go on');
  };

/** `outcome` with the time of the attempts before it, and with their reports where it comes without any. */
function later(outcome: TrialOutcome, saved: SavedCheckpoint | undefined): TrialOutcome {
  if (saved === undefined) return outcome;
  switch (outcome.state) {
    case 'done':
    case 'pruned':
      return {
        ...outcome,
        result: { ...outcome.result, seconds: outcome.result.seconds + saved.seconds },
      };
    case 'failed': {
      const reports = outcome.reports.length > 0 ? outcome.reports : saved.checkpoint.reports;
      return { ...outcome, reports, seconds: outcome.seconds + saved.seconds };
    }
    case 'diverged':
    case 'stopped':
      return { ...outcome, seconds: outcome.seconds + saved.seconds };
    default:
      return outcome satisfies never;
  }
}
