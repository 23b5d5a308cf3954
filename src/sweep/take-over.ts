/**
 * Trials that another run of the database has finished already: equal keys are equal bits, so their results are taken over
 * and nothing is trained again. Not here: what makes keys equal (identity.ts).
 */
import { setImmediate } from 'node:timers/promises';
import { CoresweepError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Trial, TrialOutcome } from '../trial.ts';
import { patiently } from './patience.ts';
import type { Run } from './run.ts';

/** Trials that are taken over in one transaction; between two of them signals are heard. */
const batch = 100;

/** Takes over what it can of `trials`, and returns the others, which are still to be run. */
export async function withoutFinished(run: Run, trials: readonly Trial[]): Promise<Trial[]> {
  const { store, signal, isFresh, onEvent } = run;
  // A run that was asked to begin anew does, and the only run of a database has no other to take from.
  if (isFresh || store.experiments().length === 1) return [...trials];
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
  const twin = store.finishedTrial(trial.key);
  const outcome = twin && outcomeOf(store, twin);
  if (twin === undefined || outcome === undefined) return false;
  store.startAttempt(trial.id);
  store.finish(trial.id, outcome);
  store.recordSameAs(trial.id, twin.id);
  return true;
}

/** How a recorded trial ended, with all its evidence; undefined where some of that is missing or damaged. */
function outcomeOf(store: Store, trial: Trial): TrialOutcome | undefined {
  try {
    if (trial.state === 'diverged')
      return { state: 'diverged', epoch: trial.epoch, curve: store.curve(trial.id), seconds: trial.seconds };
    if (trial.state !== 'done') return undefined;
    const { id, best, last, seconds } = trial;
    const [bestWeights, lastWeights] = [store.weights(id, 'best'), store.weights(id, 'last')];
    const [curve, correct] = [store.curve(id), store.correct(id)];
    if (bestWeights === undefined || lastWeights === undefined || correct === undefined) return undefined;
    if (curve.length !== last.epoch) return undefined;
    // When it ran, and where, is told of the run that trained it.
    const evidence = { curve, best, last, bestWeights, lastWeights, correct, spans: [], seconds };
    return { state: 'done', result: evidence };
  } catch (error) {
    // Training again mends what a damaged database has lost.
    if (error instanceof CoresweepError) return undefined;
    throw error;
  }
}
