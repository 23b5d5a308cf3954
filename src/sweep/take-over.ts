/**
 * Trials that another run of the database has finished already: equal keys are equal bits, so their results are taken over
 * and nothing is trained again. Not here: what makes keys equal (identity.ts).
 */
import { CoresweepError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Trial, TrialOutcome } from '../trial.ts';
import { patiently } from './patience.ts';
import type { Run } from './run.ts';

/** Takes over what it can of `trials`, and returns the others, which are still to be run. */
export async function withoutFinished(run: Run, trials: readonly Trial[]): Promise<Trial[]> {
  const { store, signal, isFresh, onEvent } = run;
  // A run that was asked to begin anew does, and the only run of a database has no other to take from.
  if (isFresh || store.experiments().length === 1) return [...trials];
  const left: Trial[] = [];
  const taken: Trial[] = [];
  for (const trial of trials) {
    const twin = store.finishedTrial(trial.key);
    const outcome = twin && outcomeOf(store, twin);
    if (twin === undefined || outcome === undefined) {
      left.push(trial);
      continue;
    }
    const take = () => {
      store.startAttempt(trial.id);
      store.finish(trial.id, outcome);
      store.recordSameAs(trial.id, twin.id);
    };
    await patiently(() => store.together(take), signal);
    taken.push(trial);
  }
  if (taken.length > 0) {
    const which = taken.length === 1 ? '1 trial was' : `${taken.length} trials were`;
    const text = `${which} finished by another run of this database: the results are taken over, for equal keys are equal bits.`;
    onEvent({ kind: 'remark', text });
  }
  return left;
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
