/**
 * One parameter: which values it may take, how many, and in which order a grid tries them.
 * Not here: conditions between parameters, and which value to try next.
 */
import { shown } from '../errors.ts';
import type { Value } from '../trial.ts';
import { identityOf } from './value-identity.ts';

export type Parameter =
  | { readonly kind: 'choice'; readonly values: readonly Value[] }
  | {
      readonly kind: 'float';
      readonly min: number;
      readonly max: number;
      readonly scale: 'linear' | 'log';
      /** Values are min, min + step, ...; without one, every number of the range. */
      readonly step?: number;
    }
  | {
      readonly kind: 'int';
      readonly min: number;
      readonly max: number;
      readonly scale: 'linear' | 'log';
      readonly step: number;
    };

/** How many values there are; Infinity where every number of a range is one. */
export function valueCount(parameter: Parameter): number {
  if (parameter.kind === 'choice') return parameter.values.length;
  const { min, max, step } = parameter;
  // 0.1 to 0.3 by 0.1 are three values, though 0.2 / 0.1 is less than 2 in binary.
  return step === undefined ? Number.POSITIVE_INFINITY : Math.floor((max - min) / step + 1e-9) + 1;
}

/** Value number `index`, counted from 0, of a parameter with a finite number of them. */
export function valueAt(parameter: Parameter, index: number): Value {
  if (parameter.kind === 'choice') return parameter.values[index] as Value;
  const { min, max, step } = parameter;
  if (index === 0 || step === undefined) return min;
  const value = min + index * step;
  // Without the digits that only binary made: the third of 0.1, 0.2, ... is 0.3. They are the same on every machine.
  // Whole numbers have none, but can have a sixteenth of their own.
  return Math.min(parameter.kind === 'int' ? value : Number(value.toPrecision(15)), max);
}

/** The place of a value among them; -1 for one that is none, or where there are infinitely many. */
export function indexOfValue(parameter: Parameter): (value: Value | undefined) => number {
  if (parameter.kind === 'choice') {
    // By a map: a list can have a million values.
    const places = new Map(parameter.values.map((value, index) => [identityOf(value), index]));
    return (value) => (value === undefined ? -1 : (places.get(identityOf(value)) ?? -1));
  }
  const { min, step } = parameter;
  const count = valueCount(parameter);
  return (value) => {
    if (typeof value !== 'number' || step === undefined) return -1;
    const index = Math.round((value - min) / step);
    return index >= 0 && index < count && valueAt(parameter, index) === value ? index : -1;
  };
}

/** Whether a value is one of the parameter's. */
export function holds(parameter: Parameter, value: Value): boolean {
  if (parameter.kind === 'choice') {
    const wanted = identityOf(value);
    return parameter.values.some((own) => identityOf(own) === wanted);
  }
  if (parameter.step !== undefined) return indexOfValue(parameter)(value) >= 0;
  return typeof value === 'number' && value >= parameter.min && value <= parameter.max;
}

/** Its values in words, as they stand behind "must be": `a number from 0.1 to 10`. */
export function valuesText(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'choice': {
      const most = 12;
      const named = parameter.values.slice(0, most).map(shown);
      const more = parameter.values.length - named.length;
      return `${named.join(' or ')}${more > 0 ? ` or one of ${more} more` : ''}`;
    }
    case 'float':
    case 'int': {
      const { kind, min, max, step } = parameter;
      const what = kind === 'int' ? 'a whole number' : 'a number';
      const steps = step === undefined || (kind === 'int' && step === 1) ? '' : ` in steps of ${step}`;
      return `${what} from ${min} to ${max}${steps}`;
    }
    default:
      return parameter satisfies never;
  }
}
