/** A parameter as a row of cells: one a value, or stretches of a range that has too many. */
import { labelsOf, placeIn, type WithParams } from '../words/parameters.ts';
import { absent, parameterText } from '../words/units.ts';
import type { Scale } from './scale.ts';

export interface Bins {
  readonly name: string;
  readonly title: string;
  /** The last stands for trials to which the parameter does not apply, where there are such. */
  readonly labels: readonly string[];
  /** How many values came up. */
  readonly values: number;
  /** Whether a cell is a stretch of a range. */
  readonly isRange: boolean;
  readonly at: (trial: WithParams) => number;
}

const stretches = 10;

export function binsOf({ parameter, isRange, low, high, at, valueAt }: Scale): Bins {
  const { name, title, values, isConditional } = parameter;
  const common = { name, title, values: values.length };
  if (!isRange || valueAt === undefined || low === high) {
    const place = (trial: WithParams) => placeIn(parameter, trial) ?? values.length;
    return { ...common, labels: labelsOf(parameter), isRange: false, at: place };
  }
  const width = (high - low) / stretches;
  const edge = (index: number) => edgeText(valueAt(low + index * width));
  // Beside a sign a dash would be one more.
  const dash = valueAt(low) < 0 ? ' to ' : '–';
  const labels = Array.from({ length: stretches }, (_, i) => `${edge(i)}${dash}${edge(i + 1)}`);
  return {
    ...{ ...common, isRange: true, labels: isConditional ? [...labels, absent] : labels },
    at: (trial) => {
      const place = at(trial);
      return place === undefined
        ? stretches
        : Math.min(stretches - 1, Math.max(0, Math.floor((place - low) / width)));
    },
  };
}

/** In two digits: neighbours may have to differ in the second. */
const edgeText = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3
    ? value.toExponential(1)
    : parameterText(Number(value.toPrecision(2)));
