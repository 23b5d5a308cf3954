/** Legends: which fonts a reader has is not known here, so names have as much room as they would need in a broad one. */
import type { LineSeriesOption } from 'echarts';
import { displayWidth } from '../words/display-width.ts';
import type { Look } from './figure.ts';

/** Of each character of a name. */
const characterWidth = 7.2;

/** A line stands for itself, without the dot that ECharts would put on it. */
const bareLine = (name: string) => ({ name, itemStyle: { opacity: 0 } });

/** The gap between names beside and below each other, and the sign of a line with its distance from the name. */
const row = { gap: 14, sign: 25 + 5, height: 14 };

/** As wide as the longest name, if the paper is. */
const nameWidth = (names: readonly string[], width: number): number =>
  Math.min(characterWidth * Math.max(0, ...names.map(displayWidth)), width - 20 - row.sign);

/** How high the names of `legendRow` stand: as many beside each other as have room. */
export function legendRowHeight(names: readonly string[], width: number): number {
  const wide = row.sign + nameWidth(names, width) + row.gap;
  const columns = Math.max(1, Math.floor((width - 20) / wide));
  return Math.ceil(names.length / columns) * (row.height + row.gap);
}

/** Names beside each other in the middle below. @param bare those of lines without dots */
export const legendRow = (
  names: readonly string[],
  { theme, width }: Look,
  bare: readonly string[] = [],
) => ({
  ...{ bottom: 6, left: 'center' as const, itemGap: row.gap },
  data: names.map((name) => (bare.includes(name) ? bareLine(name) : name)),
  // A text has its width only with a background.
  textStyle: {
    ...{ color: theme.ink, backgroundColor: 'transparent' },
    ...{ width: nameWidth(names, width), overflow: 'truncate' as const },
  },
});

/** Of learning curves, in columns as wide as the longest name. */
export function curveLegend(series: readonly LineSeriesOption[], { theme, width: room }: Look) {
  // The lead's are the last to be drawn, and named first.
  const names = [...new Set(series.map(({ name }) => String(name)))];
  const isMark = (name: string) => /^(?:best|last) (?:epoch|step)$/.test(name);
  const isOwn = (name: string) =>
    isMark(name) || /^(?:trial \d+|final training|test|training)(?:,|$)/.test(name);
  const ordered = [...names.filter(isOwn), ...names.filter((name) => !isOwn(name))];
  const gap = 12;
  const icon = 34;
  const width = Math.min(characterWidth * Math.max(0, ...names.map(displayWidth)), room - 40 - icon - 5);
  const columns = Math.max(1, Math.floor((room - 40) / (icon + 5 + width + gap)));
  const options = {
    bottom: 6,
    left: 'center',
    width: room - 40,
    itemWidth: icon,
    itemGap: gap,
    lineStyle: { width: 'inherit' as const },
    textStyle: { color: theme.ink, width, overflow: 'truncate' as const, backgroundColor: 'transparent' },
    data: ordered.map((name) => (isMark(name) ? { name, icon: 'circle' } : bareLine(name))),
  };
  return { options, height: Math.ceil(names.length / columns) * (14 + gap) };
}
