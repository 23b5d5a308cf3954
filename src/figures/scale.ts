/**
 * Parameters as axes of numbers: where a value lies, and which ticks stand beside it. A range of numbers has its whole width,
 * in logarithms where it is searched in them; what are no numbers stand evenly spaced.
 * Not here: what is drawn between the axes.
 */
import type { NamedParameter, Space } from '../space/space.ts';
import { cut } from '../words/display-width.ts';
import { extent } from '../words/extent.ts';
import { labelsOf, type Parameter, parametersOf, placeIn, type WithParams } from '../words/parameters.ts';
import { parameterText } from '../words/units.ts';
import { logTicks, roundStep, tickText } from './axes.ts';
import type { Theme } from './theme.ts';

export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Scale {
  readonly parameter: Parameter;
  readonly kind: 'places' | 'linear' | 'log';
  /** Whether it is a range, of which any value may come up, and no list. */
  readonly isRange: boolean;
  readonly low: number;
  readonly high: number;
  /** Of the axis beyond either end, for dots. */
  readonly room: number;
  readonly ticks: readonly Tick[];
  /** Undefined where the parameter does not apply. */
  readonly at: (trial: WithParams) => number | undefined;
  /** The value at a place; undefined for what are no numbers. */
  readonly valueAt: ((place: number) => number) | undefined;
}

/** More values than this have no ticks of their own. */
const mostTicks = 12;
/** A list with more values is shown as a range. */
const mostListed = 50;
/** Numbers of a list that are so many times as large as others are told apart by their logarithms. */
const wide = 10;

/** The parameters of some trials as axes, in their order. @param space where it is known, with the ends of its ranges */
export const scalesOf = (trials: readonly WithParams[], space: Space | undefined): Scale[] =>
  parametersOf(trials, space).map((parameter) =>
    scaleOf(
      parameter,
      space?.find(({ name }) => name === parameter.name),
    ),
  );

function scaleOf(parameter: Parameter, named?: NamedParameter): Scale {
  const { values, isNumeric, name } = parameter;
  if (!isNumeric) {
    const ticks = labelsOf({ ...parameter, isConditional: false }).map((text, at) => ({
      at,
      text: cut(text, 14),
    }));
    const at = (trial: WithParams) => placeIn(parameter, trial);
    const ends = { low: 0, high: values.length - 1, room: 0.5 };
    return { parameter, kind: 'places', isRange: false, ...ends, ticks, at, valueAt: undefined };
  }
  const range = named === undefined || named.parameter.kind === 'choice' ? undefined : named.parameter;
  const [low, high] = range === undefined ? extent(values as readonly number[]) : [range.min, range.max];
  const isLog = low > 0 && (range === undefined ? high / low >= wide : range.scale === 'log');
  const coordinate = (value: number) => (isLog ? Math.log10(value) : value);
  const [first, last] = [coordinate(low), coordinate(high)];
  const room = first === last ? 1 : (last - first) * 0.06;
  const isWhole = values.every((value) => Number.isInteger(value));
  const isRange =
    range === undefined
      ? values.length > (named === undefined ? mostTicks : mostListed)
      : range.step === undefined || (range.max - range.min) / range.step > mostListed;
  const own = values.length <= mostTicks && !isRange;
  const numbers = own
    ? (values as readonly number[])
    : isLog
      ? roundest(logTicks(low, high))
      : ticksOf(low, high, isWhole);
  return {
    ...{ parameter, kind: isLog ? 'log' : 'linear', isRange, low: first, high: last, room },
    ticks: numbers.map((value) => ({
      at: coordinate(value),
      text: own ? parameterText(value) : tickText(value),
    })),
    at: ({ params }) => {
      const value = params[name];
      return typeof value === 'number' ? coordinate(value) : undefined;
    },
    valueAt: isLog ? (place) => 10 ** place : (place) => place,
  };
}

/** The labels of a small panel are hidden where they overlap, whatever they say: so only round ones, where there are enough. */
function roundest(ticks: readonly number[]): readonly number[] {
  const round = ticks.filter((tick) =>
    ['1', '2', '5'].includes(tick.toExponential().split('e')[0] as string),
  );
  return round.length >= 3 ? round : ticks;
}

function ticksOf(low: number, high: number, isWhole: boolean): number[] {
  const smallest = isWhole ? 1 : 10 ** Math.floor(Math.log10((high - low) / 6 || 1));
  const step = roundStep((high - low) / 6, smallest);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Narrower labels of a choice say nothing. */
const leastLabel = 24;
/** Beside each other, powers of ten take so much room. */
const powerLabel = 40;

/**
 * The options of ECharts for a scale.
 * @param across how long it is where labels stand beside each other: those of choices are cut to their share of it, as any
 *   of them may be missed, and powers of ten are thinned evenly
 */
export function scaleAxis({ kind, low, high, room, ticks }: Scale, { ink, soft }: Theme, across?: number) {
  const every = across === undefined ? 1 : Math.ceil((powerLabel * ticks.length) / across);
  const places = ticks.map(({ at }) => at);
  const arePowers = kind === 'log' && places.every((at) => Number.isInteger(at));
  const customValues = arePowers ? places.filter((at) => at % every === 0) : places;
  const share = across === undefined || kind !== 'places' ? 0 : across / ticks.length - 2;
  const cutLabels =
    share < leastLabel
      ? { hideOverlap: true }
      : { width: share, overflow: 'truncate' as const, hideOverlap: false };
  const formatter = (value: number) =>
    ticks.find(({ at }) => Math.abs(at - value) <= 1e-9 * (1 + Math.abs(at)))?.text ?? '';
  return {
    ...{ type: 'value' as const, min: low - room, max: high + room },
    axisTick: { customValues, lineStyle: { color: soft } },
    axisLabel: { color: ink, customValues, formatter, ...cutLabels },
    splitLine: { show: false },
  };
}
