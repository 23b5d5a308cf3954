/**
 * Metrics over steps: the best trials and those that run each in a colour of its own, others quiet.
 * Not here: fetching, and the figures for paper (report).
 */
import type { ECharts, EChartsOption, LineSeriesOption } from 'echarts';
import { measureAxis, stepAxis } from '../../figures/axes.ts';
import type { Tip } from '../../figures/figure.ts';
import type { Params, Report, Role } from '../../trial.ts';
import { evaluationName } from '../../words/evaluation-name.ts';
import {
  countedStep,
  type Measure,
  measureText,
  shortTitle,
  type Tried,
  titleIn,
  valueIn,
} from '../../words/measures.ts';
import type { CurvePoint } from '../answers.ts';
import { colour } from './chart.ts';
import { apart } from './labels.ts';
import type { TipsAt } from './tips.ts';
import { parametersText } from './words.ts';

/** What a chart shows: one of the metrics that are drawn, which is at `place` of them. */
export interface Plotted {
  readonly tried: Tried;
  readonly measures: readonly Measure[];
  readonly place: number;
  readonly role: Role;
}

const measureIn = ({ measures, place }: Plotted): Measure => measures[place] as Measure;

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

/** All lines of a role; `best` ones in their order. */
export function curvesOption(lines: readonly Line[], plotted: Plotted, steps: number): EChartsOption {
  const best = lines.filter(({ kind }) => kind === 'best');
  const labelLayout = apart();
  const series = [...lines]
    .sort((a, b) => drawnAt(a) - drawnAt(b))
    .map((line) => ({
      ...lineOf(
        `${line.id}`,
        nameOf(line, plotted.role),
        line.points.map((point) => [point[0], point[1 + plotted.place] ?? Number.NaN]),
      ),
      ...styleOf(line, best.indexOf(line), labelLayout),
    }));
  return frame(plotted, steps, series);
}

/** One trial: what it learned from beside what it was measured on. */
export function trialOption(
  reports: readonly Report[],
  plotted: Plotted,
  steps: number,
  bestStep: number | undefined,
): EChartsOption {
  const measure = measureIn(plotted);
  const evaluation = pointsOf(reports, measure);
  const twin = twinOf(plotted);
  const main = lineOf('evaluation', rowsOf(plotted), evaluation);
  const series = [
    ...(twin === undefined
      ? []
      : [
          styled(lineOf('training', 'training', pointsOf(reports, twin)), {
            color: colour('second'),
            width: 1.6,
            type: [6, 4],
          }),
        ]),
    styled(main, { color: colour('first'), width: 2.4 }),
  ];
  const mark = evaluation.filter(([step]) => step === bestStep);
  if (mark.length > 0) {
    const dot = { symbol: 'circle', showSymbol: true, symbolSize: 9 };
    series.push({
      ...styled(lineOf('best', countedStep(plotted.tried), mark), { color: colour('ink'), width: 0 }),
      ...dot,
    });
  }
  return frame(plotted, steps, series);
}

/** The same metric on the rows that a network is trained on. */
export const twinOf = (plotted: Plotted): Measure | undefined =>
  plotted.tried.kind === 'network'
    ? plotted.tried.measures.find(
        ({ key }) => key === measureIn(plotted).key.replace('validation', 'training'),
      )
    : undefined;

/** What a trial's own line is called: after a network's rows, else after the metric. */
const rowsOf = (plotted: Plotted): string =>
  plotted.tried.kind === 'network' ? evaluationName(plotted.role) : measureIn(plotted).title;

/** What can be pointed at in the chart of a role: of each line the step nearest to the pointer, with its values. */
export const curveTips =
  (lines: readonly Line[], plotted: Plotted): TipsAt =>
  (chart, x, y) =>
    tipsAtStep(
      chart,
      [x, y],
      lines.map((line) => ({ name: nameOf(line, plotted.role), points: line.points })),
      plotted,
    );

/** Likewise for the lines of one trial. */
export const trialTips =
  (reports: readonly Report[], plotted: Plotted): TipsAt =>
  (chart, x, y) => {
    const { tried, measures, place } = plotted;
    const points = (of: readonly Measure[]) =>
      reports.map((report): CurvePoint => [report.step, ...of.map((measure) => valueIn(measure, report))]);
    if (twinOf(plotted) === undefined)
      return tipsAtStep(chart, [x, y], [{ name: 'this trial', points: points(measures) }], plotted);
    const twins = measures.map((_, at) => twinOf({ ...plotted, place: at }) as Measure);
    const lines = [
      { name: `${rowsOf({ ...plotted, tried, place })} rows`, points: points(measures) },
      { name: 'training rows', points: points(twins) },
    ];
    return tipsAtStep(chart, [x, y], lines, plotted);
  };

function tipsAtStep(
  chart: ECharts,
  place: [x: number, y: number],
  lines: readonly { readonly name: string; readonly points: readonly CurvePoint[] }[],
  plotted: Plotted,
): Tip[] {
  const [pointed] = chart.convertFromPixel({ seriesIndex: 0 }, place) ?? [];
  if (pointed === undefined) return [];
  return lines.flatMap(({ name, points }) => {
    const [first] = points;
    if (first === undefined) return [];
    const [step, ...values] = points.reduce(
      (best, point) => (Math.abs(point[0] - pointed) < Math.abs(best[0] - pointed) ? point : best),
      first,
    );
    const { tried, measures, role } = plotted;
    // The rows stand in the name of a network's line.
    const nameIn = (measure: Measure) =>
      tried.kind === 'network' ? shortTitle(tried, measure) : titleIn(tried, measure, role);
    const told = measures.map(
      (measure, at) => `${nameIn(measure)} ${measureText(measure, values[at] ?? Number.NaN)}`,
    );
    const text = `${name}\n${tried.step} ${step}: ${told.join(', ')}`;
    return [{ series: 0, at: [step, values[plotted.place] ?? Number.NaN] as const, text }];
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

type Point = [step: number, value: number];

const pointsOf = (reports: readonly Report[], measure: Measure): Point[] =>
  reports.map((report) => [report.step, valueIn(measure, report)]);

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

function frame(plotted: Plotted, steps: number, series: LineSeriesOption[]): EChartsOption {
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
    xAxis: { ...look(stepAxis(steps)), splitLine: { show: false } },
    // Its name stands above the chart, as text of the page.
    yAxis: { ...look(measureAxis(measureIn(plotted), values)), name: '' },
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
