/**
 * The columns of a leaderboard with replicates: a row a combination, judged by the mean of its replicates.
 * Not here: a row a trial (leaderboard.ts), the order, which the store decides.
 */
import { decisive, type MetricFacts, metricFacts, metricsFrom, type NetworkMetric } from '../metric.ts';
import type { Combination } from '../store/ranking.ts';
import type { DoneTrial } from '../trial.ts';
import type { Column } from '../words/column.ts';
import { likenessText } from '../words/likeness.ts';
import { parameterColumns } from '../words/parameters.ts';
import { quantityText, secondsText } from '../words/units.ts';

export interface CombinationRow extends Combination {
  /** The best replicate; undefined where none is done. */
  readonly model: DoneTrial | undefined;
  /** McNemar's test of the best replicate's model against the winner's; none for the winner itself. */
  readonly p?: number | undefined;
}

/** Whether a combination was trained more than once. */
export const areReplicated = (combinations: readonly Pick<Combination, 'replicates'>[]): boolean =>
  combinations.some(({ replicates }) => replicates > 1);

/** `3`, or `2 of 3` where one has no result. */
export const replicatesText = ({ done, replicates }: Pick<Combination, 'done' | 'replicates'>): string =>
  done === replicates ? String(done) : `${done} of ${replicates}`;

/** `mean validation accuracy 91.10 %, standard deviation 0.21 %, 3 replicates`. */
export function spreadText(metric: NetworkMetric, combination: Combination): string {
  const { quantity, title } = metricFacts[metric];
  const { mean, deviation } = combination[quantity] ?? { mean: Number.NaN, deviation: null };
  const text = quantityText[quantity];
  const parts = [
    `mean ${title} ${text(mean)}`,
    ...(deviation === null ? [] : [`standard deviation ${text(deviation)}`]),
    `${replicatesText(combination)} replicates`,
  ];
  return parts.join(', ');
}

/** The mean over the replicates and their standard deviation. */
function spreadColumns(
  { metric, quantity, title }: MetricFacts,
  importance: number | undefined,
): Column<CombinationRow>[] {
  const text = quantityText[quantity];
  const shown = (value: number | null) => (value === null ? '' : text(value));
  const mean = (row: CombinationRow) => row[quantity]?.mean ?? null;
  const deviation = (row: CombinationRow) => row[quantity]?.deviation ?? null;
  const common = { align: 'right', ...(importance === undefined ? {} : { importance }) } as const;
  return [
    {
      ...{ ...common, key: `${metric}Mean`, title: `mean ${title}` },
      ...{ value: mean, text: (row) => shown(mean(row)) },
      paint: ({ rank }) => (rank === 1 && importance === undefined ? 'green' : undefined),
    },
    {
      ...{ ...common, key: `${metric}Deviation`, title: 'standard deviation' },
      ...{ value: deviation, text: (row) => shown(deviation(row)) },
    },
  ];
}

export function combinationColumns(
  metric: NetworkMetric,
  rows: readonly CombinationRow[],
): Column<CombinationRow>[] {
  const [first, second] = metricsFrom(metric);
  const best = metricFacts[metric];
  return [
    { key: 'rank', title: 'rank', align: 'right', value: ({ rank }) => rank },
    ...parameterColumns(rows, ({ params }) => params),
    ...spreadColumns(first, undefined),
    {
      ...{ key: 'replicates', title: 'replicates', align: 'right', importance: 6 },
      value: ({ replicates }) => replicates,
      text: replicatesText,
    },
    { key: 'done', title: 'done', align: 'right', value: ({ done }) => done, visible: () => false },
    {
      ...{ key: 'pAgainstWinner', title: 'p against winner', align: 'right', importance: 5 },
      value: ({ p }) => p ?? null,
      text: ({ p }) => likenessText(p),
      visible: (rows) => rows.some(({ p }) => p !== undefined),
    },
    {
      ...{ key: 'bestTrial', title: 'best trial', align: 'right', importance: 4 },
      value: ({ best: number }) => number,
    },
    {
      ...{ key: `${metric}OfBest`, title: `its ${best.title}`, align: 'right', importance: 3 },
      value: ({ model }) => (model === undefined ? null : decisive(model.best)),
      text: ({ model }) => (model === undefined ? '' : quantityText[best.quantity](decisive(model.best))),
    },
    ...spreadColumns(second, 2),
    {
      ...{ key: 'seconds', title: 'time', align: 'right', importance: 1 },
      value: ({ seconds }) => seconds,
      text: ({ seconds }) => secondsText(seconds),
    },
  ];
}
