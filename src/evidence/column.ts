/**
 * One parameter of many trials as numbers: what importances are worked out from.
 * Not here: the space itself, its conditions, and what the trials have come to.
 */
import { indexOfValue, valueCount } from '../space/parameter.ts';
import type { Space } from '../space/space.ts';
import type { Params } from '../trial.ts';

export type Column = {
  readonly name: string;
  /** A value a trial, in the same order in every column; of a choice its index, counted from 0. NaN: it does not apply. */
  readonly values: readonly number[];
} & (
  | {
      readonly kind: 'number';
      readonly low: number;
      readonly high: number;
      readonly scale: 'linear' | 'log';
      /** How many values there are; Infinity where every number is one. */
      readonly count: number;
      readonly isWhole: boolean;
    }
  | { readonly kind: 'choice'; readonly count: number }
);

/** Where a parameter can take one value only, nothing can depend on it. */
export const isConstant = (column: Column): boolean => column.count <= 1;

/** The parameters of a space, as they are at these points. */
export const columnsOf = (space: Space, points: readonly Params[]): Column[] =>
  space.map(({ name, parameter }) => {
    const count = valueCount(parameter);
    if (parameter.kind === 'choice') {
      const indexOf = indexOfValue(parameter);
      const values = points.map((point) => (point[name] === undefined ? Number.NaN : indexOf(point[name])));
      return { name, values, kind: 'choice', count };
    }
    const { kind, min, max, scale } = parameter;
    // What has no number here does not apply.
    const values = points.map((point) => Number(point[name]));
    return { name, values, kind: 'number', low: min, high: max, scale, count, isWhole: kind === 'int' };
  });
