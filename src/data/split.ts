/**
 * Which rows of a table train, validate and test, where a definition gives shares in place of ranges: drawn with a seed,
 * and where it asks for that with each class in equal shares everywhere.
 * Not here: reading, and scaling.
 */
import { errors } from '../errors.ts';
import { randomStream, shuffle } from '../random.ts';

/** Shares of the rows (above 0, below 1) or numbers of rows (from 1). */
export interface Split {
  readonly validation?: number | undefined;
  readonly test?: number | undefined;
  /** Whether each class has its share of every part. */
  readonly stratified: boolean;
  readonly seed: number;
  /** How many rows there must be; a run records it. */
  readonly rows?: number | undefined;
}

/** How many rows each part has; those that are left train. */
export function partsOf(split: Split, rows: number) {
  const count = (part: number | undefined): number =>
    part === undefined ? 0 : part < 1 ? Math.max(1, Math.round(part * rows)) : part;
  const [validation, test] = [count(split.validation), count(split.test)];
  return { train: rows - validation - test, validation, test };
}

/**
 * The rows in the order training, validation, test: place to row number.
 * @param labels the class of each row
 * @throws ERR_DATA_SPLIT where no row is left to train on, or there are not as many rows as recorded
 */
export function splitOrder(split: Split, labels: Uint8Array): Uint32Array {
  const rows = labels.length;
  if (split.rows !== undefined && split.rows !== rows) throw errors.splitRows(split.rows, rows);
  const parts = partsOf(split, rows);
  if (parts.train < 1) throw errors.splitTooLarge(parts.validation, parts.test, rows);
  const drawn = new Uint32Array(rows);
  shuffle(drawn, randomStream(split.seed, 'rows of a split', 0, 0));
  const groups = split.stratified ? labels : new Uint8Array(rows);
  const counts = new Array<number>(256).fill(0);
  for (const group of groups) counts[group] = (counts[group] as number) + 1;
  const test = shared(parts.test, counts);
  const left = counts.map((count, group) => count - (test[group] as number));
  const validation = shared(parts.validation, left);

  const order = new Uint32Array(rows);
  const next = { train: 0, validation: parts.train, test: parts.train + parts.validation };
  for (const row of drawn) {
    const group = groups[row] as number;
    const part = take(test, group) ? 'test' : take(validation, group) ? 'validation' : 'train';
    order[next[part]++] = row;
  }
  return order;
}

/** Whether one of the group is still to be had; then there is one less. */
function take(left: number[], group: number): boolean {
  if (left[group] === 0) return false;
  left[group] = (left[group] as number) - 1;
  return true;
}

/** `total` rows, of each group its share: rounded down, and then the largest remainders up (Hamilton). */
function shared(total: number, counts: readonly number[]): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  // Whole numbers throughout, and exact: a file has less than 2^26 rows.
  const parts = counts.map((count) => Math.floor((total * count) / all));
  const remainder = (group: number) => (total * (counts[group] as number)) % all;
  const lacking = total - parts.reduce((sum, part) => sum + part, 0);
  const largest = [...counts.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b).slice(0, lacking);
  for (const group of largest) parts[group] = (parts[group] as number) + 1;
  return parts;
}
