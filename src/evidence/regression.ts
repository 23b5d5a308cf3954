/**
 * How good predicted numbers are: errors in the units of the target, and the share of its variance that they explain.
 * Names and conventions are scikit-learn's. Not here: where predictions come from.
 */

/** Of one target. */
export interface Regression {
  readonly rows: number;
  /** Root of the mean squared error. */
  readonly rmse: number;
  /** Mean absolute error. */
  readonly mae: number;
  /** The largest absolute error. */
  readonly maxError: number;
  /** 1 - squared error / squared distance to the mean: 1 is perfect, 0 no better than the mean; null where targets do not vary. */
  readonly r2: number | null;
  /** The mean of target - predicted: what the model is too low by. */
  readonly bias: number;
  /** target - predicted of each row. */
  readonly residuals: Float64Array;
}

/** @param targets at least one */
export function regression(targets: ArrayLike<number>, predicted: ArrayLike<number>): Regression {
  const rows = targets.length;
  const residuals = Float64Array.from(
    { length: rows },
    (_, row) => (targets[row] as number) - (predicted[row] as number),
  );
  let [sum, absolute, squared, residual, maxError] = [0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const error = residuals[row] as number;
    sum += targets[row] as number;
    residual += error;
    absolute += Math.abs(error);
    squared += error * error;
    maxError = Math.max(maxError, Math.abs(error));
  }
  const mean = sum / rows;
  let spread = 0;
  for (let row = 0; row < rows; row++) spread += ((targets[row] as number) - mean) ** 2;
  return {
    ...{ rows, residuals, maxError },
    rmse: Math.sqrt(squared / rows),
    mae: absolute / rows,
    r2: spread === 0 ? null : 1 - squared / spread,
    bias: residual / rows,
  };
}
