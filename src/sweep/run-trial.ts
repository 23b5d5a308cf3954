/**
 * One trial, from its recorded attempt to its recorded end: from a checkpoint where there is one, with checkpoints on the
 * way, set aside where it must wait to be judged, and again where it failed and may be retried.
 * Not here: which trial, and whether there is a seat for it (search-loop.ts), and the work itself (trial-stretch.ts).
 */

import type { Executor, JobStart } from '../execute/executor.ts';
import { secondsOf } from '../execute/outcome.ts';
import { prunedWith } from '../execute/pruned.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Stint } from '../machine.ts';
import type { Verdict } from '../prune/pruner.ts';
import type { SavedCheckpoint } from '../store/checkpoint-row.ts';
import type { Store } from '../store/store.ts';
import type { Report, Trial, TrialOutcome } from '../trial.ts';
import type { OnEvent } from './events.ts';
import type { Commit } from './group-commit.ts';
import type { Judge } from './judge.ts';
import { upTo } from './sighted.ts';
import { type Stretch, stretch } from './trial-stretch.ts';
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

/** What a trial tells its loop on the way, and asks of it. */
export interface TrialSteps {
  /** It has got further than ever before, and that is recorded; or it waits to be judged. */
  onFurther(): void;
  /** Its seat is free; what became of it is recorded next. */
  onFree(): void;
  /** It has reported, in order of step; earlier reports may come again. */
  onReports(reports: readonly Report[]): void;
  /** Waits for a seat to begin or go on in, where it has none. @returns whether there is one: not where the run stops */
  seat(): Promise<boolean>;
}

const alone: TrialSteps = { onFurther() {}, onFree() {}, onReports() {}, seat: async () => true };

/**
 * Runs one trial and records how it ended, in that order: what is reported as finished is in the store.
 * @param from where it starts if it has no checkpoint
 * @returns the trial with its final record, or as it is left where the run stops
 */
export async function runTrial(
  task: TrialTask,
  trial: Trial,
  from: JobStart,
  steps: TrialSteps = alone,
): Promise<Trial> {
  const { experiment, executor, store, commit, signal, onEvent, judge } = task;
  const { retries } = experiment.limits;
  let saved = store.checkpoint(trial.id);
  if (saved !== undefined) steps.onReports(saved.checkpoint.reports);
  if (saved !== undefined && judge !== undefined) {
    // It may have been cut off before it was judged where it stands, or before that was recorded.
    const { verdict } = await judged(task, judge, trial, saved, steps, async () => {});
    if (verdict === undefined) return store.trial(trial.id);
    if (verdict === 'prune') {
      // First, because nobody will ask for this trial again once it is recorded.
      executor.forget?.(trial.key);
      return await finish(task, trial, prunedAt(task, judge, trial, saved), { log: '', stints: [] }, true);
    }
  }
  let isRecorded = false;
  let stints: readonly Stint[] = [];
  for (let tries = 1; ; ) {
    // The queue counts the workers that it lost with a trial, and takes this machine for one of them.
    const isElsewhere = executor.machines !== undefined;
    if (!isRecorded) await commit(() => store.startAttempt(trial.id, { isElsewhere }));
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
    const paused: SavedCheckpoint = { checkpoint: pausedAt, seconds: secondsOf(outcome) };
    saved = paused;
    const setAside = () => pause(task, trial, paused, stints);
    const { verdict, isSetAside } = await judged(task, judge, trial, paused, steps, setAside);
    if (isSetAside) {
      isRecorded = false;
      stints = [];
    }
    if (verdict === undefined) return store.trial(trial.id);
    if (verdict === 'prune')
      return await finish(task, trial, prunedAt(task, judge, trial, paused), { log, stints }, isSetAside);
  }
}

interface Judged {
  /** Undefined where the run stops first. */
  readonly verdict: Verdict | undefined;
  /** Whether the verdict took so long that others had the seat meanwhile. */
  readonly isSetAside: boolean;
}

/** What becomes of a trial that stands where it was saved; one that goes on has a seat. @param setAside where it has to wait */
async function judged(
  { signal }: TrialTask,
  judge: Judge,
  { number }: Trial,
  { checkpoint: { step } }: SavedCheckpoint,
  steps: TrialSteps,
  setAside: () => Promise<void>,
): Promise<Judged> {
  const verdict = judge.verdict(number, step);
  if (verdict !== 'go on') steps.onFree();
  if (verdict !== undefined) return { verdict, isSetAside: false };
  steps.onFurther();
  await setAside();
  const decided = await judge.decided(number, step, signal);
  const hasSeat = decided !== 'go on' || (await steps.seat());
  return { verdict: hasSeat ? decided : undefined, isSetAside: true };
}

/** Records that a trial waits to be judged. */
async function pause(
  { store, commit, onEvent }: TrialTask,
  { id }: Trial,
  saved: SavedCheckpoint,
  stints: readonly Stint[],
): Promise<void> {
  await commit(() => {
    store.pause(id, saved);
    keep(store, id, { log: '', stints });
  });
  onEvent({ kind: 'trial paused', trial: store.trial(id) });
}

/** How a trial ends that is pruned where it was saved, or at a rung below. */
function prunedAt(
  { experiment }: TrialTask,
  judge: Judge,
  { number }: Trial,
  { checkpoint, seconds }: SavedCheckpoint,
): TrialOutcome {
  const reports = upTo(judge.bound(number), checkpoint.reports);
  const pruned = prunedWith(metricsOf(experiment), { reports, spans: [], seconds }, rankedBy(experiment));
  if (pruned === undefined) throw new Error('A trial was pruned that has reported nothing.');
  return pruned;
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
