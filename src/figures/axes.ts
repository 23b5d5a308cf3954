/**
 * The axes of what is measured: steps, accuracy, loss and any number, with round ticks.
 * Not here: colours (figure.ts), the axes of parameters (scale.ts), and what is drawn between them.
 */
import { extent } from '../words/extent.ts';
import type { Measure } from '../words/measures.ts';
import { parameterText } from '../words/units.ts';

/** From 1 to the last step, with a tick at 1 and at round numbers. */
export function stepAxis(steps: number, isNarrow = false) {
  const step = roundStep(steps / (isNarrow ? 5 : 10), 1);
  const ticks = Array.from({ length: Math.floor(steps / step) }, (_, i) => (i + 1) * step);
  const customValues = [...new Set([1, ...ticks])];
  return {
    type: 'value' as const,
    ...(steps === 1 ? { min: 0, max: 2 } : { min: 1, max: steps }),
    axisTick: { customValues },
    axisLabel: { customValues },
  };
}

/** From 0 %, or closer to the curves where all of them stay above 50 %. */
export function accuracyAxis(values: readonly number[]) {
  const [lowest, high] = extent(values.length > 0 ? values : [0, 1]);
  return accuracyAxisOf(lowest < 0.5 ? 0 : lowest, high, 0.01);
}

/** The part from `low` to `high`, with ticks as fine as a hundredth of a percent. */
export const zoomedAccuracyAxis = ([low, high]: readonly [low: number, high: number]) =>
  accuracyAxisOf(low, high, 0.0001);

function accuracyAxisOf(low: number, high: number, finest: number) {
  const interval = roundStep((high - low) / 6, finest);
  const steps = (value: number) => Number((value / interval).toFixed(6));
  // What never changes stands on an axis of one step.
  const last = Math.min(steps(1), Math.max(Math.floor(steps(low)) + 1, Math.ceil(steps(high))));
  const first = Math.min(last - 1, Math.floor(steps(low)));
  return {
    type: 'value' as const,
    name: 'accuracy (%)',
    min: Number((first * interval).toFixed(6)),
    max: Number((last * interval).toFixed(6)),
    interval,
    axisLabel: { formatter: (value: number) => String(Number((100 * value).toFixed(2))) },
  };
}

/** The smallest of 1, 2, 5, 10, ... times `smallest` that is at least `wanted`. */
export function roundStep(wanted: number, smallest: number): number {
  for (let power = smallest; ; power *= 10) {
    const step = [1, 2, 5].map((digit) => digit * power).find((candidate) => candidate >= wanted);
    if (step !== undefined) return Number(step.toPrecision(6));
  }
}

/** Linear from 0, or logarithmic where the largest loss is more than ten times the smallest. */
function lossAxis(values: readonly number[]) {
  const [low, high] = extent(values.length > 0 ? values : [0, 1]);
  const name = 'loss (mean per row)';
  if (low <= 0 || high / low < 10) {
    return { type: 'value' as const, name, min: Math.min(0, low), axisLabel: { formatter: tickText } };
  }
  return logAxis(name, low, high);
}

/** Without the digits that only tables need, and never wider than the room beside an axis: 0.000005 is `5e-6`. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return parameterText(value);
  return Number(value.toPrecision(6)).toExponential().replace('e+', 'e');
}

/** Of a metric of a person's own: logarithmic where positive values span decades, and never stretched to 0. */
function numberAxis(name: string, values: readonly number[]) {
  const [low, high] = extent(values.length > 0 ? values : [0, 1]);
  return low > 0 && high / low >= 100 ? logAxis(name, low, high) : linearAxis(name, low, high);
}

/** From a round number at or below `low` to one at or above `high`. */
export function linearAxis(name: string, low: number, high: number) {
  const axisLabel = { formatter: tickText };
  if (low === high) return constantAxis(name, low);
  const interval = roundStep((high - low) / 5, 10 ** Math.floor(Math.log10((high - low) / 5)));
  const min = Number((Math.floor(low / interval) * interval).toPrecision(12));
  const max = Number((Math.ceil(high / interval) * interval).toPrecision(12));
  return { type: 'value' as const, name, min, max, interval, axisLabel };
}

/** Of what never changes: its value alone, in the middle. */
function constantAxis(name: string, value: number) {
  const room = Math.abs(value) / 10 || 1;
  const customValues = [value];
  return {
    ...{ type: 'value' as const, name, min: value - room, max: value + room },
    axisTick: { customValues },
    axisLabel: { customValues, formatter: tickText },
    splitLine: { show: false },
  };
}

function logAxis(name: string, low: number, high: number) {
  const min = low / 1.1;
  const max = high * 1.1;
  const ticks = logTicks(min, max);
  return {
    type: 'log' as const,
    name: `${name}, log scale`,
    min,
    max,
    axisTick: { customValues: ticks },
    axisLabel: { customValues: ticks, formatter: tickText },
  };
}

/** The axis of a measure over these values of it. */
export function measureAxis(
  { written, title }: Pick<Measure, 'written' | 'title'>,
  values: readonly number[],
) {
  switch (written) {
    case 'accuracy':
      return accuracyAxis(values);
    case 'loss':
      return lossAxis(values);
    case 'rmse':
    case 'r2':
    case 'number':
      return numberAxis(title, values);
    default:
      return written satisfies never;
  }
}

/** Round numbers between the limits; over more than three decades the powers of ten alone. */
export function logTicks(min: number, max: number): number[] {
  const steps = max / min > 1000 ? [1] : max / min > 100 ? [1, 2, 5] : [1, 1.5, 2, 3, 5, 7];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
    ticks.push(
      ...steps.map((step) => Number(`${step}e${power}`)).filter((tick) => tick >= min && tick <= max),
    );
  }
  return ticks;
}
