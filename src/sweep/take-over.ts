/**
 * Trials that another run of the database has finished already: equal keys are equal bits, so their results are taken over
 * and nothing is trained again. Not here: what makes keys equal (identity.ts).
 */
import { setImmediate } from 'node:timers/promises';
import { CoresweepError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { ArtifactName, Trial, TrialOutcome } from '../trial.ts';
import { patiently } from './patience.ts';
import type { Run } from './run.ts';
import { isDeterministic } from './tried.ts';

/** Trials that are taken over in one transaction; between two of them signals are heard. */
const batch = 100;

/** Takes over what it can of `trials`, and returns the others, which are still to be run. */
export async function withoutFinished(run: Run, trials: readonly Trial[]): Promise<Trial[]> {
  const { experiment, store, signal, isFresh, pruner, onEvent } = run;
  // A run that was asked to begin anew does, and the only run of a database has no other to take from.
  // With a pruner nothing is taken over: a verdict depends on the other trials of the same run.
  const isAlone = isFresh || pruner !== undefined || store.experiments().length === 1;
  if (isAlone || !isDeterministic(experiment)) return [...trials];
  const taken = new Set<Trial>();
  for (let from = 0; from < trials.length && !(from > 0 && signal.aborted); from += batch) {
    const some = trials.slice(from, from + batch);
    const take = () => some.filter((trial) => takeOver(store, trial));
    for (const trial of await patiently(() => store.together(take), signal)) taken.add(trial);
    await setImmediate();
  }
  if (taken.size > 0) {
    const which = taken.size === 1 ? '1 trial was' : `${taken.size} trials were`;
    const text = `${which} finished by another run of this database: the results are taken over, for equal keys are equal bits.`;
    onEvent({ kind: 'remark', text });
  }
  return trials.filter((trial) => !taken.has(trial));
}

/** Gives a trial the record of one of an equal key, if there is a whole one. */
function takeOver(store: Store, trial: Trial): boolean {
  const finished = store.finishedTrial(trial.key);
  const outcome = finished && outcomeOf(store, finished);
  if (finished === undefined || outcome === undefined) return false;
  recordCopy(store, trial, finished, outcome);
  return true;
}

/** Ends a trial with the outcome of another one. */
export function recordCopy(store: Store, { id }: Trial, from: Trial, outcome: TrialOutcome): void {
  store.startAttempt(id);
  store.finish(id, outcome);
  store.recordSameAs(id, from.id);
}

/** How a recorded trial ended, with all its evidence; undefined where some of that is missing or damaged. */
export function outcomeOf(store: Store, trial: Trial): TrialOutcome | undefined {
  try {
    if (trial.state === 'diverged') {
      const { id, step, seconds } = trial;
      return { state: 'diverged', step, reports: store.reports(id), seconds };
    }
    if (trial.state === 'failed') {
      const { id, code, reason, seconds } = trial;
      return { state: 'failed', code, reason, reports: store.reports(id), seconds };
    }
    if (trial.state !== 'done' && trial.state !== 'pruned') return undefined;
    const { id, best, last, seconds } = trial;
    const reports = store.reports(id);
    const artifacts = Object.keys(trial.artifacts).map((name) => store.artifact(id, name as ArtifactName));
    if (!artifacts.every((artifact) => artifact !== undefined)) return undefined;
    // Databases of before version 3 kept no bits.
    const isNetwork = trial.state === 'done' && artifacts.some(({ kind }) => kind === 'network');
    if (isNetwork && store.correct(id) === undefined) return undefined;
    if (reports.at(-1)?.step !== last.step) return undefined;
    // When and where it ran belongs to the run that trained it.
    return { state: trial.state, result: { reports, best, last, artifacts, spans: [], seconds } };
  } catch (error) {
    // Training again mends what a damaged database has lost.
    if (error instanceof CoresweepError) return undefined;
    throw error;
  }
}
