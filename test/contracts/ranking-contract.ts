/**
 * The rule of ranking as plain TypeScript, and the contract that a store's ranking keeps it.
 * Not here: SQL; the one implementation is store/views.sql.
 */
import type { Test } from 'tap';
import { comparedBy, type NetworkMetric, networkMetrics } from '../../src/metric.ts';
import type { Combination, Ranking, Spread } from '../../src/store/ranking.ts';
import type { DoneTrial, Report, Trial } from '../../src/trial.ts';

/** Means of equal parameters decide; those that lack a replicate stand behind; then the trial's own best epoch. */
export function rankedByRule(trials: readonly Trial[], metric: NetworkMetric): Trial[] {
  const places = combinationsByRule(trials, metric).map(({ params }) => JSON.stringify(params));
  const placeOf = ({ params }: Trial) => places.indexOf(JSON.stringify(params));
  return trials.toSorted((a, b) => {
    if (a.state !== 'done' || b.state !== 'done')
      return Number(b.state === 'done') - Number(a.state === 'done') || a.number - b.number;
    return (
      placeOf(a) - placeOf(b) || comparedBy(networkMetrics(metric), a.best, b.best) || a.number - b.number
    );
  });
}

export function combinationsByRule(trials: readonly Trial[], metric: NetworkMetric): Combination[] {
  const inOrder = trials.toSorted((a, b) => a.number - b.number);
  const groups = [...Map.groupBy(inOrder, ({ params }) => JSON.stringify(params)).values()];
  const combinations = groups.map((group) => {
    const done = group.filter((trial): trial is DoneTrial => trial.state === 'done');
    const [best] = done.toSorted(
      (a, b) => comparedBy(networkMetrics(metric), a.best, b.best) || a.number - b.number,
    );
    return {
      params: (group[0] as Trial).params,
      replicates: group.length + lastReplicate(trials) - lastReplicate(group),
      done: done.length,
      spreads: done.length === 0 ? [] : networkMetrics(metric).map((_, place) => spreadOf(done, place)),
      best: best?.number ?? null,
      seconds: group.reduce((sum, trial) => sum + ('seconds' in trial ? trial.seconds : 0), 0),
    };
  });
  const ranked = combinations.toSorted((a, b) => {
    if (a.done === 0 || b.done === 0) return Number(a.done === 0) - Number(b.done === 0);
    const lacks = (combination: typeof a) => Number(combination.done < combination.replicates);
    return lacks(a) - lacks(b) || comparedBy(networkMetrics(metric), meansOf(a), meansOf(b));
  });
  return ranked.map((combination, index) => ({
    rank: combination.done === 0 ? null : index + 1,
    ...combination,
  }));
}

const lastReplicate = (trials: readonly Trial[]) => Math.max(...trials.map(({ replicate }) => replicate));

/** Sorting is stable, so of equals the one that was listed first stays first. */
const meansOf = ({ spreads }: Pick<Combination, 'spreads'>): Report => ({
  step: 1,
  values: spreads.map(({ mean }) => mean),
});

function spreadOf(done: readonly DoneTrial[], place: number): Spread {
  const values = done.map(({ best }) => best.values[place] ?? Number.NaN);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length === 1 ? null : Math.sqrt(squares / (values.length - 1)) };
}

/** Holds every answer of a ranking to the rule. @param trials of phase 1 */
export function rankingContract(
  t: Test,
  ranking: Ranking,
  experimentId: number,
  trials: readonly Trial[],
  metric: NetworkMetric,
): void {
  const wanted = rankedByRule(trials, metric);
  const numbers = (some: readonly Trial[]) => some.map(({ number }) => number);
  t.strictSame(numbers(ranking.ranked(experimentId)), numbers(wanted));
  t.strictSame(ranking.winner(experimentId), wanted[0]?.state === 'done' ? wanted[0] : undefined);
  t.strictSame(
    ranking.combinations(experimentId).map(rounded),
    combinationsByRule(trials, metric).map(rounded),
  );
}

/** SQLite adds with more digits than a double has. */
function rounded(combination: Combination): Combination {
  const spreads = combination.spreads.map((spread) => ({
    mean: Number(spread.mean.toPrecision(12)),
    deviation: spread.deviation && Number(spread.deviation.toPrecision(12)),
  }));
  return { ...combination, spreads };
}
