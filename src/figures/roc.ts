/** How well the final model's outputs tell each class from the rest, whatever the threshold: ROC curves, with the corner they bend in. */
import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { Classified } from '../evidence/classification.ts';
import { type RocCurve, type RocPoint, rocCurve } from '../evidence/roc.ts';
import { areaText } from '../findings/class-scores.ts';
import { printable } from '../words/printable.ts';
import { countText } from '../words/units.ts';
import { roundStep } from './axes.ts';
import { axisLook, diagonal, type Figure, isNarrow, type Look, plain } from './figure.ts';
import { curveLegend } from './legend.ts';
import { lightTheme } from './theme.ts';

/** As many as there are colours; of more classes those with the smallest area under the curve have one each. */
const mostColoured = 6;
/** Vertices closer than this in both directions are one to the eye. */
const finest = 1 / 500;

interface ClassCurve extends RocCurve {
  readonly name: string;
}

/** Undefined where no class has both positive and negative rows, and of more classes than scores are kept for. */
export function rocFigure({ classes, labels, scores = [] }: Classified): Figure | undefined {
  // Of two classes one curve says all: the other is its mirror image.
  const labelled = classes.map((name, label) => ({ name: printable(name), label }));
  const curves = (classes.length === 2 ? labelled.slice(1) : labelled).flatMap(({ name, label }) => {
    const curve = scores[label] && rocCurve(labels, label, scores[label]);
    return curve === undefined ? [] : [{ ...curve, name }];
  });
  const [first] = curves;
  if (first === undefined) return undefined;
  const mean = curves.reduce((sum, { area }) => sum + area, 0) / curves.length;
  const what =
    classes.length === 2
      ? `the area under the curve of ${first.name} against ${printable(classes[0] as string)} is ${areaText(first.area)}`
      : `each class against the rest; the mean of the ${countText(curves.length)} areas is ${areaText(mean)}`;
  // The worst first: they have colours where there are more than colours.
  const inOrder = [...curves].sort((one, other) => one.area - other.area);
  return {
    name: 'roc-curve',
    title: 'ROC curves',
    subtitle: `${what}; the true positive rate is the share of a class's rows that are predicted as it, the false positive rate that of all other rows; on the dashed line is what tells nothing`,
    height: (width) => heightOf(inOrder, width),
    option: (look) => rocOption(inOrder, look),
    tips: [],
    table: {
      head: ['class', 'area under the curve'],
      rows: curves.map(({ name, area }) => [name, areaText(area)]),
    },
  };
}

/** How far the corner reaches that the curves bend in; 1 where that is most of the figure, or there is nothing to be seen in it. */
function cornerOf(curves: readonly ClassCurve[]): number {
  const bends = curves.map(({ points }) =>
    Math.min(...points.map(([wrong, right]) => Math.max(wrong, 1 - right))),
  );
  const furthest = Math.max(...bends);
  const corner = furthest === 0 ? 1 : roundStep(2.5 * furthest, 0.01);
  return corner > 0.3 ? 1 : corner;
}

/** Where the whole and its corner stand, in pixels: squares beside each other, or below on narrow paper. */
function panelsOf(curves: readonly ClassCurve[], width: number) {
  const count = cornerOf(curves) < 1 ? 2 : 1;
  const [left, right, between, top] = [62, 24, 82, 12];
  const isBelow = isNarrow({ width });
  const across = isBelow ? 1 : count;
  const side = Math.floor(Math.min(380, (width - left - right - (across - 1) * between) / across));
  const start = Math.round((width - across * side - (across - 1) * between + left - right) / 2);
  return Array.from({ length: count }, (_, at) => ({
    left: start + (isBelow ? 0 : at * (side + between)),
    top: top + (isBelow ? at * (side + 62) : 0),
    ...{ width: side, height: side, outerBoundsMode: 'none' as const },
  }));
}

function heightOf(curves: readonly ClassCurve[], width: number): number {
  const { top = 0, height = 0 } = panelsOf(curves, width).at(-1) ?? {};
  return top + height + 58 + legendOf(curves, { theme: lightTheme, width }).height;
}

const legendOf = (curves: readonly ClassCurve[], look: Look) => curveLegend(linesOf(curves, look), look);

/** Those without a colour first: what is drawn last lies on top. */
function linesOf(curves: readonly ClassCurve[], { theme }: Look): LineSeriesOption[] {
  const isColoured = curves.length <= mostColoured;
  const coloured = isColoured ? curves : curves.slice(0, mostColoured - 1);
  const line = ({ points }: ClassCurve, name: string, color: string, width: number): LineSeriesOption => ({
    ...{ type: 'line', name, symbol: 'none', silent: true },
    ...{ lineStyle: { color, width }, itemStyle: { color } },
    data: seen(points),
  });
  const others = curves.slice(coloured.length);
  return [
    ...others.map((curve) => line(curve, `${others.length} others, better`, theme.soft, 1)),
    ...coloured
      .map((curve, place) =>
        line(curve, `${curve.name}: ${areaText(curve.area)}`, theme.series[place] as string, 2),
      )
      .reverse(),
  ];
}

/** The vertices that an eye can tell apart. */
function seen(points: readonly RocPoint[]): [number, number][] {
  let [x, y] = [-1, -1];
  return points.flatMap(([wrong, right], at) => {
    if (at < points.length - 1 && wrong - x < finest && right - y < finest) return [];
    [x, y] = [wrong, right];
    return [[wrong, right] as [number, number]];
  });
}

function rocOption(curves: readonly ClassCurve[], look: Look): EChartsOption {
  const { theme } = look;
  const lines = linesOf(curves, look);
  const grids = panelsOf(curves, look.width);
  const corner = cornerOf(curves);
  const base = axisLook(theme);
  const axis = (name: string, gridIndex: number, min: number, max: number, nameGap: number) => ({
    ...base,
    ...{
      type: 'value',
      gridIndex,
      min,
      max,
      interval: (max - min) / 5,
      name,
      nameGap,
      nameLocation: 'middle',
    },
    axisLabel: { color: theme.ink, formatter: (value: number) => String(Number((100 * value).toFixed(2))) },
    axisLine: { ...base.axisLine, onZero: false },
  });
  return {
    ...plain(theme),
    grid: grids,
    legend: legendOf(curves, look).options,
    xAxis: grids.map((_, at) => axis('false positive rate (%)', at, 0, at === 0 ? 1 : corner, 28)),
    yAxis: grids.map((_, at) =>
      axis(`true positive rate (%)${at === 0 ? '' : ', enlarged'}`, at, at === 0 ? 0 : 1 - corner, 1, 42),
    ),
    series: grids.flatMap((_, at) =>
      [diagonal(theme), ...lines].map((line) => ({ ...line, xAxisIndex: at, yAxisIndex: at, clip: true })),
    ),
  } as EChartsOption;
}
