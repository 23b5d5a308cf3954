/** Every two parameters against each other, a dot a trial in the colour of its result: which regions are good, and which untried. */
import type { EChartsOption } from 'echarts';
import type { DoneTrial } from '../trial.ts';
import { isVaried } from '../words/parameters.ts';
import { axisLook, type Figure, isNarrow, type Look, plain } from './figure.ts';
import { type Scale, scaleAxis, scalesOf } from './scale.ts';
import { decidedText, type Searched } from './searched.ts';
import { sequential } from './theme.ts';
import { drawnText, thinned } from './thinned.ts';

/** Panels must be large enough to see something in. */
const mostParameters = { wide: 5, narrow: 4 } as const;
const mostDots = 300;

/**
 * Undefined of fewer than three parameters, whose two have figures of their own.
 * @param order names of parameters, the most important first; those of the space where it is empty
 */
export function scatterMatrixFigure(searched: Searched, order: readonly string[]): Figure | undefined {
  const { done, space } = searched;
  const varied = scalesOf(done, space).filter(
    ({ parameter }) => isVaried(parameter) && parameter.values.length > 1,
  );
  if (varied.length < 3 || done.length < 4) return undefined;
  const place = ({ parameter }: Scale) => {
    const found = order.indexOf(parameter.name);
    return found < 0 ? order.length : found;
  };
  const ordered = varied.toSorted((a, b) => place(a) - place(b));
  const dots = thinned(done, mostDots);
  const shownAt = (width: number) =>
    ordered.slice(0, isNarrow({ width }) ? mostParameters.narrow : mostParameters.wide);
  const fewer = varied.length > mostParameters.wide ? ` of the ${mostParameters.wide} that matter most` : '';
  const narrow =
    varied.length > mostParameters.narrow
      ? `; on a narrow page the first ${mostParameters.narrow} parameters are drawn`
      : '';
  return {
    name: 'scatter-matrix',
    title: 'Parameters two by two',
    subtitle: `${decidedText(searched)}: every two parameters${order.length > 0 ? fewer : ''} against each other, a dot a trial (those of one choice beside each other), the better the brighter; the winner is framed${drawnText(dots, done)}${narrow}`,
    height: (width) => {
      const { cell, count } = layoutOf(shownAt(width).length, width);
      return 8 + cell.height * count + 64;
    },
    option: (look) => matrixOption(shownAt(look.width), dots, look),
    tips: [],
  };
}

/** Where a trial stands; those of one choice beside each other, by their numbers. */
function spread({ kind, at }: Scale, trial: DoneTrial, axis: 0 | 1): number | undefined {
  const place = at(trial);
  if (place === undefined || kind !== 'places') return place;
  const share = (trial.number * (axis === 0 ? 0.618034 : 0.7548777)) % 1;
  return place + 0.5 * (share - 0.5);
}

/** A triangle of panels: count of them below and beside each other. */
function layoutOf(parameters: number, width: number) {
  const count = parameters - 1;
  const left = isNarrow({ width }) ? 66 : 96;
  const cellWidth = (width - left - 12) / count;
  return {
    count,
    left,
    cell: { width: cellWidth, height: Math.min(cellWidth, isNarrow({ width }) ? 110 : 170) },
  };
}

function matrixOption(shown: readonly Scale[], dots: readonly DoneTrial[], look: Look): EChartsOption {
  const { theme, width } = look;
  const { count, left, cell } = layoutOf(shown.length, width);
  const gap = 8;
  const base = axisLook(theme);
  // Column x shows parameter x across, row y parameter y + 1 upwards.
  const panels = Array.from({ length: count }, (_, y) =>
    Array.from({ length: y + 1 }, (_, x) => ({ x, y })),
  ).flat();
  const [across, upwards] = [cell.width - gap, cell.height - gap];
  const nameGap = { x: 26, y: isNarrow(look) ? 46 : 72 };
  const axis = (scale: Scale, gridIndex: number, isShown: boolean, way: 'x' | 'y') => {
    const own = scaleAxis(scale, theme, way === 'x' ? across : undefined);
    // Words between the axis and its name; numbers have room.
    const room =
      way === 'x' || scale.kind !== 'places' ? {} : { width: nameGap.y - 14, overflow: 'truncate' as const };
    return {
      ...base,
      ...own,
      gridIndex,
      axisLabel: { ...own.axisLabel, ...room, show: isShown, fontSize: 10 },
      axisTick: { ...own.axisTick, show: isShown },
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.rule } },
      ...(isShown ? { name: scale.parameter.title, nameLocation: 'middle', nameGap: nameGap[way] } : {}),
      nameTextStyle: { color: theme.ink, fontSize: 11 },
      nameTruncate: { maxWidth: way === 'x' ? across : upwards },
    };
  };
  const colourOf = (index: number) =>
    sequential[
      Math.floor(((dots.length - 1 - index) / Math.max(1, dots.length - 1)) * (sequential.length - 1))
    ];
  return {
    ...plain(theme),
    grid: panels.map(({ x, y }) => ({
      ...{ left: left + x * cell.width, top: 8 + y * cell.height },
      ...{ width: cell.width - gap, height: cell.height - gap, outerBoundsMode: 'none' },
    })),
    xAxis: panels.map(({ x, y }, index) => axis(shown[x] as Scale, index, y === count - 1, 'x')),
    yAxis: panels.map(({ x, y }, index) => axis(shown[y + 1] as Scale, index, x === 0, 'y')),
    series: panels.map(({ x, y }, index) => ({
      ...{ type: 'scatter', xAxisIndex: index, yAxisIndex: index, silent: true },
      symbolSize: isNarrow(look) ? 5 : 7,
      // The best last, on top.
      data: dots
        .map((trial, rank) => ({ trial, rank }))
        .reverse()
        .flatMap(({ trial, rank }) => {
          const at = [spread(shown[x] as Scale, trial, 0), spread(shown[y + 1] as Scale, trial, 1)];
          const frame =
            rank === 0
              ? { borderColor: theme.ink, borderWidth: 2.5 }
              : { borderColor: theme.soft, borderWidth: 0.5 };
          if (at.includes(undefined)) return [];
          return [{ value: at, itemStyle: { color: colourOf(rank), opacity: 0.95, ...frame } }];
        }),
    })),
  } as EChartsOption;
}
