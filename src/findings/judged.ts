/** By which metrics the trials of a run are judged: one that decides, or several that count alike (search.metrics). */
import { recordedJson } from '../experiment/recorded.ts';
import type { Experiment } from '../store/results.ts';
import { deciding, type Measure, type Tried } from '../words/measures.ts';

/** At least one; in the order of the run's metrics. */
export function judgedBy(run: Pick<Experiment, 'id' | 'definition'>, tried: Tried): readonly Measure[] {
  if (tried.kind === 'network') return [deciding(tried)];
  const { search } = recordedJson(run) as { search?: { metrics?: unknown } };
  return judgedAmong(tried, search?.metrics);
}

/** The same by the names that a definition gives. @param given search.metrics */
export function judgedAmong(tried: Tried, given: unknown): readonly Measure[] {
  const names: readonly unknown[] = Array.isArray(given) ? given : [];
  const judged = tried.measures.filter(({ key, goal }) => goal !== 'none' && names.includes(key));
  return judged.length > 1 ? judged : [deciding(tried)];
}

/** What makes the first of several metrics' front the one that is called the winner; empty where one metric decides. */
export const winsBy = ([first, ...others]: readonly Measure[]): string =>
  first === undefined || others.length === 0 ? '' : ` (best ${first.title} of the Pareto front)`;
