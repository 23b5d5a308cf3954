/**
 * Accuracy and loss over epochs: the best trials in colour and named, those that run in the accent colour, others quiet.
 * Not here: fetching, and the figures for paper (report).
 */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { accuracyAxis, epochAxis, lossAxis } from '../../report/axes.ts';
import { lossText, percent } from '../../report/units.ts';
import type { EpochMetrics, Params, Phase } from '../../trial.ts';
import type { CurvePoint } from '../answers.ts';
import { colour } from './chart.ts';
import { parametersText } from './words.ts';

export type Metric = 'accuracy' | 'loss';

export interface Line {
  readonly id: number;
  readonly number: number;
  readonly params: Params;
  readonly points: readonly CurvePoint[];
  readonly kind: 'best' | 'running' | 'other';
}

/** The style sheet's colours of the best trials, the first for the leader. */
export const bestColours = ['first', 'second', 'third', 'fourth'] as const;

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
      ...lineOf(
        `${line.id}`,
        nameOf(line, phase),
        line.points.map((point) => [point[0], point[metric === 'accuracy' ? 1 : 2]]),
      ),
      ...styleOf(line, best.indexOf(line)),
    }));
  return frame(metric, epochs, series);
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
  const series = [
    styled(lineOf('training', 'training', pointsOf(curve, metric, 'training')), {
      color: colour('second'),
      width: 1.6,
      type: [6, 4],
    }),
    styled(lineOf('evaluation', measured, evaluation), { color: colour('first'), width: 2.4 }),
  ];
  const mark = evaluation.filter(([epoch]) => epoch === bestEpoch);
  if (mark.length > 0) {
    const dot = { symbol: 'circle', showSymbol: true, symbolSize: 9 };
    series.push({
      ...styled(lineOf('best', 'best epoch', mark), { color: colour('ink'), width: 0 }),
      ...dot,
    });
  }
  return frame(metric, epochs, series);
}

const drawnAt = ({ kind }: Line): number => ({ other: 0, best: 1, running: 2 })[kind];

const nameOf = ({ number, params }: Line, phase: Phase): string =>
  phase === 2 ? 'final training' : `trial ${number}: ${parametersText(params)}`;

const styled = (
  series: LineSeriesOption,
  lineStyle: NonNullable<LineSeriesOption['lineStyle']>,
): LineSeriesOption => ({ ...series, lineStyle, itemStyle: { color: lineStyle.color as string } });

function styleOf({ kind }: Line, place: number): LineSeriesOption {
  switch (kind) {
    case 'best': {
      const color = colour(bestColours[place] ?? 'faint');
      return { lineStyle: { color, width: place === 0 ? 2.6 : 1.8 }, itemStyle: { color } };
    }
    case 'running': {
      const color = colour('live');
      const formatter = ({ seriesName = '' }) => seriesName.split(':')[0] ?? '';
      return {
        lineStyle: { color, width: 2.2 },
        itemStyle: { color },
        endLabel: { show: true, formatter, color, fontSize: 11, distance: 4 },
      };
    }
    case 'other': {
      const color = colour('faint');
      return { lineStyle: { color, width: 1, opacity: 0.6 }, itemStyle: { color } };
    }
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

function frame(metric: Metric, epochs: number, series: LineSeriesOption[]): EChartsOption {
  const values = series.flatMap(({ data }) => (data as Point[]).map(([, value]) => value));
  const text = metric === 'accuracy' ? percent : lossText;
  return {
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: 8, right: 22, top: 12, bottom: 8, containLabel: true },
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
    xAxis: { ...look(epochAxis(epochs)), splitLine: { show: false } },
    // Its name stands above the chart, as text of the page.
    yAxis: { ...look(metric === 'accuracy' ? accuracyAxis(values) : lossAxis(values)), name: '' },
    series,
  };
}

/** An axis of the report in the page's colours. */
const look = <Axis extends { readonly axisLabel?: object }>(axis: Axis) => ({
  ...axis,
  axisLabel: { ...axis.axisLabel, color: colour('ink') },
  axisLine: { lineStyle: { color: colour('line') } },
  splitLine: { lineStyle: { color: colour('line') } },
});
