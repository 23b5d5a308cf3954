/** What can be pointed at in a chart of curves. */
import type { ECharts } from 'echarts';
import type { Tip } from '../../figures/figure.ts';
import type { Report } from '../../trial.ts';
import {
  type Measure,
  measureText,
  onTrainingRows,
  shortTitle,
  titleIn,
  valueIn,
} from '../../words/measures.ts';
import type { CurvePoint } from '../answers.ts';
import { type Line, nameOf, type Plotted, rowsOf } from './plotted.ts';
import type { TipsAt } from './tips.ts';

/** Of each line of a role the step nearest to the pointer, with its values. */
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
    const trainingMeasures = measures.map((measure) => onTrainingRows(tried, measure));
    if (trainingMeasures[place] === undefined)
      return tipsAtStep(chart, [x, y], [{ name: 'this trial', points: points(measures) }], plotted);
    const lines = [
      { name: `${rowsOf({ ...plotted, tried, place })} rows`, points: points(measures) },
      { name: 'training rows', points: points(trainingMeasures as Measure[]) },
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
