/**
 * One parameter of many trials as numbers: what importances are worked out from.
 * Not here: the space that the parameters come from.
 */

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
