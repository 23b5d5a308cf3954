/**
 * Accuracy and loss over epochs: the best trials and those that run each in a colour of its own, others quiet.
 * Not here: fetching, and the figures for paper (report).
 */
import type { ECharts, EChartsOption, LineSeriesOption } from 'echarts';
import { accuracyAxis, lossAxis, stepAxis } from '../../figures/axes.ts';
import type { Tip } from '../../figures/figure.ts';
import type { EpochMetrics } from '../../metric.ts';
import type { Params, Role } from '../../trial.ts';
import { lossText, percent } from '../../words/units.ts';
import type { CurvePoint } from '../answers.ts';
import { colour } from './chart.ts';
import { apart } from './labels.ts';
import type { TipsAt } from './tips.ts';
import { parametersText } from './words.ts';

export type Metric = 'accuracy' | 'loss';

export interface Line {
  readonly id: number;
  readonly number: number;
  readonly params: Params;
  /** What it is called where that is not its number and parameters. */
  readonly name?: string;
  readonly points: readonly CurvePoint[];
  readonly kind: 'best' | 'other' | RunningColour;
}

/** The style sheet's colours of running trials; of more than these, two have the same. */
export const runningColours = [
  'running-1',
  'running-2',
  'running-3',
  'running-4',
  'running-5',
  'running-6',
] as const;
export type RunningColour = (typeof runningColours)[number];

/** Gives each trial that runs a colour that it keeps, one that no other has where there are enough. */
export class RunningColours {
  #places = new Map<number, number>();

  /** Takes in which trials run now. */
  update(ids: readonly number[]): void {
    const places = new Map([...this.#places].filter(([id]) => ids.includes(id)));
    for (const id of ids) {
      const taken = new Set(places.values());
      let place = places.get(id) ?? 0;
      while (!places.has(id) && taken.has(place)) place++;
      places.set(id, place);
    }
    this.#places = places;
  }

  of(id: number): RunningColour {
    return runningColours[(this.#places.get(id) ?? 0) % runningColours.length] as RunningColour;
  }
}

/** The style sheet's colours of the best trials, the first for the leader. */
export const bestColours = ['first', 'second', 'third', 'fourth'] as const;

/** All lines of a phase; `best` ones in their order. */
export function curvesOption(
  lines: readonly Line[],
  metric: Metric,
  role: Role,
  epochs: number,
): EChartsOption {
  const best = lines.filter(({ kind }) => kind === 'best');
  const labelLayout = apart();
  const series = [...lines]
    .sort((a, b) => drawnAt(a) - drawnAt(b))
    .map((line) => ({
      ...lineOf(
        `${line.id}`,
        nameOf(line, role),
        line.points.map((point) => [point[0], point[metric === 'accuracy' ? 1 : 2]]),
      ),
      ...styleOf(line, best.indexOf(line), labelLayout),
    }));
  return frame(metric, epochs, series);
}

/** One trial: what it learned from beside what it was measured on. */
export function trialOption(
  curve: readonly EpochMetrics[],
  metric: Metric,
  role: Role,
  epochs: number,
  bestEpoch: number | undefined,
): EChartsOption {
  const measured = role === 'search' ? 'validation' : 'test';
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

/** What can be pointed at in the chart of a phase: of each line the epoch nearest to the pointer, with its values. */
export const curveTips =
  (lines: readonly Line[], metric: Metric, role: Role): TipsAt =>
  (chart, x, y) =>
    tipsAtEpoch(
      chart,
      [x, y],
      lines.map((line) => ({ name: nameOf(line, role), points: line.points })),
      metric,
    );

/** Likewise for the two lines of one trial. */
export const trialTips =
  (curve: readonly EpochMetrics[], metric: Metric, role: Role): TipsAt =>
  (chart, x, y) => {
    const measured = role === 'search' ? 'validation' : 'test';
    const points = (rows: 'training' | 'evaluation') =>
      curve.map((row): CurvePoint => [row.epoch, row[`${rows}Accuracy`], row[`${rows}Loss`]]);
    const lines = [
      { name: `${measured} rows`, points: points('evaluation') },
      { name: 'training rows', points: points('training') },
    ];
    return tipsAtEpoch(chart, [x, y], lines, metric);
  };

function tipsAtEpoch(
  chart: ECharts,
  place: [x: number, y: number],
  lines: readonly { readonly name: string; readonly points: readonly CurvePoint[] }[],
  metric: Metric,
): Tip[] {
  const [pointed] = chart.convertFromPixel({ seriesIndex: 0 }, place) ?? [];
  if (pointed === undefined) return [];
  return lines.flatMap(({ name, points }) => {
    const [first] = points;
    if (first === undefined) return [];
    const [epoch, accuracy, loss] = points.reduce(
      (best, point) => (Math.abs(point[0] - pointed) < Math.abs(best[0] - pointed) ? point : best),
      first,
    );
    const text = `${name}\nepoch ${epoch}: accuracy ${percent(accuracy)}, loss ${lossText(loss)}`;
    return [{ series: 0, at: [epoch, metric === 'accuracy' ? accuracy : loss] as const, text }];
  });
}

const drawnAt = ({ kind }: Line): number => (kind === 'other' ? 0 : kind === 'best' ? 1 : 2);

const nameOf = ({ number, params, name }: Line, role: Role): string =>
  name !== undefined
    ? name
    : role === 'final'
      ? 'final training'
      : `trial ${number}: ${parametersText(params)}`;

const styled = (
  series: LineSeriesOption,
  lineStyle: NonNullable<LineSeriesOption['lineStyle']>,
): LineSeriesOption => ({ ...series, lineStyle, itemStyle: { color: lineStyle.color as string } });

function styleOf({ kind }: Line, place: number, labelLayout: ReturnType<typeof apart>): LineSeriesOption {
  switch (kind) {
    case 'best': {
      const color = colour(bestColours[place] ?? 'faint');
      return { lineStyle: { color, width: place === 0 ? 2.6 : 1.8 }, itemStyle: { color } };
    }
    case 'other': {
      const color = colour('faint');
      return { lineStyle: { color, width: 1, opacity: 0.6 }, itemStyle: { color } };
    }
    default: {
      const color = colour(kind);
      const formatter = ({ seriesName = '' }) => seriesName.split(':')[0] ?? '';
      return {
        lineStyle: { color, width: 2.2 },
        itemStyle: { color },
        endLabel: {
          ...{ show: true, formatter, color, fontSize: 11, distance: 4 },
          // Read over other lines too.
          ...{ textBorderColor: colour('surface'), textBorderWidth: 3 },
        },
        labelLayout,
      };
    }
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
  return {
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    // Room for the names of running trials at the ends of their lines.
    grid: {
      left: 8,
      right: series.some(({ endLabel }) => endLabel) ? 64 : 22,
      top: 12,
      bottom: 8,
      containLabel: true,
    },
    xAxis: { ...look(stepAxis(epochs)), splitLine: { show: false } },
    // Its name stands above the chart, as text of the page.
    yAxis: { ...look(metric === 'accuracy' ? accuracyAxis(values) : lossAxis(values)), name: '' },
    series,
  };
}

/** An axis of the report in the page's colours. */
const look = <Axis extends { readonly axisLabel?: object }>(axis: Axis) => ({
  ...axis,
  axisLabel: { ...axis.axisLabel, color: colour('ink'), hideOverlap: true },
  axisLine: { lineStyle: { color: colour('line') } },
  splitLine: { lineStyle: { color: colour('line') } },
});
