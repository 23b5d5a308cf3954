/** How far the final model's outputs can be trusted: what it gets right of rows by how sure it is of them, and how many rows these are. */
import type { EChartsOption } from 'echarts';
import { type Classified, classification, type ReliabilityBin } from '../evidence/classification.ts';
import { type Interval, wilsonInterval } from '../evidence/statistics.ts';
import { reliabilityColumns } from '../findings/class-scores.ts';
import { countText, intervalText, percent } from '../words/units.ts';
import { axisLook, diagonal, type Figure, isNarrow, type Look, percentLabels, plain } from './figure.ts';

/** Of rows that there are. */
interface Bin extends ReliabilityBin {
  readonly confidence: number;
  readonly accuracy: number;
  readonly interval: Interval;
}

/** @param classified at least one row */
export function reliabilityFigure(classified: Classified): Figure {
  const { reliability, calibrationError } = classification(classified);
  const bins = reliability.flatMap((bin): Bin[] =>
    bin.confidence === null || bin.accuracy === null
      ? []
      : [
          {
            ...bin,
            ...{ confidence: bin.confidence, accuracy: bin.accuracy },
            interval: wilsonInterval(bin.accuracy, bin.rows),
          },
        ],
  );
  return {
    name: 'reliability',
    title: 'Calibration',
    subtitle: `rows by their confidence, the output of the predicted class; on the dashed line is a model that gets as many right as its outputs say. The mean distance, weighted by rows (expected calibration error), is ${percent(calibrationError)}; bars are 95 % intervals`,
    height: (width) => plotHeight(width) + 12 + between + countsHeight + 52,
    option: (look) => reliabilityOption(bins, look),
    tips: bins.map(({ from, to, rows, confidence, accuracy, interval }) => ({
      ...{ series: 0, at: [confidence, accuracy] as const },
      text: `${countText(rows)} rows with an output from ${Math.round(100 * from)} to ${Math.round(100 * to)} %, ${percent(confidence)} in the mean\n${percent(accuracy)} are right (95 %: ${intervalText(interval)})`,
    })),
    table: {
      head: reliabilityColumns.map(({ title }) => title),
      rows: bins.map((bin) => reliabilityColumns.map(({ text, value }) => text?.(bin) ?? String(value(bin)))),
    },
  };
}

const between = 40;
const countsHeight = 64;

const plotHeight = (width: number): number => Math.round(Math.min(340, 0.75 * width));

function reliabilityOption(bins: readonly Bin[], look: Look): EChartsOption {
  const { theme, width } = look;
  const base = axisLook(theme);
  const left = 62;
  const room = Math.min(width - left - 24, 620);
  const place = (top: number, height: number) => ({
    ...{ left: Math.round((width - room - left - 24) / 2) + left, width: room, top, height },
    outerBoundsMode: 'none' as const,
  });
  const axis = (name: string, gridIndex: number, nameGap: number) => ({
    ...{
      ...base,
      type: 'value',
      gridIndex,
      min: 0,
      max: 1,
      interval: 0.2,
      name,
      nameGap,
      nameLocation: 'middle',
    },
    axisLabel: percentLabels(theme),
  });
  const most = Math.max(...bins.map(({ rows }) => rows));
  return {
    ...plain(theme),
    grid: [place(12, plotHeight(width)), place(12 + plotHeight(width) + between, countsHeight)],
    xAxis: [axis('', 0, 0), { ...axis('confidence (%)', 1, 28), containShape: false }],
    yAxis: [
      axis('accuracy (%)', 0, 42),
      {
        ...axis('rows', 1, 42),
        // Their numbers stand on the bars.
        ...{ max: 1.3 * most, interval: 1.3 * most, splitLine: { show: false }, axisLabel: { show: false } },
        axisTick: { show: false },
      },
    ],
    series: [
      {
        ...{ type: 'line', silent: true, symbol: 'circle', symbolSize: 8, z: 4 },
        ...{ lineStyle: { color: theme.good, width: 2 }, itemStyle: { color: theme.good } },
        data: bins.map(({ confidence, accuracy }) => [confidence, accuracy]),
      },
      diagonal(theme),
      ...bins.map(({ confidence, interval: { low, high } }) => ({
        ...{ type: 'line', silent: true, symbol: 'none', z: 3 },
        lineStyle: { color: theme.good, width: 5, opacity: 0.35 },
        data: [
          [confidence, low],
          [confidence, high],
        ],
      })),
      {
        ...{ type: 'bar', silent: true, xAxisIndex: 1, yAxisIndex: 1 },
        ...{ barWidth: Math.round(room / 10) - 3, itemStyle: { color: theme.good, opacity: 0.35 } },
        data: bins.map(({ from, to, rows }) => [(from + to) / 2, rows]),
      },
      {
        // The opacity of a bar would fade its text too.
        ...{ type: 'scatter', silent: true, symbolSize: 0, xAxisIndex: 1, yAxisIndex: 1 },
        label: { show: true, position: 'top', color: theme.ink, fontSize: isNarrow(look) ? 10 : 12 },
        data: bins.map(({ from, to, rows }) => ({
          value: [(from + to) / 2, rows],
          itemStyle: { opacity: 1 },
          label: { formatter: countText(rows) },
        })),
      },
    ],
  } as EChartsOption;
}
