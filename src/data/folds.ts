/**
 * Folds: the rows that train and validate, cut into pieces that validate in turn while all others train.
 * The rows lie in a ring: behind the last piece the first ones follow once more, so that what trains is one range for
 * every fold, and kernels need not know of folds.
 * Not here: which rows those are (split.ts, table-parts.ts).
 */
import { errors } from '../errors.ts';
import type { RowRange } from '../train/model.ts';

export interface Fold {
  readonly training: RowRange;
  readonly validation: RowRange;
}

export interface Ring {
  /** The last piece validates first. */
  readonly folds: readonly Fold[];
  /** How many of the first rows must follow once more behind the last one. */
  readonly copies: number;
}

/** How many rows each fold validates: the first ones have one more where they are not equal. */
const sizesOf = (rows: number, folds: number): number[] =>
  Array.from({ length: folds }, (_, fold) => Math.floor(rows / folds) + (fold < rows % folds ? 1 : 0));

/** @throws ERR_DATA_FOLDS where there are more folds than rows */
export function ringOf(rows: number, count: number): Ring {
  if (count > rows) throw errors.tooManyFolds(count, rows);
  const folds: Fold[] = [];
  let end = rows;
  for (const size of sizesOf(rows, count)) {
    const validation = { from: end - size, to: end };
    // The first fold's rows lie as they do without folds: those that validate behind those that train.
    const training = end === rows ? { from: 0, to: end - size } : { from: end, to: rows + end - size };
    folds.push({ training, validation });
    end -= size;
  }
  return { folds, copies: Math.max(0, ...folds.map(({ training }) => training.to - rows)) };
}

/**
 * The rows so that each piece has every group's share, to within one row: place to row number.
 * @param rows row numbers in the order in which they were drawn
 */
export function foldOrder(rows: Uint32Array, groupOf: (row: number) => number, count: number): Uint32Array {
  const groups = new Array<number>(256).fill(0);
  for (const row of rows) groups[groupOf(row)] = (groups[groupOf(row)] as number) + 1;
  // Dealt out in turn, one group after the other, each where the one before it ended.
  let dealt = 0;
  const turn = groups.map((size) => {
    dealt += size;
    return dealt - size;
  });
  const { folds } = ringOf(rows.length, count);
  const next = folds.map(({ validation }) => validation.from);
  const order = new Uint32Array(rows.length);
  for (const row of rows) {
    const group = groupOf(row);
    const fold = (turn[group] as number) % count;
    turn[group] = (turn[group] as number) + 1;
    order[next[fold] as number] = row;
    next[fold] = (next[fold] as number) + 1;
  }
  return order;
}
