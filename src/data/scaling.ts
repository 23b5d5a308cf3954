/**
 * How columns of numbers are scaled: by what the training rows say of each.
 * Not here: scaling a row (train/encoding.ts).
 */

export type Scaling = 'none' | 'standard' | 'min-max';

/** A value becomes (value - offset) / divisor. */
export interface Scale {
  readonly offset: number;
  /** Not 0: where a column does not vary it is 1, so that the column becomes 0. */
  readonly divisor: number;
}

/** @param values (rows x columns) of the training rows @param scalings how each column is scaled */
export function scalesOf(scalings: readonly Scaling[], values: Float64Array): Scale[] {
  const width = scalings.length;
  const rows = values.length / width;
  return scalings.map((scaling, column) => {
    const { offset, divisor } = spanOf(
      scaling,
      Float64Array.from({ length: rows }, (_, row) => values[row * width + column] as number),
    );
    return { offset, divisor: divisor > 0 ? divisor : 1 };
  });
}

function spanOf(scaling: Scaling, column: Float64Array): Scale {
  switch (scaling) {
    case 'none':
      return { offset: 0, divisor: 1 };
    case 'standard': {
      const [first = 0] = column;
      // The mean of equal numbers is rounded: the next row that differs would be millions of deviations away.
      if (column.every((value) => value === first)) return { offset: first, divisor: 0 };
      const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
      const variance =
        column.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / column.length;
      return { offset: mean, divisor: Math.sqrt(variance) };
    }
    case 'min-max': {
      const low = column.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
      const high = column.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
      return { offset: low, divisor: high - low };
    }
    default:
      return scaling satisfies never;
  }
}
