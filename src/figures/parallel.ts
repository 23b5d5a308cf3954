/** Parallel coordinates: a line a trial through its parameters and its results. On a page, a part of an axis can be chosen. */
import type { EChartsOption } from 'echarts';
import type { DoneTrial } from '../trial.ts';
import { extent } from '../words/extent.ts';
import { countedStep, deciding, type Measure, valueIn } from '../words/measures.ts';
import { Groups, isVaried } from '../words/parameters.ts';
import { absent, countText } from '../words/units.ts';
import { tickText } from './axes.ts';
import { type Figure, isNarrow, type Look, plain } from './figure.ts';
import { type Scale, scaleAxis, scalesOf } from './scale.ts';
import { figureMeasures, type Searched } from './searched.ts';
import { drawnText, thinned } from './thinned.ts';

interface Axis {
  readonly title: string;
  readonly short: string;
  readonly value: (trial: DoneTrial) => number;
  /** Whether small values stand above large ones. */
  readonly isInverse?: boolean;
  /** Of a parameter. */
  readonly scale?: Scale;
}

/** Axes of more parameters have no room: only those that trials differ in are drawn, and of these the first. */
const mostAxes = 10;
const mostNarrow = 6;

/** Of more trials these are drawn, evenly over their ranks. */
const mostLines = 400;

/** Undefined where there are no trials. */
export function parallelFigure(searched: Searched): Figure | undefined {
  const { done } = searched;
  const [winner] = done;
  if (winner === undefined) return undefined;
  const drawn = thinned(done, mostLines);
  const scales = scalesOf(drawn, searched.space);
  const shown = shownScales(scales);
  const leftOut =
    shown.length < scales.length
      ? `; of ${countText(scales.length)} parameters only ${shown.length < mostAxes ? 'those' : `the first ${shown.length}`} that differ are drawn`
      : '';
  const axes = axesOf({ ...searched, done: drawn });
  const onNarrow = fitting(axes, { width: 0 });
  const narrow =
    onNarrow.length < axes.length
      ? `; on a narrow page ${onNarrow.length} of ${axes.length} axes are drawn`
      : '';
  return {
    name: 'parallel-coordinates',
    title: 'Parallel coordinates',
    subtitle: `each line is a trial, through its parameters and results; trial ${winner.number}, the winner, is the broad one${new Groups(drawn, searched.space).text}${leftOut}${drawnText(drawn, done)}${narrow}`,
    height: (width) => Math.round(Math.min(380, 180 + width * 0.25)),
    option: (look) => parallelOption({ ...searched, done: drawn }, look),
    tips: [],
  };
}

const shownScales = (scales: readonly Scale[]): readonly Scale[] =>
  scales.length <= mostAxes
    ? scales
    : scales.filter(({ parameter }) => isVaried(parameter)).slice(0, mostAxes);

function axesOf({ done, tried, space }: Searched): Axis[] {
  const scales = scalesOf(done, space);
  const first = deciding(tried);
  return [
    ...shownScales(scales).map(parameterAxis),
    // Where all are best at the same step, as at the last of a falling error, it tells nothing.
    ...(done.some(({ best }) => best.step !== done[0]?.best.step)
      ? [{ title: countedStep(tried), short: tried.step, value: ({ best }: DoneTrial) => best.step }]
      : []),
    { title: 'time (s)', short: 'time (s)', value: ({ seconds }) => seconds },
    // What decides is the last, and its best end is the upper one.
    ...figureMeasures(tried)
      .filter((measure) => measure !== first)
      .map(resultAxis),
    { ...resultAxis(first), isInverse: first.goal === 'minimise' },
  ];
}

/** Trials to which the parameter does not apply stand below its lowest value. */
function parameterAxis(scale: Scale): Axis {
  const { parameter, low, high, ticks, at } = scale;
  const { title, isConditional } = parameter;
  const short = title.replace('learning rate', 'rate').replace('batch size', 'batch');
  if (!isConditional) return { title, short, scale, value: (trial) => at(trial) ?? Number.NaN };
  const below = low - Math.max(scale.room, (high - low) * 0.12);
  const extended = { ...scale, low: below, ticks: [{ at: below, text: absent }, ...ticks] };
  return { title, short, scale: extended, value: (trial) => at(trial) ?? below };
}

function resultAxis(measure: Measure): Axis {
  const { written, title } = measure;
  const value = ({ best }: DoneTrial) => valueIn(measure, best);
  if (written === 'loss') return { title: 'loss', short: 'loss', value };
  if (written === 'accuracy')
    return { title: 'accuracy (%)', short: 'acc. (%)', value: (trial) => 100 * value(trial) };
  return { title, short: title, value };
}

function parallelOption(searched: Searched, look: Look): EChartsOption {
  const { done } = searched;
  const { theme } = look;
  const axes = fitting(axesOf(searched), look);
  const groups = new Groups(done, searched.space);
  const style = (trial: DoneTrial, index: number) => {
    if (index === 0) return { color: theme.ink, width: 3, opacity: 1 };
    const color = theme.series[groups.indexOf(trial) ?? -1] ?? theme.soft;
    return { color, width: 1.4, opacity: done.length > 60 ? 0.4 : 0.8 };
  };
  const lines = done.map((trial, index) => ({
    value: axes.map(({ value }) => value(trial)),
    lineStyle: style(trial, index),
  }));
  return {
    ...plain(theme),
    parallel: {
      left: isNarrow(look) ? 34 : 60,
      right: isNarrow(look) ? 34 : 72,
      top: 40,
      bottom: 30,
    },
    parallelAxis: axes.map((axis, dim) => {
      const own = rangeOf(axis, done, look);
      return {
        dim,
        name: isNarrow(look) ? axis.short : axis.title,
        nameTextStyle: { color: theme.ink, fontSize: isNarrow(look) ? 11 : 13 },
        nameGap: 16,
        // Above, whichever end that is.
        nameLocation: axis.isInverse === true ? 'start' : 'end',
        ...own,
        inverse: axis.isInverse === true,
        axisLine: { lineStyle: { color: theme.soft, width: 1 } },
        axisTick: { ...('axisTick' in own ? own.axisTick : {}), lineStyle: { color: theme.soft } },
        axisLabel: {
          ...('axisLabel' in own ? own.axisLabel : {}),
          color: theme.ink,
          fontSize: isNarrow(look) ? 10 : 12,
          textBorderColor: theme.paper,
          textBorderWidth: 3,
        },
      };
    }),
    // The winner last, on top of all others.
    series: [{ type: 'parallel', silent: true, data: lines.reverse() }],
  } as EChartsOption;
}

/** On narrow paper the first parameters and what decides. */
const fitting = (axes: readonly Axis[], look: Pick<Look, 'width'>): readonly Axis[] =>
  isNarrow(look) && axes.length > mostNarrow
    ? [...axes.filter(({ scale }) => scale !== undefined).slice(0, mostNarrow - 1), ...axes.slice(-1)]
    : axes;

function rangeOf({ scale, value }: Axis, done: readonly DoneTrial[], { theme }: Look) {
  if (scale !== undefined) return scaleAxis(scale, theme);
  const values = done.map(value);
  const [low, high] = extent(values);
  // What never changes stands in the middle.
  const room = Math.abs(low) || 1;
  if (low === high) {
    const only = { customValues: [low] };
    const ends = { type: 'value' as const, min: low - room, max: high + room };
    return { ...ends, axisTick: only, axisLabel: { ...only, formatter: tickText } };
  }
  const minInterval = values.every(Number.isInteger) ? 1 : 0;
  return { type: 'value' as const, scale: true, minInterval, axisLabel: { formatter: tickText } };
}
