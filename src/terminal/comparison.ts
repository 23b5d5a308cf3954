/** Two trials side by side: parameters, metrics with intervals, McNemar's test, and both curves in one chart. */

import {
  type Interval,
  mcnemarTest,
  type PairedTest,
  significance,
  wilsonInterval,
} from '../evidence/statistics.ts';
import { recordedNetwork } from '../experiment/network.ts';
import { evaluationRows } from '../findings/definition.ts';
import { type EpochMetrics, epochOf, type MetricFacts, metricsFrom, type NetworkMetric } from '../metric.ts';
import { type Experiment, networkRun, type Results } from '../store/results.ts';
import type { Trial } from '../trial.ts';
import type { Cell, Column } from '../words/column.ts';
import { evaluationName } from '../words/evaluation-name.ts';
import type { Format } from '../words/formats.ts';
import { likeWinner } from '../words/likeness.ts';
import { cellOf, parametersOf } from '../words/parameters.ts';
import { wrapped } from '../words/text.ts';
import { stateColour, stateText } from '../words/trial-state.ts';
import {
  absent,
  countText,
  lossText,
  percent,
  pSentence,
  quantityText,
  secondsText,
  valueText,
} from '../words/units.ts';
import { chartWidth, type Paper } from './paper.ts';
import { rowsAs } from './rows.ts';
import { textChart } from './text-chart.ts';

interface Side {
  readonly trial: Trial;
  readonly curve: readonly EpochMetrics[];
  /** What it was measured on. */
  readonly rows: number | undefined;
}

export interface Comparison {
  /** What decided. */
  readonly metric: NetworkMetric;
  readonly first: Side;
  readonly second: Side;
  /** Undefined where the two were not measured on the same rows, or one has no result. */
  readonly test: PairedTest | undefined;
}

export function comparisonOf(
  results: Results,
  experiment: Experiment,
  first: Trial,
  second: Trial,
): Comparison {
  const { metric } = networkRun(experiment);
  const definition = recordedNetwork(experiment);
  const sideOf = (trial: Trial): Side => ({
    trial,
    curve: results.reports(trial.id).map((report) => epochOf(metric, report)),
    rows: evaluationRows(definition, trial.role),
  });
  const [one, other] = [results.correct(first.id), results.correct(second.id)];
  const areSameRows = first.role === second.role && one !== undefined && one.length === other?.length;
  return {
    metric,
    first: sideOf(first),
    second: sideOf(second),
    test: areSameRows ? mcnemarTest(one, other) : undefined,
  };
}

/** The comparison as data, or for people with the test in words and, in a table, the curves. */
export function comparisonText(format: Format, comparison: Comparison, paper: Paper): string {
  const { first, second } = comparison;
  const table = rowsAs(format, columnsOf(first.trial, second.trial), quantities(comparison), paper);
  switch (format) {
    case 'json':
    case 'csv':
      return table;
    case 'markdown':
      return [table, '', ...testText(comparison)].join('\n');
    case 'table':
      return [
        table,
        ...testText(comparison).map((line) => wrapped(line, paper.width)),
        '',
        ...chartLines(comparison, chartWidth(paper)),
      ].join('\n');
    default:
      return format satisfies never;
  }
}

const nameOf = ({ role, number }: Trial): string => (role === 'search' ? `trial ${number}` : 'final');

// --- the table --------------------------------------------------------------------------------------------

interface Quantity {
  readonly key: string;
  readonly title: string;
  readonly values: readonly [Cell, Cell];
  readonly text: (value: number) => string;
  /** Both in words, where that is not `text` of a number. */
  readonly written?: readonly [string, string];
  /** The second minus the first, in words; none where the values are not numbers. */
  readonly difference?: (by: number) => string;
}

function columnsOf(first: Trial, second: Trial): Column<Quantity>[] {
  const side = (key: string, trial: Trial, index: 0 | 1): Column<Quantity> => ({
    key,
    title: nameOf(trial),
    // Each line has a unit of its own, so no two values share a place for their point.
    align: 'left',
    value: ({ values }) => values[index],
    text: ({ values, text, written }) => {
      if (written !== undefined) return written[index];
      const value = values[index];
      return typeof value === 'number' ? text(value) : String(value ?? '');
    },
    paint: ({ key: quantity }) => (quantity === 'state' ? stateColour(trial) : undefined),
  });
  return [
    { key: 'quantity', title: '', align: 'left', value: ({ key }) => key, text: ({ title }) => title },
    side('first', first, 0),
    side('second', second, 1),
    {
      key: 'difference',
      title: 'difference',
      align: 'left',
      value: (row) => differenceOf(row),
      text: (row) => {
        const by = differenceOf(row);
        return by === null || by === 0 ? '' : (row.difference?.(by) ?? '');
      },
    },
  ];
}

function differenceOf({ values: [first, second], difference }: Quantity): number | null {
  if (difference === undefined || typeof first !== 'number' || typeof second !== 'number') return null;
  return second - first;
}

const signed = (text: (value: number) => string) => (by: number) =>
  `${by > 0 ? '+' : '-'}${text(Math.abs(by))}`;

function quantities({ metric, first, second }: Comparison): Quantity[] {
  const trials = [first.trial, second.trial] as const;
  const both = <Value>(value: (trial: Trial) => Value) => [value(trials[0]), value(trials[1])] as const;
  const ofEpoch = (which: 'best' | 'last', what: keyof EpochMetrics) =>
    both((trial) => (trial.state === 'done' ? epochOf(metric, trial[which])[what] : null));
  const points = signed((value) => percent(value).replace(' %', ' points'));
  const parameters = parametersOf(trials).map(({ name, title }): Quantity => {
    const inWords = ({ params }: Trial) => {
      const value = params[name];
      return value === undefined ? absent : valueText(value);
    };
    const values = both(({ params }) => cellOf(params[name]));
    return { key: name, title, values, text: String, written: both(inWords) };
  });
  const percentRow = (key: string, title: string, values: readonly [Cell, Cell]): Quantity => ({
    ...{ key, title, values, text: percent, difference: points },
  });
  const lossRow = (key: string, title: string, values: readonly [Cell, Cell]): Quantity => ({
    ...{ key, title, values, text: lossText, difference: signed(lossText) },
  });
  const whole = (key: string, title: string, values: readonly [Cell, Cell]): Quantity => ({
    ...{ key, title, values, text: String, difference: signed(String) },
  });
  const intervals = [intervalOf(metric, first), intervalOf(metric, second)] as const;
  const intervalRow = (end: keyof Interval) => ({
    values: [intervals[0]?.[end] ?? null, intervals[1]?.[end] ?? null] as const,
    text: percent,
  });
  const best: Record<MetricFacts['quantity'], Quantity[]> = {
    accuracy: [
      percentRow('bestAccuracy', 'its accuracy', ofEpoch('best', 'evaluationAccuracy')),
      { ...intervalRow('low'), key: 'bestAccuracyLow', title: '95 % interval, from' },
      { ...intervalRow('high'), key: 'bestAccuracyHigh', title: '95 % interval, to' },
    ],
    loss: [lossRow('bestLoss', 'its loss', ofEpoch('best', 'evaluationLoss'))],
  };
  const last: Record<MetricFacts['quantity'], Quantity> = {
    accuracy: percentRow('lastAccuracy', 'last accuracy', ofEpoch('last', 'evaluationAccuracy')),
    loss: lossRow('lastLoss', 'last loss', ofEpoch('last', 'evaluationLoss')),
  };
  return [
    ...parameters,
    { key: 'replicate', title: 'replicate', values: both(({ replicate }) => replicate), text: String },
    { key: 'state', title: 'state', values: both(stateText), text: String },
    {
      ...{ key: 'rows', title: 'measured on', values: both(({ role }) => evaluationName(role)) },
      text: String,
    },
    whole('bestEpoch', 'best epoch', ofEpoch('best', 'epoch')),
    ...metricsFrom(metric).flatMap(({ quantity }) => best[quantity]),
    percentRow('bestTrainingAccuracy', 'its training accuracy', ofEpoch('best', 'trainingAccuracy')),
    ...metricsFrom(metric).map(({ quantity }) => last[quantity]),
    {
      ...{
        key: 'seconds',
        title: 'time',
        values: both((trial) => ('seconds' in trial ? trial.seconds : null)),
      },
      ...{ text: secondsText, difference: signed(secondsText) },
    },
  ];
}

function intervalOf(metric: NetworkMetric, { trial, rows }: Side): Interval | undefined {
  if (trial.state !== 'done' || rows === undefined) return undefined;
  return wilsonInterval(epochOf(metric, trial.best).evaluationAccuracy, rows);
}

// --- the test and the curves ------------------------------------------------------------------------------

function testText({ first, second, test }: Comparison): string[] {
  if (test === undefined) return ['No paired test: both must be done, in the same phase.'];
  const [one, other] = [nameOf(first.trial), nameOf(second.trial)];
  const { onlyFirst, onlySecond, p } = test;
  const rows = first.rows === undefined ? 'the same rows' : `the same ${countText(first.rows)} rows`;
  const right = (count: number) => `${countText(count)} ${count === 1 ? 'is' : 'are'} right`;
  const verdict =
    p >= significance
      ? `${likeWinner} not distinguishable, chance can explain the difference`
      : 'chance does not explain the difference';
  return [
    `On ${rows}, ${right(onlyFirst)} with ${one} alone and ${right(onlySecond)} with ${other} alone.`,
    `McNemar's ${pSentence(p)}: ${verdict}.`,
  ];
}

function chartLines({ metric, first, second }: Comparison, width: number): string[] {
  const charts = metricsFrom(metric).map(({ quantity, key }) => {
    const curveOf = ({ trial, curve }: Side) => ({
      name: nameOf(trial),
      values: curve.map((row) => row[key]),
    });
    return textChart({
      title: `${evaluationName(first.trial.role)} ${quantity}`,
      solid: curveOf(first),
      dotted: curveOf(second),
      width,
      height: 10,
      format: quantityText[quantity],
    });
  });
  return charts.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}
