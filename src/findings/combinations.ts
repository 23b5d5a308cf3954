/**
 * The columns of a leaderboard with replicates: a row a combination, judged by the mean of its replicates.
 * Not here: a row a trial (leaderboard.ts), the order, which the store decides.
 */
import type { Combination, Spread } from '../store/ranking.ts';
import type { DoneTrial } from '../trial.ts';
import type { Column } from '../words/column.ts';
import { likenessText } from '../words/likeness.ts';
import { deciding, type Measure, measureText, type Tried, valueIn } from '../words/measures.ts';
import { parameterColumns } from '../words/parameters.ts';
import { timeText } from '../words/units.ts';
import { frontColumns, type Placed, rankColumn } from './places.ts';

export interface CombinationRow extends Combination, Placed {
  readonly rank: number | null;
  /** The best replicate; undefined where none is done. */
  readonly model: DoneTrial | undefined;
  /** McNemar's test of the best replicate's model against the winner's; none for the winner itself. */
  readonly p?: number | undefined;
}

/** Whether a combination was trained more than once. */
export const areReplicated = (combinations: readonly Pick<Combination, 'replicates'>[]): boolean =>
  combinations.some(({ replicates }) => replicates > 1);

/** All replicates of the winner's parameters; undefined where nothing is trained more than once. */
export const winnersReplicates = (combinations: readonly Combination[]): Combination | undefined =>
  areReplicated(combinations) ? combinations.find(({ rank }) => rank === 1) : undefined;

/** `3`, or `2 of 3` where one has no result. */
export const replicatesText = ({ done, replicates }: Pick<Combination, 'done' | 'replicates'>): string =>
  done === replicates ? String(done) : `${done} of ${replicates}`;

/** `mean validation accuracy 91.10 %, standard deviation 0.21 %, 3 replicates`. */
export function spreadText(tried: Tried, combination: Combination): string {
  const measure = deciding(tried);
  const { mean, deviation } = spreadOf(measure, combination) ?? { mean: Number.NaN, deviation: null };
  const parts = [
    `mean ${measure.title} ${measureText(measure, mean)}`,
    ...(deviation === null ? [] : [`standard deviation ${measureText(measure, deviation)}`]),
    `${replicatesText(combination)} ${tried.replicateName}s`,
  ];
  return parts.join(', ');
}

/** Of one metric over the replicates; undefined where none is done. */
export const spreadOf = ({ place }: Measure, { spreads }: Pick<Combination, 'spreads'>): Spread | undefined =>
  spreads[place];

/** How important the columns of a measure are; those without a number are never left out. */
interface Weights {
  readonly mean?: number;
  readonly deviation?: number;
}

/** The mean over the replicates and their standard deviation. */
function spreadColumns(measure: Measure, weights: Weights): Column<CombinationRow>[] {
  const { key, title } = measure;
  const shown = (value: number | null) => (value === null ? '' : measureText(measure, value));
  const mean = (row: CombinationRow) => spreadOf(measure, row)?.mean ?? null;
  const deviation = (row: CombinationRow) => spreadOf(measure, row)?.deviation ?? null;
  const weight = (importance: number | undefined) => (importance === undefined ? {} : { importance });
  return [
    {
      ...{ key: `${key}Mean`, title: `mean ${title}`, align: 'right', ...weight(weights.mean) },
      ...{ value: mean, text: (row) => shown(mean(row)) },
      paint: ({ rank, front }) => ((front ?? rank) === 1 && weights.mean === undefined ? 'green' : undefined),
    },
    {
      ...{
        key: `${key}Deviation`,
        title: 'standard deviation',
        align: 'right',
        ...weight(weights.deviation),
      },
      ...{ value: deviation, text: (row) => shown(deviation(row)) },
    },
  ];
}

export function combinationColumns(tried: Tried, rows: readonly CombinationRow[]): Column<CombinationRow>[] {
  const first = deciding(tried);
  // What a network does on its training rows says little of which is better.
  const others = tried.measures.slice(1, tried.kind === 'network' ? 2 : undefined);
  const hasFronts = rows.some(({ front }) => front !== undefined);
  const weightsOf = ({ goal }: Measure): Weights =>
    hasFronts && goal !== 'none' ? { deviation: 2 } : { mean: 2, deviation: 2 };
  return [
    rankColumn,
    ...frontColumns(rows),
    ...parameterColumns(rows, ({ params }) => params),
    ...spreadColumns(first, hasFronts ? { deviation: 2 } : {}),
    {
      ...{ key: 'replicates', align: 'right', importance: 6 },
      title: `${tried.replicateName}s`,
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
      ...{ key: `${first.key}OfBest`, title: `its ${first.title}`, align: 'right', importance: 3 },
      value: ({ model }) => (model === undefined ? null : valueIn(first, model.best)),
      text: ({ model }) => (model === undefined ? '' : measureText(first, valueIn(first, model.best))),
    },
    ...others.flatMap((measure) => spreadColumns(measure, weightsOf(measure))),
    {
      ...{ key: 'seconds', title: 'time', align: 'right', importance: 1 },
      value: ({ seconds }) => seconds,
      text: ({ seconds }) => timeText(seconds),
      visible: (rows) => rows.some(({ seconds }) => seconds > 0),
    },
  ];
}
