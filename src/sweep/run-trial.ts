/**
 * One trial, from its recorded attempt to its recorded end: from a checkpoint where there is one, with checkpoints on the
 * way, set aside where it must wait to be judged, and again where it failed and may be retried.
 * Not here: which trial, and whether there is a seat for it (search-phase.ts).
 */

import type { Executor, JobStart, Judgement } from '../execute/executor.ts';
import { reportsOf, secondsOf } from '../execute/outcome.ts';
import { prunedWith } from '../execute/pruned.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Stint } from '../machine.ts';
import type { SavedCheckpoint } from '../store/checkpoint-row.ts';
import type { Store } from '../store/store.ts';
import type { Checkpoint, Report, Trial, TrialOutcome } from '../trial.ts';
import { Checkpoints } from './checkpoints.ts';
import type { OnEvent } from './events.ts';
import type { Commit } from './group-commit.ts';
import type { Judge } from './judge.ts';
import { metricsOf, rankedBy } from './tried.ts';

export interface TrialTask {
  readonly experiment: Experiment;
  readonly executor: Executor;
  readonly store: Store;
  readonly commit: Commit;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  /** Absent where every trial runs to its end. */
  readonly judge?: Judge | undefined;
}

/** What is told of a trial on its way, and asked for it. */
export interface TrialSteps {
  /** It has got further than ever before, and that is recorded; or it waits to be judged. */
  onFurther(): void;
  /** Its seat is free; what became of it is recorded next. */
  onFree(): void;
  /** It has reported, in order of step; what was told before may be told again. */
  onReports(reports: readonly Report[]): void;
  /** Waits for a seat to begin or go on in, where it has none. @returns whether there is one: not where the run stops */
  seat(): Promise<boolean>;
}

const alone: TrialSteps = { onFurther() {}, onFree() {}, onReports() {}, seat: async () => true };

/** How one stretch of work on a trial ended. */
interface Stretch {
  readonly outcome: TrialOutcome;
  readonly log: string;
  readonly stints: readonly Stint[];
  /** Where it stopped only to be judged. */
  readonly pausedAt: Checkpoint | undefined;
}

/**
 * Runs one trial and records how it ended, in that order: what is told as finished is in the store.
 * @param from where it starts if it has no checkpoint
 * @returns the trial with its final record, or as it is left where the run stops
 */
export async function runTrial(
  task: TrialTask,
  trial: Trial,
  from: JobStart,
  steps: TrialSteps = alone,
): Promise<Trial> {
  const { experiment, store, commit, signal, onEvent, judge } = task;
  const { retries } = experiment.limits;
  let saved = store.checkpoint(trial.id);
  if (saved !== undefined) steps.onReports(saved.checkpoint.reports);
  let isRecorded = false;
  let stints: readonly Stint[] = [];
  for (let tries = 1; ; ) {
    if (!isRecorded) await commit(() => store.startAttempt(trial.id));
    isRecorded = true;
    if (!(await steps.seat())) {
      await commit(() => store.cancelAttempt(trial.id));
      return store.trial(trial.id);
    }
    const worked = await stretch(task, trial, { saved, from, tries }, steps);
    const { outcome, log, pausedAt } = worked;
    stints = [...stints, ...worked.stints];
    if (outcome.state === 'failed' && tries <= retries && !signal.aborted) {
      await commit(() => keep(store, trial.id, { log, stints }));
      onEvent({ kind: 'remark', text: `trial ${trial.number} failed and is tried again: ${outcome.reason}` });
      tries++;
      stints = [];
      saved = store.checkpoint(trial.id);
      isRecorded = false;
      continue;
    }
    if (pausedAt === undefined || judge === undefined) {
      // The thread's next trial is begun by then, and recorded with this one's end.
      steps.onFree();
      return await finish(task, trial, outcome, { log, stints });
    }
    const seconds = secondsOf(outcome);
    const paused: SavedCheckpoint = { checkpoint: pausedAt, seconds };
    saved = paused;
    let verdict = judge.verdict(trial.number, pausedAt.step);
    if (verdict === undefined) {
      steps.onFree();
      steps.onFurther();
      await commit(() => {
        store.pause(trial.id, paused);
        keep(store, trial.id, { log: '', stints });
      });
      stints = [];
      onEvent({ kind: 'trial paused', trial: store.trial(trial.id) });
      verdict = await judge.decided(trial.number, pausedAt.step, signal);
      isRecorded = false;
      if (verdict === undefined || (verdict === 'go on' && !(await steps.seat())))
        return store.trial(trial.id);
    } else if (verdict === 'prune') steps.onFree();
    if (verdict === 'go on') continue;
    const { reports } = pausedAt;
    const pruned = prunedWith(metricsOf(experiment), { reports, spans: [], seconds }, rankedBy(experiment));
    if (pruned === undefined) throw new Error('A trial was pruned that has reported nothing.');
    return await finish(task, trial, pruned, { log, stints }, !isRecorded);
  }
}

/** What a stretch leaves beside its outcome. */
type Left = Pick<Stretch, 'log' | 'stints'>;

function keep(store: Store, trialId: number, { log, stints }: Left): void {
  if (log !== '') store.appendLog(trialId, log);
  if (stints.length > 0) store.recordStints(trialId, stints);
}

/** Records how a trial ended. @param isPaused whether it was set aside */
async function finish(
  { store, commit, onEvent }: TrialTask,
  trial: Trial,
  outcome: TrialOutcome,
  left: Left,
  isPaused = false,
): Promise<Trial> {
  await commit(() => {
    if (isPaused) store.startAttempt(trial.id);
    store.finish(trial.id, outcome);
    keep(store, trial.id, left);
  });
  const finished = store.trial(trial.id);
  onEvent({ kind: 'trial finished', trial: finished, outcome });
  return finished;
}

interface Begun {
  readonly saved: SavedCheckpoint | undefined;
  readonly from: JobStart;
  /** Counted from 1. */
  readonly tries: number;
}

/** Works on a trial until it ends, is to be judged where it can pause, or is stopped. */
async function stretch(
  task: TrialTask,
  trial: Trial,
  { saved, from, tries }: Begun,
  steps: TrialSteps,
): Promise<Stretch> {
  const { experiment, executor, signal, onEvent, judge } = task;
  const { number, role, key, replicate, params } = trial;
  const { seed, limits } = experiment;
  const until = executor.pauses ? judge?.nextStep(number) : undefined;
  const rungs = executor.pauses ? undefined : judge?.rungsAbove(number, saved?.checkpoint.step ?? 0);
  const running = executor.start({
    ...{ number, role, key, replicate, params, attempt: trial.attempts + tries, seed, limits, until, rungs },
    start: saved === undefined ? from : { from: 'checkpoint', checkpoint: saved.checkpoint },
  });
  if (rungs !== undefined && judge !== undefined) {
    running.onReport((report): Promise<Judgement> | undefined => {
      steps.onReports([report]);
      const verdict = judge.verdict(number, report.step);
      if (verdict !== undefined) return verdict === 'go on' ? undefined : Promise.resolve(verdict);
      steps.onFurther();
      return judge.decided(number, report.step, signal).then((decided) => decided ?? 'go on');
    });
  }
  const checkpoints = new Checkpoints(task, trial, running, saved, steps.onFurther);
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
