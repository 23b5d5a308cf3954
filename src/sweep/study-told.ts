/**
 * What a program tells of a study's trials: reports on the way, by which some are pruned, and how they ended.
 * Not here: handing them out (study.ts).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { errors } from '../errors.ts';
import { prunedWith } from '../execute/pruned.ts';
import { recordedObjective } from '../experiment/recorded.ts';
import type { Verdict } from '../prune/pruner.ts';
import type { Experiment as RecordedRun } from '../store/results.ts';
import type { Store } from '../store/store.ts';
import type { Report, Trial, TrialOutcome } from '../trial.ts';
import { isEnded } from './ended.ts';
import { isStudy } from './is-study.ts';
import { judgeBy } from './judge.ts';
import { prunerOf } from './searcher-of.ts';
import { finishIfOver, reportsOf, withStudies } from './study.ts';
import { rankedBy } from './tried.ts';

/** How a trial has ended, by the program that ran it; its values count as its last report. */
export type Told =
  | { readonly state: 'done'; readonly values: readonly number[] }
  | { readonly state: 'pruned'; readonly values?: readonly number[] | undefined }
  | { readonly state: 'failed'; readonly reason: string };

/** Names the trial. */
export interface ToldTrial {
  readonly database: string;
  /** The latest of the database if absent. */
  readonly experimentId?: number | undefined;
  readonly number: number;
  /** What it has taken so far, where that is known. */
  readonly seconds?: number | undefined;
  /** How long it may wait for a lower trial that gives no sign; default: limits.silentSeconds of the recorded definition. */
  readonly waitSeconds?: number | undefined;
}

/** Records how a trial has ended. @throws ERR_STUDY_TRIAL where it is unknown or has ended before */
export const tellTrial = (trial: ToldTrial, told: Told): Promise<void> =>
  withStudies(trial.database, (store) => {
    const found = trialOf(store, trial);
    // By its last report, perhaps.
    if (found.trial.state === 'pruned' && told.state === 'pruned' && told.values === undefined) return;
    end(store, openOf(found), told);
  });

/** The least and the most that is waited before a verdict is asked for again. */
const pausesMs = { first: 50, most: 1_000 };

/**
 * Records a report of a trial and waits for what is decided there, which lower trials may have to come to as well. One that is
 * pruned has ended by then, and so has one whose values are no numbers: it has diverged. The same report again asks again.
 * @param onWait is called with the trial that is waited for
 * @throws ERR_STUDY_TRIAL as tellTrial does, ERR_STUDY_STEP where the step is not above the last one, and ERR_STUDY_SILENT where
 *   nobody tells of the trial that is waited for: nothing is decided by then, and the report stands
 */
export async function reportTrial(
  trial: ToldTrial,
  report: Report,
  onWait: (lower: number) => void = () => {},
): Promise<Verdict> {
  let sign = '';
  let since = performance.now();
  for (let pause = pausesMs.first; ; pause = Math.min(2 * pause, pausesMs.most)) {
    const judged = await withStudies(trial.database, (store) => judgedAt(store, trial, report));
    if (typeof judged === 'string') return judged;
    const { lower, waitSeconds } = judged;
    if (judged.sign !== sign) since = performance.now();
    else if (performance.now() - since > waitSeconds * 1000)
      throw errors.studySilent(trial.number, report.step, lower, waitSeconds);
    sign = judged.sign;
    if (pause === pausesMs.first) onWait(lower);
    await delay(Math.min(pause, waitSeconds * 1000));
  }
}

/** What a report waits for. */
interface Waits {
  readonly lower: number;
  /** Changes with every report and result. */
  readonly sign: string;
  readonly waitSeconds: number;
}

interface Found {
  readonly run: RecordedRun;
  readonly trial: Trial;
  readonly seconds: number;
}

function trialOf(store: Store, { experimentId, number, seconds = 0 }: ToldTrial): Found {
  const runs = store.experiments();
  const run = experimentId === undefined ? runs.at(-1) : runs.find(({ id }) => id === experimentId);
  const trial = run && store.trials(run.id).find((one) => one.role === 'search' && one.number === number);
  if (run === undefined || trial === undefined || !isStudy(run))
    throw errors.studyTrial(number, 'no study of this database has asked for it');
  return { run, trial, seconds };
}

function openOf(found: Found): Found {
  const { number, state } = found.trial;
  if (isEnded(found.trial)) throw errors.studyTrial(number, `it is ${state} already`);
  return found;
}

function judgedAt(store: Store, told: ToldTrial, report: Report): Verdict | Waits {
  const found = openOf(trialOf(store, told));
  const { run, trial, seconds } = found;
  const { number, id } = trial;
  const before = reportsOf(store, trial);
  const last = before.at(-1);
  const { step, values } = report;
  if (last === undefined || step > last.step) {
    if (!values.every(Number.isFinite)) {
      finish(store, found, { state: 'diverged', step, reports: before, seconds });
      return 'prune';
    }
    store.startAttempt(id);
    const checkpoint = { step, reports: [...before, report], bytes: new Uint8Array() };
    store.pause(id, { checkpoint, seconds });
  } else if (step < last.step || values.some((value, place) => value !== last.values[place]))
    throw errors.studyStep(number, step, last.step);
  const trials = store.trials(run.id).filter((one) => one.role === 'search' && one.number <= number);
  const experiment = recordedObjective(run);
  const pruner = experiment && prunerOf(experiment);
  const [decisive] = run.metrics;
  if (experiment === undefined || pruner === undefined || decisive === undefined) return 'go on';
  const judge = judgeBy(pruner, decisive, () => {});
  const stepOf = (one: Trial) => reportsOf(store, one).at(-1)?.step ?? 0;
  for (const one of trials) {
    judge.hear(one.number, reportsOf(store, one));
    if (isEnded(one)) judge.ended(one.number);
  }
  const verdict = judge.verdict(number, step);
  if (verdict === 'prune') end(store, { run, trial: store.trial(id), seconds }, { state: 'pruned' });
  if (verdict !== undefined) return verdict;
  const bracket = pruner.bracketOf(number);
  const isLate = (one: Trial) => !isEnded(one) && stepOf(one) < judge.bound(number);
  const lower = trials.find((one) => pruner.bracketOf(one.number) === bracket && isLate(one)) ?? trial;
  return {
    lower: lower.number,
    sign: `${lower.number} ${stepOf(lower)}`,
    waitSeconds: told.waitSeconds ?? experiment.limits.silentSeconds,
  };
}

const end = (store: Store, found: Found, told: Told): void =>
  finish(store, found, outcomeOf(told, found.run, reportsOf(store, found.trial), found.seconds));

function finish(store: Store, { run, trial }: Pick<Found, 'run' | 'trial'>, outcome: TrialOutcome): void {
  store.startAttempt(trial.id);
  store.finish(trial.id, outcome);
  const experiment = recordedObjective(run);
  if (experiment !== undefined) finishIfOver(store, run.id, experiment);
}

function outcomeOf(told: Told, run: RecordedRun, before: readonly Report[], seconds: number): TrialOutcome {
  const failed = (reason: string): TrialOutcome => ({
    ...{ state: 'failed', code: 'ERR_TRIAL', reason, reports: before, seconds },
  });
  if (told.state === 'failed') return failed(told.reason);
  const step = (before.at(-1)?.step ?? 0) + 1;
  const { state, values } = told;
  if (values?.every(Number.isFinite) === false) return { state: 'diverged', step, reports: before, seconds };
  const reports = values === undefined ? before : [...before, { step, values }];
  const experiment = recordedObjective(run);
  const ended = prunedWith(run.metrics, { reports, spans: [], seconds }, experiment && rankedBy(experiment));
  return ended === undefined ? failed('It ended without a value.') : { ...ended, state };
}
