/**
 * Whether chance can explain how two models of numbers differ, on the rows that measured both: worked out anew, because a run records
 * how far off a model is but not row by row.
 * Not here: the test (evidence/regression.ts), and those that tell classes, whose right rows are recorded (standings.ts).
 */
import { type ErrorTest, fewestRows, squaredErrorTest } from '../evidence/regression.ts';
import { recordedNetwork } from '../experiment/network.ts';
import { foldsOf } from '../experiment/replicates.ts';
import { isClassMetric } from '../metric.ts';
import { type Experiment, isNetworkRun } from '../store/results.ts';
import type { Trial } from '../trial.ts';
import { type PredictionsSource, trialNumbers } from './trial-predictions.ts';

/** A test a target, or why there is none, a sentence. */
export type ErrorTests = readonly (ErrorTest & { readonly target: string })[] | { readonly reason: string };

/** Why there is none of two trials that have nothing in common. */
export const apart =
  'both must be done and measured on the same rows (both final, or of one fold of the search).';

/** Whether two trials are measured on the same rows. */
export const areMeasuredAlike = (
  definition: Parameters<typeof foldsOf>[0] | undefined,
  first: Trial,
  second: Trial,
): boolean =>
  first.role === second.role &&
  (first.replicate - second.replicate) % (definition === undefined ? 1 : foldsOf(definition)) === 0;

/** Undefined for runs of anything but networks that learn numbers. */
export async function errorTestsOf(
  source: PredictionsSource,
  run: Experiment,
  first: Trial,
  second: Trial,
): Promise<ErrorTests | undefined> {
  if (!isNetworkRun(run) || isClassMetric(run.metric)) return undefined;
  const definition = recordedNetwork(run);
  if (!areMeasuredAlike(definition, first, second)) return { reason: apart };
  const [one, other] = [
    await trialNumbers(source, run, definition, first),
    await trialNumbers(source, run, definition, second),
  ];
  if (one === undefined || other === undefined) return { reason: apart };
  if ('reason' in one) return one;
  if ('reason' in other) return other;
  const tests = one.flatMap(({ name, errors }, at) => {
    const residuals = other[at]?.errors.residuals;
    const test = residuals && squaredErrorTest(errors.residuals, residuals);
    return test === undefined ? [] : [{ ...test, target: name }];
  });
  return tests.length > 0 ? tests : { reason: `fewer than ${fewestRows} rows say too little.` };
}
