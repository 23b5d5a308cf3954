/**
 * A random forest of regression trees (Breiman 2001): each grown to single values on a sample drawn with replacement.
 * Not here: predicting. What a tree is asked for is its leaves, as boxes that divide the space between them.
 */
import type { Random } from '../random.ts';
import type { Column } from './column.ts';

/** Of a number the range (low, high]; of a choice the choices that are left. */
export type Side =
  | { readonly kind: 'number'; readonly low: number; readonly high: number }
  | { readonly kind: 'choice'; readonly choices: readonly number[] };

export interface Leaf {
  /** A side a column. */
  readonly box: readonly Side[];
  readonly value: number;
}

/** The whole space: a side a column. */
const wholeOf = (columns: readonly Column[]): readonly Side[] =>
  columns.map((column) =>
    column.kind === 'number'
      ? { kind: 'number', low: column.low, high: column.high }
      : { kind: 'choice', choices: Array.from({ length: column.count }, (_, choice) => choice) },
  );

/** What is not divided yet: its trials, sorted anew by each column, and where they lie. */
interface Node {
  readonly sorted: readonly Int32Array[];
  readonly box: readonly Side[];
}

/** One tree's leaves. @param targets a number a trial; every column must apply to every trial */
export function growTree(columns: readonly Column[], targets: readonly number[], random: Random): Leaf[] {
  const sample = Int32Array.from(targets, () => random.below(targets.length));
  // Sorted once: what is left of a sorted list is sorted.
  const sorted = columns.map(({ values }) =>
    sample.toSorted((a, b) => (values[a] as number) - (values[b] as number)),
  );
  const isInner = new Uint8Array(targets.length);
  const leaves: Leaf[] = [];
  // A list in place of recursion: a tree of 10,000 trials can be deep.
  const open: Node[] = [{ sorted, box: wholeOf(columns) }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { sorted, box } = node;
    const split = bestSplit(columns, targets, sorted, random);
    if (split === undefined) {
      const rows = sorted[0] ?? sample;
      leaves.push({ box, value: sumOf(targets, rows) / rows.length });
      continue;
    }
    const { column, at } = split;
    const { kind, values } = columns[column] as Column;
    for (const row of sorted[column] as Int32Array)
      isInner[row] = Number(kind === 'number' ? (values[row] as number) <= at : values[row] === at);
    const [inner, outer] = sidesOf(box[column] as Side, at);
    open.push(
      {
        sorted: sorted.map((rows) => rows.filter((row) => isInner[row] === 0)),
        box: box.with(column, outer),
      },
      {
        sorted: sorted.map((rows) => rows.filter((row) => isInner[row] === 1)),
        box: box.with(column, inner),
      },
    );
  }
  return leaves;
}

function sumOf(targets: readonly number[], rows: Int32Array): number {
  let sum = 0;
  for (const row of rows) sum += targets[row] as number;
  return sum;
}

function sidesOf(side: Side, at: number): readonly [inner: Side, outer: Side] {
  if (side.kind === 'number') {
    return [
      { ...side, high: at },
      { ...side, low: at },
    ];
  }
  return [
    { kind: 'choice', choices: [at] },
    { kind: 'choice', choices: side.choices.filter((choice) => choice !== at) },
  ];
}

/** Up to a number, or one choice against all others. */
interface Split {
  readonly column: number;
  readonly at: number;
  /** The larger, the less is left to explain. */
  readonly worth: number;
}

/** The split that explains most; of equal ones the first by a random order of columns. */
function bestSplit(
  columns: readonly Column[],
  targets: readonly number[],
  sorted: readonly Int32Array[],
  random: Random,
): Split | undefined {
  if (sorted[0] === undefined || areEqual(targets, sorted[0])) return undefined;
  const order = columns.map((_, column) => column);
  let best: Split | undefined;
  for (let left = order.length; left > 0; left--) {
    const place = random.below(left);
    const column = order[place] as number;
    order[place] = order[left - 1] as number;
    const split = splitOf(columns[column] as Column, column, targets, sorted[column] as Int32Array);
    if (split !== undefined && (best === undefined || split.worth > best.worth)) best = split;
  }
  return best;
}

function areEqual(targets: readonly number[], rows: Int32Array): boolean {
  const first = targets[rows[0] as number] as number;
  return rows.every((row) => Math.abs((targets[row] as number) - first) <= 1e-15 * Math.abs(first));
}

/** The best split by one column; of a choice, each value against all others. */
function splitOf(
  { kind, values }: Column,
  column: number,
  targets: readonly number[],
  rows: Int32Array,
): Split | undefined {
  const all = rows.length;
  const total = sumOf(targets, rows);
  let best: Split | undefined;
  let sum = 0;
  let size = 0;
  for (let place = 0; place < all; place++) {
    const value = values[rows[place] as number] as number;
    const next = values[rows[place + 1] as number];
    sum += targets[rows[place] as number] as number;
    size++;
    // Numbers nearer than this cannot be told apart from the one between them.
    if (next !== undefined && next - value <= 1e-9 * Math.abs(next)) continue;
    if (size === all) break;
    const worth = (sum * sum) / size + ((total - sum) * (total - sum)) / (all - size);
    const at = kind === 'choice' || next === undefined ? value : (value + next) / 2;
    if (best === undefined || worth > best.worth) best = { column, at, worth };
    if (kind === 'choice') {
      sum = 0;
      size = 0;
    }
  }
  return best;
}
