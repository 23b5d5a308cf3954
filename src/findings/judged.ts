/** By which metrics the trials of a run are judged: one that decides, or several that count alike (search.metrics). */
import { recordedJson } from '../experiment/recorded.ts';
import type { Experiment } from '../store/results.ts';
import { deciding, type Measure, type Tried } from '../words/measures.ts';

/** At least one; in the order of the run's metrics. */
export function judgedBy(run: Pick<Experiment, 'id' | 'definition'>, tried: Tried): readonly Measure[] {
  if (tried.kind === 'network') return [deciding(tried)];
  const { search } = recordedJson(run) as { search?: { metrics?: unknown } };
  const names: readonly unknown[] = Array.isArray(search?.metrics) ? search.metrics : [];
  const judged = tried.measures.filter(({ key, goal }) => goal !== 'none' && names.includes(key));
  return judged.length > 1 ? judged : [deciding(tried)];
}
