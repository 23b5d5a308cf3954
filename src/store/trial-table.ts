/**
 * The trials of any run as a table: a column a parameter, and a column a metric, by their names.
 * Not here: how a value is written, and which columns are left out where there is no room.
 */
import type { Metric } from '../metric.ts';
import type { Trial, Value } from '../trial.ts';

export interface TrialTable {
  readonly columns: readonly string[];
  /** Null where a trial has no such value. */
  readonly rows: readonly (readonly (Value | null)[])[];
}

/** @param trials in the order of the rows: those of the search by their rank, then the final ones */
export function trialTable(metrics: readonly Metric[], trials: readonly Trial[]): TrialTable {
  const parameters = [...new Set(trials.flatMap(({ params }) => Object.keys(params)))];
  const before = ['trial', 'role', 'rank', 'replicate', 'state'];
  const fixed = [...before, 'step', 'seconds'];
  const tried = parameters.map((name) => (fixed.includes(name) ? `${name} (parameter)` : name));
  const taken = new Set([...fixed, ...tried]);
  const measured = metrics.map(({ name }) => (taken.has(name) ? `${name} (measured)` : name));
  const rows = trials.map((trial, index) => {
    const { number, role, replicate, state, params } = trial;
    const best = 'best' in trial ? trial.best : undefined;
    return [
      ...[number, role, role === 'search' && best !== undefined ? index + 1 : null, replicate, state],
      ...parameters.map((name) => params[name] ?? null),
      ...[best?.step ?? null, ...metrics.map((_, position) => best?.values[position] ?? null)],
      'seconds' in trial ? trial.seconds : null,
    ];
  });
  return { columns: [...before, ...tried, 'step', ...measured, 'seconds'], rows };
}
