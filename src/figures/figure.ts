/**
 * What a figure is: words, and ECharts options for whatever paper it is drawn on.
 * Not here: drawing (chart.ts), and what any one figure shows.
 */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { Theme } from './theme.ts';

/** Where a figure is drawn. */
export interface Look {
  readonly theme: Theme;
  /** CSS pixels. */
  readonly width: number;
}

/** A point of a figure that has more to say when it is pointed at. */
export interface Tip {
  /** Which of the option's series has the axes that `at` is measured on. */
  readonly series: number;
  readonly at: readonly [x: number, y: number];
  readonly text: string;
}

export interface Figure {
  /** File name without its ending, and its anchor in a page: `phase1-accuracy-curve`. */
  readonly name: string;
  readonly title: string;
  /** What it shows, in one sentence. */
  readonly subtitle: string;
  /** Pixels. */
  readonly height: (width: number) => number;
  readonly option: (look: Look) => EChartsOption;
  readonly tips: readonly Tip[];
  /** Its numbers, for those who cannot see it or would rather read. */
  readonly table?: FigureTable;
}

export interface FigureTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Below this width labels are short and legends stand in one column. */
export const isNarrow = ({ width }: Pick<Look, 'width'>): boolean => width < 560;

/** What all axes share. */
export const axisLook = ({ ink, rule }: Theme) =>
  ({
    nameTextStyle: { color: ink, fontSize: 13 },
    axisLabel: { color: ink },
    axisLine: { lineStyle: { color: ink } },
    axisTick: { lineStyle: { color: ink } },
    splitLine: { lineStyle: { color: rule } },
  }) as const;

/** An axis of measured numbers: in ink, its name beside its middle. */
export const measuredAxis = <Axis extends { readonly axisLabel: object }>(
  theme: Theme,
  own: Axis,
  nameGap: number,
) => ({
  ...axisLook(theme),
  ...own,
  axisLabel: { ...own.axisLabel, color: theme.ink },
  nameLocation: 'middle' as const,
  nameGap,
});

/** An axis of names, a row or a column each, without ticks. */
export const categoryAxis = (theme: Theme, names: readonly string[]) => ({
  ...axisLook(theme),
  type: 'category' as const,
  data: [...names],
  axisTick: { show: false },
  splitLine: { show: false },
});

/** The labels of an axis of shares from 0 to 1: in percent. */
export const percentLabels = ({ ink }: Theme) => ({
  color: ink,
  formatter: (share: number) => String(Math.round(100 * share)),
});

/** The dashed line from one corner to the other, which says what chance or a perfect model would show. */
export const diagonal = ({ soft }: Theme): LineSeriesOption => ({
  ...{ type: 'line', symbol: 'none', silent: true, z: 1 },
  lineStyle: { color: soft, width: 1.2, type: [5, 5] },
  data: [
    [0, 0],
    [1, 1],
  ],
});

/** ECharts would give a chart its own colours, sizes and fonts. */
export const plain = ({ ink }: Theme) => ({
  backgroundColor: 'transparent',
  animation: false,
  textStyle: { fontFamily: 'sans-serif', color: ink },
});
