/**
 * The numbers of an epoch out of the sums of its measured blocks, in the order of measuredColumns.
 * Not here: the sums (evaluate.ts).
 */
import { blockCount } from './arena.ts';
import { type Measurement, measurementBlocks, sumsOf, targetsIn } from './evaluate.ts';
import type { RowRange } from './model.ts';
import { outputs } from './outputs.ts';

/** Gives those of a training whose last epoch has been measured, of the blocks in its arena. */
export function epochNumbers(buffer: ArrayBufferLike, measurement: Measurement): () => readonly number[] {
  const { training, evaluation, arena } = measurement;
  const [width, blocks] = [sumsOf(measurement), measurementBlocks(measurement)];
  const all = new Float64Array(buffer, arena.measured, width * blocks);
  const boundary = width * blockCount(training);
  const [trained, evaluated] = [all.subarray(0, boundary), all.subarray(boundary)];
  const numbersOf = outputs[measurement.output].learns === 'classes' ? classNumbers : errorNumbers;
  return () => [
    ...numbersOf(totals(trained, width), training, measurement, buffer),
    ...numbersOf(totals(evaluated, width), evaluation, measurement, buffer),
  ];
}

/** Each sum over all blocks, in order. */
function totals(sums: Float64Array, width: number): number[] {
  const total = new Array<number>(width).fill(0);
  for (let at = 0; at < sums.length; at++)
    total[at % width] = (total[at % width] as number) + (sums[at] as number);
  return total;
}

/** Mean loss and accuracy. */
function classNumbers(sums: readonly number[], { from, to }: RowRange): number[] {
  return sums.map((sum) => sum / (to - from));
}

/**
 * Mean squared error, root mean squared error in the targets' own units, and R2, each its mean over the targets, as
 * scikit-learn has it. A target that does not vary has an R2 of 1 where it is always met, and of 0 where it is not.
 */
function errorNumbers(
  sums: readonly number[],
  range: RowRange,
  { rows }: Measurement,
  buffer: ArrayBufferLike,
): number[] {
  const { units, ...targets } = targetsIn(rows);
  const count = range.to - range.from;
  let [loss, rmse, r2] = [0, 0, 0];
  for (const [target, sum] of sums.entries()) {
    const spread = spreadOf(new Float32Array(buffer, targets.rows), targets.stride, target, range);
    loss += sum / count;
    rmse += Math.sqrt(sum / count) * (units[target] as number);
    r2 += spread === 0 ? Number(sum === 0) : 1 - sum / spread;
  }
  return [loss, rmse, r2].map((sum) => sum / sums.length);
}

/** The squared distances of a target to its mean, summed over rows: exactly 0 where it does not vary. */
function spreadOf(rows: Float32Array, stride: number, target: number, { from, to }: RowRange): number {
  const aboveFirst = (row: number) =>
    (rows[row * stride + target] as number) - (rows[from * stride + target] as number);
  let sum = 0;
  for (let row = from; row < to; row++) sum += aboveFirst(row);
  const mean = sum / (to - from);
  let spread = 0;
  for (let row = from; row < to; row++) spread += (aboveFirst(row) - mean) ** 2;
  return spread;
}
