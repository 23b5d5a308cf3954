/** Figures published elsewhere beside ours, ours with the interval that the number of rows allows. */
import type { EChartsOption } from 'echarts';
import { type Interval, wilsonInterval } from '../evidence/statistics.ts';
import { evaluationRows } from '../findings/definition.ts';
import type { NetworkFindings } from '../findings/findings.ts';
import { epochOf, isClassMetric } from '../metric.ts';
import { intervalText, percent } from '../words/units.ts';
import { axisLook, categoryAxis, type Figure, type Look, plain } from './figure.ts';

export interface Comparison {
  /** What is compared: `validation accuracy`. */
  readonly what: string;
  readonly published: number;
  readonly ours: number;
  readonly interval: Interval | undefined;
}

/** What was published and what is known of the same here. */
export function comparisonsOf({
  definition,
  done,
  final,
  finalInterval,
  experiment,
}: NetworkFindings): Comparison[] {
  const { validationAccuracy, testAccuracy } = definition?.published ?? {};
  const comparisons: Comparison[] = [];
  const { metric } = experiment;
  if (!isClassMetric(metric)) return comparisons;
  const rows = evaluationRows(definition, 'search');
  const [winner] = done;
  if (validationAccuracy !== undefined && winner !== undefined) {
    const ours = epochOf(metric, winner.best).evaluationAccuracy;
    const interval = rows === undefined ? undefined : wilsonInterval(ours, rows);
    comparisons.push({ what: 'validation accuracy', published: validationAccuracy, ours, interval });
  }
  if (testAccuracy !== undefined && final?.state === 'done') {
    const ours = epochOf(metric, final.last).evaluationAccuracy;
    comparisons.push({ what: 'test accuracy', published: testAccuracy, ours, interval: finalInterval });
  }
  return comparisons;
}

/** A line a figure; undefined where nothing was published, or nothing measured. */
export function publishedFigure(comparisons: readonly Comparison[]): Figure | undefined {
  if (comparisons.length === 0) return undefined;
  const sentence = comparisons.map(
    ({ what, published, ours }) => `${what} ${percent(ours)}, published ${percent(published)}`,
  );
  return {
    name: 'published',
    title: 'Published and ours',
    subtitle: sentence.join('; '),
    height: () => 96 + comparisons.length * 84,
    option: (look) => publishedOption(comparisons, look),
    tips: [],
    table: {
      head: ['', 'published', 'ours', '95 % interval'],
      rows: comparisons.map(({ what, published, ours, interval }) => [
        what,
        percent(published),
        percent(ours),
        interval === undefined ? '' : intervalText(interval),
      ]),
    },
  };
}

function publishedOption(comparisons: readonly Comparison[], look: Look): EChartsOption {
  const { theme } = look;
  const values = comparisons.flatMap(({ published, ours }) => [published, ours]);
  const low = Math.max(0, Math.floor(10 * Math.min(...values) - 0.3) / 10);
  const base = axisLook(theme);
  const dots = (
    name: string,
    colour: string,
    symbol: string,
    key: 'published' | 'ours',
    side: 'top' | 'bottom',
  ) => ({
    type: 'scatter',
    name,
    silent: true,
    symbol,
    symbolSize: 14,
    itemStyle: { color: colour, opacity: 1 },
    label: { show: true, position: side, distance: 8, color: colour, fontSize: 13 },
    data: comparisons.map((comparison, i) => ({
      value: [100 * comparison[key], i],
      label: { formatter: `${name} ${percent(comparison[key])}` },
    })),
  });
  return {
    ...plain(theme),
    grid: { left: 96, right: 40, top: 8, bottom: 58, outerBoundsMode: 'none' },
    xAxis: {
      ...base,
      type: 'value',
      min: 100 * low,
      max: 100,
      name: 'accuracy (%)',
      nameLocation: 'middle',
      nameGap: 30,
    },
    yAxis: {
      ...categoryAxis(
        theme,
        comparisons.map(({ what }) => what.replace(' accuracy', '')),
      ),
      inverse: true,
      axisLine: { show: false },
    },
    series: [
      ...comparisons.map(({ interval }, i) => ({
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { color: theme.good, width: 5, opacity: 0.45 },
        data: interval === undefined ? [] : [100 * interval.low, 100 * interval.high].map((at) => [at, i]),
      })),
      dots('published', theme.soft, 'diamond', 'published', 'bottom'),
      dots('ours', theme.good, 'circle', 'ours', 'top'),
    ],
  } as EChartsOption;
}
