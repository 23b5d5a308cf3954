/**
 * Accuracy and loss over epochs: the best trials in colour and named, those that run in the accent colour, others quiet.
 * Not here: fetching, and the figures for paper (report).
 */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { accuracyAxis, epochAxis, lossAxis } from '../../report/axes.ts';
import { lossText, percent } from '../../report/units.ts';
import type { EpochMetrics, Params, Phase } from '../../trial.ts';
import { colour, palette } from './chart.ts';
import { parametersText } from './words.ts';

export type Metric = 'accuracy' | 'loss';

export interface Line {
  readonly id: number;
  readonly number: number;
  readonly params: Params;
  readonly curve: readonly EpochMetrics[];
  readonly kind: 'best' | 'running' | 'other';
}

/** All lines of a phase; `best` ones in their order. */
export function curvesOption(
  lines: readonly Line[],
  metric: Metric,
  phase: Phase,
  epochs: number,
): EChartsOption {
  const best = lines.filter(({ kind }) => kind === 'best');
  const series = [...lines]
    .sort((a, b) => drawnAt(a) - drawnAt(b))
    .map((line) => ({
      ...lineOf(`${line.id}`, nameOf(line, phase), pointsOf(line.curve, metric, 'evaluation')),
      ...styleOf(line, best.indexOf(line)),
    }));
  return frame(
    metric,
    epochs,
    series,
    best.map((line) => nameOf(line, phase)),
  );
}

/** One trial: what it learned from beside what it was measured on. */
export function trialOption(
  curve: readonly EpochMetrics[],
  metric: Metric,
  phase: Phase,
  epochs: number,
  bestEpoch: number | undefined,
): EChartsOption {
  const measured = phase === 1 ? 'validation' : 'test';
  const evaluation = pointsOf(curve, metric, 'evaluation');
  const [blue = '', orange = ''] = palette;
  const series: LineSeriesOption[] = [
    {
      ...lineOf('training', 'training', pointsOf(curve, metric, 'training')),
      lineStyle: { color: orange, width: 1.6, type: [6, 4] },
      itemStyle: { color: orange },
    },
    {
      ...lineOf('evaluation', measured, evaluation),
      lineStyle: { color: blue, width: 2.4 },
      itemStyle: { color: blue },
    },
  ];
  const mark = evaluation.filter(([epoch]) => epoch === bestEpoch);
  if (mark.length > 0) {
    series.push({
      ...lineOf('best', 'best epoch', mark),
      symbol: 'circle',
      showSymbol: true,
      symbolSize: 9,
      lineStyle: { width: 0 },
      itemStyle: { color: colour('ink') },
    });
  }
  return frame(
    metric,
    epochs,
    series,
    series.map(({ name }) => String(name)),
  );
}

const drawnAt = ({ kind }: Line): number => ({ other: 0, best: 1, running: 2 })[kind];

const nameOf = ({ number, params }: Line, phase: Phase): string =>
  phase === 2 ? 'final training' : `trial ${number}: ${parametersText(params)}`;

function styleOf({ kind }: Line, place: number): LineSeriesOption {
  switch (kind) {
    case 'best': {
      const colourOfBest = palette[place % palette.length] as string;
      return {
        lineStyle: { color: colourOfBest, width: place === 0 ? 2.6 : 1.8 },
        itemStyle: { color: colourOfBest },
      };
    }
    case 'running':
      return {
        lineStyle: { color: colour('accent'), width: 2 },
        itemStyle: { color: colour('accent') },
        endLabel: {
          show: true,
          formatter: ({ seriesName }) => seriesName?.split(':')[0] ?? '',
          color: colour('ink'),
          fontSize: 11,
        },
      };
    case 'other':
      return {
        lineStyle: { color: colour('faint'), width: 1, opacity: 0.55 },
        itemStyle: { color: colour('faint') },
      };
    default:
      return kind satisfies never;
  }
}

type Point = [epoch: number, value: number];

function pointsOf(curve: readonly EpochMetrics[], metric: Metric, rows: 'training' | 'evaluation'): Point[] {
  const key = ({ loss: `${rows}Loss`, accuracy: `${rows}Accuracy` } as const)[metric];
  return curve.map((row) => [row.epoch, row[key]]);
}

const lineOf = (id: string, name: string, data: Point[]): LineSeriesOption => ({
  type: 'line',
  id,
  name,
  data,
  symbol: data.length === 1 ? 'circle' : 'none',
  symbolSize: 6,
  triggerLineEvent: true,
  emphasis: { focus: 'series', lineStyle: { width: 3, opacity: 1 } },
});

function frame(
  metric: Metric,
  epochs: number,
  series: LineSeriesOption[],
  legend: readonly string[],
): EChartsOption {
  const values = series.flatMap(({ data }) => (data as Point[]).map(([, value]) => value));
  const valueAxis = metric === 'accuracy' ? accuracyAxis(values) : lossAxis(values);
  const text = metric === 'accuracy' ? percent : lossText;
  const quiet = { color: colour('quiet') };
  return {
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    legend: {
      type: 'scroll',
      data: [...legend],
      top: 0,
      left: 0,
      itemWidth: 18,
      icon: 'roundRect',
      itemHeight: 3,
      textStyle: { ...quiet, fontSize: 12 },
      pageIconColor: colour('accent'),
      pageTextStyle: quiet,
    },
    grid: { left: 8, right: 18, top: 52, bottom: 8, containLabel: true },
    tooltip: {
      trigger: 'item',
      // Drawn on the canvas: the page's policy allows no styles in markup, and a name can then never become any.
      renderMode: 'richText',
      backgroundColor: colour('surface'),
      borderColor: colour('line'),
      textStyle: { color: colour('ink'), fontSize: 12 },
      formatter: (item) => {
        const { seriesName = '', value } = Array.isArray(item)
          ? (item[0] ?? {})
          : (item as { seriesName?: string; value?: unknown });
        if (!Array.isArray(value)) return seriesName;
        return `${seriesName}\nepoch ${value[0]}: ${metric} ${text(Number(value[1]))}`;
      },
    },
    xAxis: { ...axisLook(), ...epochAxis(epochs), splitLine: { show: false } },
    yAxis: {
      ...axisLook(),
      ...valueAxis,
      nameTextStyle: { ...quiet, align: 'left', padding: [0, 0, 0, -34] },
      nameGap: 12,
    },
    series,
  };
}

const axisLook = () => ({
  axisLine: { lineStyle: { color: colour('line') } },
  axisTick: { lineStyle: { color: colour('line') } },
  splitLine: { lineStyle: { color: colour('line') } },
});
