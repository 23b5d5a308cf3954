/**
 * The leaderboard's columns.
 * Not here: the order of trials, which its caller decides, and how a table is drawn (terminal/rows.ts).
 */

import type { Interval } from '../evidence/statistics.ts';
import {
  type EpochMetrics,
  epochOf,
  type MetricFacts,
  metricFacts,
  metricsFrom,
  type NetworkMetric,
} from '../metric.ts';
import type { Role, Trial } from '../trial.ts';
import type { Column } from '../words/column.ts';
import { evaluationName } from '../words/evaluation-name.ts';
import { likenessText } from '../words/likeness.ts';
import { parameterColumns } from '../words/parameters.ts';
import { sparkline } from '../words/sparkline.ts';
import { intervalText, lossText, percent, quantityText, secondsText } from '../words/units.ts';

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
