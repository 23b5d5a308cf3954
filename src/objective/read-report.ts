/**
 * Reads what an objective reports or returns: numbers in the order of the run's metrics, or what is wrong with it.
 * Pure. Not here: what is kept of it (curve.ts).
 */
import type { Metric } from '../metric.ts';
import { type TrialFault, trialFaults } from './trial-faults.ts';

export type ReadValues =
  | { readonly kind: 'values'; readonly values: readonly number[] }
  /** A number among them is NaN or infinite. */
  | { readonly kind: 'not finite' }
  | { readonly kind: 'fault'; readonly fault: TrialFault };

const fault = (fault: TrialFault): ReadValues => ({ kind: 'fault', fault });

/**
 * The values of a report.
 * @param others whether names that are no metrics are faults: programs print more than they are asked for
 */
export function readValues(
  metrics: readonly Metric[],
  given: unknown,
  others: 'fault' | 'ignored',
): ReadValues {
  const names = metrics.map(({ name }) => name);
  if (typeof given !== 'object' || given === null) return fault(trialFaults.noValues(given, names));
  const held = new Map(Object.entries(given));
  const values: number[] = [];
  for (const name of names) {
    if (!held.has(name)) return fault(trialFaults.missingMetric(name, [...held.keys()]));
    const value: unknown = held.get(name);
    if (typeof value !== 'number') return fault(trialFaults.notANumber(name, value));
    // SQLite and JSON would not keep the sign of zero, and equal values must be equal bytes.
    values.push(value === 0 ? 0 : value);
  }
  const unknown = others === 'fault' ? [...held.keys()].find((name) => !names.includes(name)) : undefined;
  if (unknown !== undefined) return fault(trialFaults.unknownMetric(unknown, names));
  return values.every(Number.isFinite) ? { kind: 'values', values } : { kind: 'not finite' };
}

/** What a function returns: the same, or the number alone where there is one metric. */
export function readReturned(metrics: readonly Metric[], returned: unknown): ReadValues {
  const [only, ...rest] = metrics;
  return typeof returned === 'number' && only !== undefined && rest.length === 0
    ? readValues(metrics, { [only.name]: returned }, 'fault')
    : readValues(metrics, returned, 'fault');
}

/** What is wrong with a step after `last`; undefined where nothing is. */
export const faultOfStep = (step: unknown, last: number): TrialFault | undefined =>
  Number.isSafeInteger(step) && (step as number) > last ? undefined : trialFaults.step(step, last);
