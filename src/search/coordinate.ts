/** A parameter as a dimension of a Parzen estimator, and its values as coordinates there. Not here: the estimator (parzen.ts). */
import { indexOfValue } from '../space/parameter.ts';
import type { NamedParameter } from '../space/space.ts';
import { axisOf } from '../space/unit.ts';
import type { Value } from '../trial.ts';
import type { Dimension } from './parzen.ts';

export interface Coordinate {
  readonly name: string;
  readonly dimension: Dimension;
  /** NaN for a value that is none of the parameter's. */
  of(value: Value | undefined): number;
  valueAt(coordinate: number): Value;
}

export function coordinateOf({ name, parameter }: NamedParameter): Coordinate {
  if (parameter.kind === 'choice') {
    const indexOf = indexOfValue(parameter);
    return {
      name,
      dimension: { choices: parameter.values.length },
      of(value) {
        const index = indexOf(value);
        return index < 0 ? Number.NaN : index;
      },
      valueAt: (index) => parameter.values[index] as Value,
    };
  }
  const { min, max } = parameter;
  // An interval without a width has no density: its one value is the only choice.
  if (min === max)
    return {
      name,
      dimension: { choices: 1 },
      of: (value) => (value === min ? 0 : Number.NaN),
      valueAt: () => min,
    };
  const axis = axisOf(parameter);
  const isOne = (value: Value | undefined) => typeof value === 'number' && value >= min && value <= max;
  return {
    name,
    dimension: { axis },
    of: (value) => (isOne(value) ? axis.coordinateOf(value as number) : Number.NaN),
    valueAt: axis.valueAt,
  };
}
