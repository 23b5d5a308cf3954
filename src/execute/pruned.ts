/** How a trial ends that is pruned: with what it has reported so far. Not here: who is pruned. */
import type { Metric } from '../metric.ts';
import { Curve } from '../objective/curve.ts';
import type { Report, Span, TrialOutcome } from '../trial.ts';
import type { RankedBy } from './underway.ts';

/** What is known of a trial that was set aside, or has just stopped. */
export interface Left {
  readonly reports: readonly Report[];
  readonly spans: readonly Span[];
  readonly seconds: number;
}

/** Undefined for a trial without reports: it has nothing to be pruned with. */
export function prunedWith(
  metrics: readonly Metric[],
  { reports, spans, seconds }: Left,
  rankedBy: RankedBy = 'best',
): Extract<TrialOutcome, { state: 'pruned' }> | undefined {
  const { best, last } = new Curve(metrics, reports);
  if (best === undefined || last === undefined) return undefined;
  const ranked = rankedBy === 'best' ? best : last;
  return { state: 'pruned', result: { reports, best: ranked, last, artifacts: [], spans, seconds } };
}
