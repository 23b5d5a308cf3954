/** A curve with no more reports than a picture shows. Not here: what is drawn of it. */
import type { Results } from '../store/results.ts';
import type { Report } from '../trial.ts';

/** At most about `most` reports of a trial, evenly spread, with the first, the best and the last. */
export function thinnedReports(
  { trial, reports }: Pick<Results, 'trial' | 'reports'>,
  trialId: number,
  most: number,
): Report[] {
  // Read whole: only so they can be held against their digest.
  const all = reports(trialId);
  const found = trial(trialId);
  const best = 'best' in found ? found.best.step : undefined;
  const every = Math.ceil(all.length / most);
  return all.filter(({ step }, index) => index % every === 0 || step === best || index === all.length - 1);
}
