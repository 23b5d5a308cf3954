/** Parallel coordinates: a line a trial through its parameters and its results. */
import type { EChartsOption } from 'echarts';
import { epochOf, type MetricFacts, metricsFrom, type NetworkMetric } from '../metric.ts';
import type { DoneTrial } from '../trial.ts';
import { extent } from '../words/extent.ts';
import { Groups, isChoice, labelsOf, parametersOf, placeIn, spansDecades } from '../words/parameters.ts';
import { countText } from '../words/units.ts';
import { type Figure, isNarrow, type Look, plain } from './figure.ts';

interface Axis {
  readonly title: string;
  readonly short: string;
  readonly value: (trial: DoneTrial) => number;
  /** The values in words where they stand evenly spaced; then a trial's value is its place among them. */
  readonly choices?: readonly string[];
  readonly isLogarithmic?: boolean;
  /** Whether small values stand above large ones. */
  readonly isInverse?: boolean;
}

/** The trials, best first, of which `most` are drawn; undefined where there are none. */
export function parallelFigure(
  done: readonly DoneTrial[],
  metric: NetworkMetric,
  most = 400,
): Figure | undefined {
  const [winner] = done;
  if (winner === undefined) return undefined;
  const step = Math.max(1, done.length / most);
  const drawn = Array.from(
    { length: Math.min(most, done.length) },
    (_, i) => done[Math.floor(i * step)] as DoneTrial,
  );
  const fewer =
    drawn.length < done.length
      ? `; ${countText(drawn.length)} of ${countText(done.length)} trials are drawn`
      : '';
  return {
    name: 'parallel-coordinates',
    title: 'Parallel coordinates',
    subtitle: `every trial as a line through its parameters and validation results; trial ${winner.number}, the winner, is the broad one${fewer}`,
    height: (width) => Math.round(Math.min(380, 180 + width * 0.25)),
    option: (look) => parallelOption(drawn, metric, look),
    tips: [],
  };
}

function axesOf(done: readonly DoneTrial[], metric: NetworkMetric): Axis[] {
  const parameters = parametersOf(done).map((parameter): Axis => {
    const { name, title, values } = parameter;
    const common = { title, short: title.replace('learning rate', 'rate').replace('batch size', 'batch') };
    if (isChoice(parameter)) {
      const value = (trial: DoneTrial) => placeIn(parameter, trial) ?? values.length;
      return { ...common, value, choices: labelsOf(parameter) };
    }
    const value = ({ params }: DoneTrial) => params[name] as number;
    return { ...common, value, isLogarithmic: spansDecades(parameter) };
  });
  return [
    ...parameters,
    { title: 'best epoch', short: 'epoch', value: ({ best }) => best.step },
    { title: 'time (s)', short: 'time (s)', value: ({ seconds }) => seconds },
    // What decides is the last, and its best end is the upper one.
    ...metricsFrom(metric)
      .toReversed()
      .map((facts) => ({
        ...resultAxis(metric, facts),
        isInverse: facts.metric === metric && facts.goal === 'minimise',
      })),
  ];
}

function resultAxis(metric: NetworkMetric, { quantity, key }: MetricFacts): Axis {
  const value = ({ best }: DoneTrial) => epochOf(metric, best)[key];
  return quantity === 'loss'
    ? { title: 'loss', short: 'loss', value }
    : { title: 'accuracy (%)', short: 'acc. (%)', value: (trial) => 100 * value(trial) };
}

function parallelOption(done: readonly DoneTrial[], metric: NetworkMetric, look: Look): EChartsOption {
  const { theme } = look;
  const axes = axesOf(done, metric);
  const groups = new Groups(parametersOf(done));
  const style = (trial: DoneTrial, index: number) => {
    if (index === 0) return { color: theme.ink, width: 3, opacity: 1 };
    const color = theme.series[groups.indexOf(trial) ?? -1] ?? theme.soft;
    return { color, width: 1.4, opacity: done.length > 60 ? 0.4 : 0.8 };
  };
  const lines = done.map((trial, index) => ({
    value: axes.map(({ value }) => value(trial)),
    lineStyle: style(trial, index),
  }));
  return {
    ...plain(theme),
    parallel: {
      left: isNarrow(look) ? 34 : 60,
      right: isNarrow(look) ? 34 : 72,
      top: 40,
      bottom: 30,
    },
    parallelAxis: axes.map((axis, dim) => ({
      dim,
      name: isNarrow(look) ? axis.short : axis.title,
      nameTextStyle: { color: theme.ink, fontSize: isNarrow(look) ? 11 : 13 },
      nameGap: 16,
      ...scaleOf(axis, done),
      inverse: axis.isInverse === true,
      axisLine: { lineStyle: { color: theme.soft, width: 1 } },
      axisTick: { show: axis.choices === undefined, lineStyle: { color: theme.soft } },
      axisLabel: {
        color: theme.ink,
        fontSize: isNarrow(look) ? 10 : 12,
        textBorderColor: theme.paper,
        textBorderWidth: 3,
      },
    })),
    // The winner last, on top of all others.
    series: [{ type: 'parallel', silent: true, data: lines.reverse() }],
  } as EChartsOption;
}

function scaleOf({ choices, isLogarithmic, value }: Axis, done: readonly DoneTrial[]) {
  if (choices !== undefined) return { type: 'category' as const, data: [...choices] };
  const [low, high] = extent(done.map(value));
  if (isLogarithmic) return { type: 'log' as const, min: low, max: high };
  if (low === high) return { type: 'value' as const, min: low - 1, max: high + 1 };
  return { type: 'value' as const, scale: true };
}
