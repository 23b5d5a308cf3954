/**
 * Metrics over steps: the best trials and those that run each in a colour of its own, others quiet.
 * Not here: fetching, what can be pointed at (curve-tips.ts), and the figures for paper (figures).
 */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { measureAxis, stepAxis } from '../../figures/axes.ts';
import type { Report } from '../../trial.ts';
import { countedStep, type Measure, onTrainingRows, valueIn } from '../../words/measures.ts';
import { colour } from './chart.ts';
import { bestColours } from './curve-colours.ts';
import { apart } from './labels.ts';
import { type Line, measureIn, nameOf, type Plotted, rowsOf } from './plotted.ts';

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
  const trainingMeasure = onTrainingRows(plotted.tried, measure);
  const main = lineOf('evaluation', rowsOf(plotted), evaluation);
  const series = [
    ...(trainingMeasure === undefined
      ? []
      : [
          styled(lineOf('training', 'training', pointsOf(reports, trainingMeasure)), {
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

const drawnAt = ({ kind }: Line): number => (kind === 'other' ? 0 : kind === 'best' ? 1 : 2);

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
