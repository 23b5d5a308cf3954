/**
 * The leaderboard's columns.
 * Not here: the order of trials, which its caller decides, and how a table is drawn (rows.ts).
 */
import {
  type EpochMetrics,
  epochOf,
  type MetricFacts,
  metricFacts,
  metricsFrom,
  type NetworkMetric,
} from '../metric.ts';
import type { Role, Trial } from '../trial.ts';
import { areReplicated, combinationColumns } from './combinations.ts';
import { evaluationName } from './evaluation-name.ts';
import type { Format } from './formats.ts';
import { likenessText, likeWinner, markExplained } from './likeness.ts';
import type { Paper } from './paper.ts';
import { parameterColumns } from './parameters.ts';
import { type Column, rowsAs } from './rows.ts';
import type { Standings } from './standings.ts';
import type { Interval } from './statistics.ts';
import { wrapped } from './text.ts';
import { sparkline } from './text-chart.ts';
import { intervalText, lossText, percent, quantityText, secondsText } from './units.ts';

/**
 * Trials, best first, as a leaderboard; ranks count the done ones.
 *
 * ```ts
 * console.log(leaderboardAs('markdown', trials));
 * ```
 */
export function leaderboardAs(
  format: Format,
  trials: readonly Trial[],
  metric: NetworkMetric = 'validationAccuracy',
): string {
  return standingsAs(format, { metric, trials: leaderboardRows(trials), combinations: [] });
}

export interface LeaderboardOptions {
  /** A row a trial, also where combinations have several. */
  readonly replicates?: boolean;
}

/**
 * The same with what is known beside the trials: a row a combination where those have replicates. People are told what the
 * mark in it means.
 */
export function standingsAs(
  format: Format,
  { metric, trials, combinations }: Standings,
  paper?: Paper,
  { replicates = false }: LeaderboardOptions = {},
): string {
  const isByCombination = !replicates && areReplicated(combinations);
  const table = isByCombination
    ? rowsAs(format, combinationColumns(metric, combinations), combinations, paper)
    : rowsAs(format, leaderboardColumns(metric, trials), trials, paper);
  // Its column may be left out of a table that is too wide.
  const isMarked = table.includes(likeWinner);
  const explained = isMarked && (format === 'table' || format === 'markdown');
  const blank = format === 'markdown' ? '\n' : '';
  return explained
    ? `${table}\n${blank}${wrapped(markExplained, paper?.width ?? Number.POSITIVE_INFINITY)}`
    : table;
}

/** A trial with its place among the done ones; null for a trial that has no result. */
export interface LeaderboardRow {
  readonly rank: number | null;
  readonly trial: Trial;
  /** 95 % interval of the validation accuracy. */
  readonly interval?: Interval | undefined;
  /** McNemar's test against the winner, corrected for how many there are; none for the winner itself. */
  readonly p?: number | undefined;
  /** The metric that decides, epoch by epoch, as high as it is drawn. */
  readonly curve?: readonly number[] | undefined;
  /** The lowest and the highest of all rows' values. */
  readonly curveScale?: readonly [low: number, high: number] | undefined;
}

export function leaderboardRows(trials: readonly Trial[]): LeaderboardRow[] {
  let rank = 0;
  return trials.map((trial) => ({ rank: trial.state === 'done' ? ++rank : null, trial }));
}

/** A column that only data formats have. */
const data = (key: string, value: (trial: Trial) => string | number | null): Column<LeaderboardRow> => ({
  key,
  title: key,
  align: 'left',
  value: ({ trial }) => value(trial),
  visible: () => false,
});

/** A column of numbers about every trial. */
const number = (
  key: string,
  title: string,
  value: (trial: Trial) => number | null,
  text: (value: number) => string = String,
): Column<LeaderboardRow> => ({
  key,
  title,
  align: 'right',
  value: ({ trial }) => value(trial),
  text: ({ trial }) => {
    const given = value(trial);
    return given === null ? '' : text(given);
  },
});

/** A number of a trial's report, of which `metric` says what it holds. */
const ofReport =
  (metric: NetworkMetric, which: 'best' | 'last') => (what: keyof EpochMetrics) => (trial: Trial) =>
    trial.state === 'done' || trial.state === 'pruned' ? epochOf(metric, trial[which])[what] : null;

/** A metric at the best epoch; the one that decides is never left out, and the winner's is green. */
function metricColumn(
  { metric, key, title, quantity }: MetricFacts,
  deciding: NetworkMetric,
): Column<LeaderboardRow> {
  const decides = metric === deciding;
  const column = number(metric, title, ofReport(deciding, 'best')(key), quantityText[quantity]);
  if (!decides) return { ...column, importance: quantity === 'accuracy' ? 8 : 5 };
  return { ...column, paint: ({ rank }) => (rank === 1 ? 'green' : undefined) };
}

/** How sure the accuracy is, which stands to the left of it. */
const intervalColumns: readonly Column<LeaderboardRow>[] = [
  {
    key: 'intervalLow',
    title: '95 % interval',
    align: 'right',
    importance: 6,
    value: ({ interval }) => interval?.low ?? null,
    text: ({ interval }) => (interval === undefined ? '' : intervalText(interval)),
    visible: (rows) => rows.some(({ interval }) => interval !== undefined),
  },
  {
    key: 'intervalHigh',
    title: 'interval high',
    align: 'right',
    value: ({ interval }) => interval?.high ?? null,
    visible: () => false,
  },
  {
    key: 'pAgainstWinner',
    title: 'p against winner',
    align: 'right',
    importance: 7,
    value: ({ p }) => p ?? null,
    text: ({ p }) => likenessText(p),
    visible: (rows) => rows.some(({ p }) => p !== undefined),
  },
];

/** Both metrics, the one that decides first, the accuracy with its evidence. */
const measuredColumns = (metric: NetworkMetric): Column<LeaderboardRow>[] =>
  metricsFrom(metric).flatMap((facts) => [
    metricColumn(facts, metric),
    ...(facts.quantity === 'accuracy' ? intervalColumns : []),
  ]);

export function leaderboardColumns(
  metric: NetworkMetric,
  rows: readonly LeaderboardRow[],
): readonly Column<LeaderboardRow>[] {
  const [ofBest, ofLast] = [ofReport(metric, 'best'), ofReport(metric, 'last')];
  return [
    { key: 'rank', title: 'rank', align: 'right', value: ({ rank }) => rank },
    number('trial', 'trial', (trial) => trial.number),
    ...parameterColumns(rows, ({ trial }) => trial.params),
    {
      ...number('replicate', 'replicate', (trial) => trial.replicate),
      visible: (rows) => rows.some(({ trial }) => trial.replicate > 0),
    },
    { ...number('bestEpoch', 'best epoch', ofBest('epoch')), importance: 4 },
    ...measuredColumns(metric),
    {
      ...number('trainingAccuracy', 'training accuracy', ofBest('trainingAccuracy'), percent),
      importance: 2,
    },
    data('trainingLoss', ofBest('trainingLoss')),
    data('lastValidationAccuracy', ofLast('evaluationAccuracy')),
    data('lastValidationLoss', ofLast('evaluationLoss')),
    data('lastTrainingAccuracy', ofLast('trainingAccuracy')),
    data('lastTrainingLoss', ofLast('trainingLoss')),
    {
      ...number('seconds', 'time', (trial) => ('seconds' in trial ? trial.seconds : null), secondsText),
      importance: 3,
    },
    {
      key: 'state',
      title: 'state',
      align: 'left',
      value: ({ trial }) => trial.state,
      text: ({ trial }) => stateText(trial),
      // That all are done is no news.
      visible: (rows) => rows.some(({ trial }) => trial.state !== 'done'),
      paint: ({ trial }) => stateColour(trial),
    },
    {
      key: 'curve',
      title: metric === 'validationAccuracy' ? 'curve' : `${metricFacts[metric].quantity} curve`,
      align: 'left',
      importance: 1,
      forPeople: true,
      value: () => null,
      text: ({ curve, curveScale }) => sparkline(curve ?? [], 12, curveScale),
      visible: (rows) => rows.some(({ curve }) => curve !== undefined),
    },
    data('divergedEpoch', (trial) => (trial.state === 'diverged' ? trial.step : null)),
    data('errorCode', (trial) => (trial.state === 'failed' ? trial.code : null)),
    data('error', (trial) => (trial.state === 'failed' ? trial.reason : null)),
    data('attempts', (trial) => trial.attempts),
    data('weightsSha256', (trial) => ('artifacts' in trial ? (trial.artifacts.best ?? null) : null)),
    data('lastWeightsSha256', (trial) => ('artifacts' in trial ? (trial.artifacts.last ?? null) : null)),
  ];
}

/** A trial's state in words: `done`, `diverged at epoch 7`, `failed: out of memory`. */
export function stateText(trial: Trial): string {
  switch (trial.state) {
    case 'diverged':
      return `diverged at epoch ${trial.step}`;
    case 'failed':
      return `failed: ${trial.reason}`;
    case 'pruned':
      return `pruned at step ${trial.last.step}`;
    case 'done':
    case 'waiting':
    case 'running':
    case 'paused':
    case 'stopped':
      return trial.state;
    default:
      return trial satisfies never;
  }
}

/** Colours for what a person should not overlook. */
export const stateColour = ({ state }: Pick<Trial, 'state'>): 'red' | 'yellow' | undefined =>
  state === 'failed' ? 'red' : state === 'diverged' ? 'yellow' : undefined;

/** The columns of one trial's curve, epoch by epoch. */
export function epochColumns(role: Role): Column<EpochMetrics>[] {
  const name = evaluationName(role);
  const column = (
    key: string,
    title: string,
    metric: keyof EpochMetrics,
    text: (value: number) => string,
  ): Column<EpochMetrics> => ({
    key,
    title,
    align: 'right',
    value: (row) => row[metric],
    text: (row) => text(row[metric]),
  });
  return [
    column('epoch', 'epoch', 'epoch', String),
    column('trainingLoss', 'training loss', 'trainingLoss', lossText),
    column('trainingAccuracy', 'training accuracy', 'trainingAccuracy', percent),
    column(`${name}Loss`, `${name} loss`, 'evaluationLoss', lossText),
    column(`${name}Accuracy`, `${name} accuracy`, 'evaluationAccuracy', percent),
  ];
}
