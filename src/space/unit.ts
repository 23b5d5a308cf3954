/**
 * Between the unit cube and the values of a space: a place from 0 to 1 for each parameter, and its coordinate as a number.
 * Not here: which point to try, and which values a grid enumerates.
 */
import { exp } from '../exact/exp.ts';
import { log } from '../exact/log.ts';
import type { Value } from '../trial.ts';
import { type Parameter, valueAt, valueCount } from './parameter.ts';
import { applies, type Space } from './space.ts';

type Numeric = Exclude<Parameter, { kind: 'choice' }>;

/** A numeric parameter as an interval: linear or in logarithms; steps lie in it with half a step of room at each end. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  /** How many values it has; Infinity where it is continuous. */
  readonly count: number;
  /** The coordinate of value number `index`, counted from 0; of a continuous axis there are no such. */
  coordinateAt(index: number): number;
  /** The ends of the stretch of the axis that stands for value number `index`. */
  cellOf(index: number): readonly [low: number, high: number];
  coordinateOf(value: number): number;
  /** The value at a coordinate, or the nearest to it. */
  valueAt(coordinate: number): number;
  /** The number of the value nearest to a coordinate; of a continuous axis 0. */
  indexAt(coordinate: number): number;
}

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

/** The axis of a numeric parameter. Steps on a log scale are the nearest to what was drawn, as Optuna's whole numbers are. */
export function axisOf(parameter: Numeric): Axis {
  const { min, max, scale, step } = parameter;
  if (scale === 'log') return step === undefined ? logAxis(min, max) : logSteppedAxis(parameter, step);
  return step === undefined ? linearAxis(min, max) : steppedAxis(parameter, step);
}

const continuous = {
  count: Number.POSITIVE_INFINITY,
  coordinateAt: () => Number.NaN,
  cellOf: () => [Number.NaN, Number.NaN] as const,
  indexAt: () => 0,
};

const linearAxis = (low: number, high: number): Axis => ({
  ...continuous,
  low,
  high,
  coordinateOf: (value) => value,
  valueAt: (coordinate) => clamp(coordinate, low, high),
});

const logAxis = (min: number, max: number): Axis => ({
  ...continuous,
  low: log(min),
  high: log(max),
  coordinateOf: log,
  valueAt: (coordinate) => clamp(exp(coordinate), min, max),
});

/** Of steps on a log scale: the nearest one to e to the coordinate. */
function logSteppedAxis(parameter: Numeric, step: number): Axis {
  const { min } = parameter;
  const count = valueCount(parameter);
  const indexAt = (coordinate: number) => clamp(Math.round((exp(coordinate) - min) / step), 0, count - 1);
  // Half a step below the first value is above 0: the schema sees to it.
  const cellOf = (index: number) =>
    [log(min + index * step - step / 2), log(min + index * step + step / 2)] as const;
  return {
    low: cellOf(0)[0],
    high: cellOf(count - 1)[1],
    count,
    coordinateAt: (index) => log(min + index * step),
    cellOf,
    coordinateOf: log,
    indexAt,
    valueAt: (coordinate) => valueAt(parameter, indexAt(coordinate)) as number,
  };
}

function steppedAxis(parameter: Numeric, step: number): Axis {
  const { min } = parameter;
  const count = valueCount(parameter);
  const coordinateAt = (index: number) => min + index * step;
  const indexAt = (coordinate: number) => clamp(Math.round((coordinate - min) / step), 0, count - 1);
  return {
    low: min - step / 2,
    high: coordinateAt(count - 1) + step / 2,
    count,
    coordinateAt,
    cellOf: (index) => [coordinateAt(index) - step / 2, coordinateAt(index) + step / 2],
    coordinateOf: (value) => value,
    indexAt,
    valueAt: (coordinate) => valueAt(parameter, indexAt(coordinate)) as number,
  };
}

/** The value at a place from 0 up to, not including, 1, where each is as likely as every other of a parameter. */
export type ValueAt = (place: number) => Value;

export function valuesOf(parameter: Parameter): ValueAt {
  if (parameter.kind === 'choice') {
    const { values } = parameter;
    return (place) => values[Math.min(values.length - 1, Math.floor(place * values.length))] as Value;
  }
  const { low, high, valueAt } = axisOf(parameter);
  return (place) => valueAt(low + place * (high - low));
}

/** The point at places of the unit cube, one a parameter; those that do not apply there are left out. */
export function pointsOf(space: Space): (placeOf: (index: number) => number) => Record<string, Value> {
  const valuesAt = space.map(({ parameter }) => valuesOf(parameter));
  return (placeOf) => {
    const params: Record<string, Value> = {};
    for (const [index, named] of space.entries()) {
      // Asked for in any case: a place belongs to its parameter, whichever others apply.
      const place = placeOf(index);
      if (applies(named, params)) params[named.name] = (valuesAt[index] as ValueAt)(place);
    }
    return params;
  };
}
