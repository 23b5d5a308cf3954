/** Learning curves on their paper: one panel, or a second one where the best accuracies end close to each other. */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { valueIn } from '../words/measures.ts';
import { measureAxis, stepAxis, zoomedAccuracyAxis } from './axes.ts';
import { drawnLines, valuesOf } from './curve-lines.ts';
import { panels, zoomRange } from './curve-zoom.ts';
import type { Curves } from './curves.ts';
import { axisLook, isNarrow, type Look, measuredAxis, plain } from './figure.ts';
import { curveLegend } from './legend.ts';
import { lightTheme } from './theme.ts';

export const plotHeight = (width: number): number => Math.round(Math.min(360, 140 + width * 0.28));

/** The part of the axis that the best accuracies of a search end in, where it is drawn larger. */
export function zoomOf(curves: Curves): ReturnType<typeof zoomRange> {
  const { measure, role, trials } = curves;
  if (measure.written !== 'accuracy' || role === 'final') return undefined;
  const best = trials.map(({ reports }) => reports.map((report) => valueIn(measure, report)));
  return zoomRange(best, valuesOf(drawnLines(curves, { theme: lightTheme, width: 0 })));
}

export function curveOption(curves: Curves, look: Look): EChartsOption {
  const { theme, width } = look;
  const { measure, tried, trials, runnersUp } = curves;
  const series = drawnLines(curves, look);
  // One that explodes would flatten all others.
  const values = valuesOf(series.filter(({ clip }) => clip !== true || series.length === 1));
  const zoom = zoomOf(curves);
  const legend = curveLegend(series, look);
  const steps = Math.max(1, ...trials.map(({ reports }) => reports.at(-1)?.step ?? 1));
  const base = axisLook(theme);
  const left = isNarrow(look) ? 62 : 76;
  const xAxis = (own: ReturnType<typeof stepAxis>) => ({
    ...measuredAxis(theme, own, 28),
    ...{ name: tried.step, splitLine: { show: false } },
    axisLine: { ...base.axisLine, onZero: false },
  });
  const yAxis = (own: ReturnType<typeof measureAxis>) => ({
    ...measuredAxis(theme, own, isNarrow(look) ? 44 : 52),
    ...(isNarrow(look) ? { name: own.name.replace(' (mean per row)', '') } : {}),
  });
  const common = { ...plain(theme), legend: legend.options };
  const whole = yAxis(measureAxis(measure, values));
  if (zoom === undefined) {
    const right = (runnersUp?.length ?? 0) > 0 ? 64 : 24;
    const grid = { left, right, top: 12, bottom: 58 + legend.height, outerBoundsMode: 'none' as const };
    const across = xAxis(stepAxis(steps, isNarrow(look)));
    return { ...common, grid, xAxis: across, yAxis: whole, series } as EChartsOption;
  }
  const part = zoomedAccuracyAxis(zoom);
  const enlarged = yAxis({ ...part, name: `${part.name}, enlarged` });
  return {
    ...common,
    grid: panels(width, left, plotHeight(width)),
    // Half as wide, the axes have half as many ticks.
    xAxis: [0, 1].map((gridIndex) => ({ ...xAxis(stepAxis(steps, true)), gridIndex })),
    yAxis: [whole, enlarged].map((own, gridIndex) => ({ ...own, gridIndex })),
    series: [...series.map(unnamed), ...series.filter(isEvaluation).map(inZoom)],
  } as EChartsOption;
}

/** The names of the best stand where their ends can be told apart. */
const unnamed = ({ endLabel: _, labelLayout: __, ...series }: LineSeriesOption): LineSeriesOption => series;

const isEvaluation = ({ name }: LineSeriesOption): boolean => !String(name).endsWith('training');

const inZoom = (series: LineSeriesOption): LineSeriesOption => ({
  ...series,
  ...{ xAxisIndex: 1, yAxisIndex: 1, clip: true },
});
