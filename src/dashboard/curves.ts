/** The learning curves of an experiment, as many and as fine as one figure can show. */
import { figureMeasures } from '../figures/searched.ts';
import { thinned } from '../figures/thinned.ts';
import { thinnedReports } from '../findings/thinned-reports.ts';
import type { Report } from '../trial.ts';
import { type Measure, triedBy, valueIn } from '../words/measures.ts';
import type { CurvePoint, CurvesAnswer } from './answers.ts';
import { type Asked, oneOf } from './asked.ts';
import { type Answer, json } from './http-answer.ts';

/** Points of one curve. */
export const mostPoints = 400;
/** Points of a figure, curves in it, and how many of these are the best trials'. */
const most = { points: 6000, curves: 120, best: 40 } as const;

export function curves({ results, run, query }: Asked): Answer {
  const role = oneOf(query, 'role', ['search', 'final'], 'search');
  const ids = results.rankedIds(run.id, role);
  const chosen = sample(ids, most.best, most.curves);
  const pointsEach = Math.min(mostPoints, Math.ceil(most.points / Math.max(1, chosen.length)));
  const first = ids[0] === undefined ? undefined : results.trial(ids[0]);
  const drawn = figureMeasures(triedBy(run));
  return json({
    role,
    total: ids.length,
    curves: chosen.map((trialId) => {
      const { number, params, state } = results.trial(trialId);
      const points = thinnedReports(results, trialId, pointsEach).map((report) => pointOf(drawn, report));
      return { id: trialId, number, state, params, points };
    }),
    winner: first?.state === 'done' ? { number: first.number, bestStep: first.best.step } : null,
  } satisfies CurvesAnswer);
}

/** With as many digits as a screen can show. */
const pointOf = (drawn: readonly Measure[], report: Report): CurvePoint => [
  report.step,
  ...drawn.map((measure) => Number(valueIn(measure, report).toPrecision(6))),
];

/** The first `best` of a list, and an even sample of the others: `size` at most. */
export function sample<Item>(items: readonly Item[], best: number, size: number): Item[] {
  if (items.length <= size) return [...items];
  return [...items.slice(0, best), ...thinned(items.slice(best), size - best)];
}
