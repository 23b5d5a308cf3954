/** A dot a row, of what a model makes of one target, and one line beside them. Not here: what is drawn over what. */
import type { EChartsOption } from 'echarts';
import type { TargetPredictions } from '../findings/number-predictions.ts';
import { extent } from '../words/extent.ts';
import { numberText } from '../words/units.ts';
import { linearAxis } from './axes.ts';
import { isNarrow, type Look, measuredAxis, plain, type Tip } from './figure.ts';

type Place = readonly [x: number, y: number];

export interface TargetDots {
  readonly target: TargetPredictions;
  readonly placeOf: (row: number) => Place;
  readonly across: string;
  readonly up: string;
  /** Whether both axes are the same. */
  readonly isSquare: boolean;
  /** What is without error, from one end of the axis across to the other. */
  readonly lineAt: (x: number) => number;
}

/** More dots than this are drawn as every n-th. */
const mostDots = 1500;

const drawnRows = ({ actual }: TargetPredictions): readonly number[] => {
  const every = Math.max(1, Math.ceil(actual.length / mostDots));
  return Array.from({ length: Math.ceil(actual.length / every) }, (_, index) => index * every);
};

export const dotsHeight = (width: number): number => Math.round(Math.min(440, 240 + width * 0.24));

export const dotTips = ({ target, placeOf }: TargetDots): Tip[] =>
  drawnRows(target).map((row) => ({
    ...{ series: 0, at: placeOf(row) },
    text: `row ${row}\n${target.name} ${numberText(target.actual[row] as number)}, predicted ${numberText(target.predicted[row] as number)}`,
  }));

export function dotsOption(dots: TargetDots, look: Look): EChartsOption {
  const { theme } = look;
  const { target, placeOf, isSquare, lineAt } = dots;
  const places = drawnRows(target).map(placeOf);
  const endsOf = (...axes: readonly (0 | 1)[]) =>
    extent(axes.flatMap((axis) => places.map((place) => place[axis])));
  const [x, y] = isSquare ? [endsOf(0, 1), endsOf(0, 1)] : [endsOf(0), endsOf(1)];
  const axis = (name: string, [low, high]: Place, nameGap: number) => {
    const { axisLine, ...measured } = measuredAxis(theme, linearAxis(name, low, high), nameGap);
    return { ...measured, axisLine: { ...axisLine, onZero: false } };
  };
  const across = axis(dots.across, x, 30);
  return {
    ...plain(theme),
    grid: { left: isNarrow(look) ? 62 : 80, right: 28, top: 14, bottom: 54, outerBoundsMode: 'none' },
    xAxis: across,
    yAxis: axis(dots.up, y, isNarrow(look) ? 44 : 56),
    series: [
      {
        ...{ type: 'scatter', silent: true, symbolSize: 6, data: places },
        itemStyle: { color: theme.good, opacity: 0.55 },
      },
      {
        ...{ type: 'line', silent: true, symbol: 'none', z: 1 },
        lineStyle: { color: theme.ink, width: 1, type: 'dashed' },
        data: [across.min, across.max].map((at) => [at, lineAt(at)]),
      },
    ],
  } as EChartsOption;
}
