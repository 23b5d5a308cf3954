/**
 * Which rows of a table train, validate and test: its parts, each taken out of it.
 * Not here: what is learnt from them (table-rows.ts), and how rows are drawn (split.ts, folds.ts).
 */
import { errors } from '../errors.ts';
import { randomStream, shuffle } from '../random.ts';
import type { RowRange } from '../train/model.ts';
import { type DataRanges, rangeFaults } from '../train/row-ranges.ts';
import { foldOrder, type Ring, ringOf } from './folds.ts';
import { partsOf, type Split, splitOrder } from './split.ts';
import type { LabelledTable } from './table.ts';

/** Either ranges of rows or a split. */
export interface PartOptions {
  readonly train?: DataRanges['train'] | undefined;
  readonly validation?: DataRanges['validation'] | undefined;
  readonly test?: DataRanges['test'];
  readonly split?: Split | undefined;
  /** How many pieces the rows to train on are cut into, in place of validation rows. */
  readonly folds?: number | undefined;
  /** The seed with which the rows of the first table are shuffled before ranges are taken. */
  readonly shuffle?: number | undefined;
}

export interface Part extends LabelledTable {
  /** As the definition calls it. */
  readonly name: 'data.train' | 'data.validation' | 'data.test';
  /** Where its rows lie: the parts lie one behind the other. */
  readonly range: RowRange;
  /** What the row at a place in it is called. */
  rowName(place: number): string;
}

export interface Parts {
  readonly training: Part;
  /** With folds, a copy of the first training rows (folds.ts). */
  readonly validation: Part;
  readonly test: Part | undefined;
  readonly ring: Ring | undefined;
}

/**
 * @param testTable where test rows are in a table of their own
 * @throws ERR_DATA_RANGE for ranges that overlap or reach beyond the rows
 */
export function tableParts(options: PartOptions, table: LabelledTable, testTable?: LabelledTable): Parts {
  const { order, ranges } = chosenRows(options, table);
  const faults = rangeFaults(
    ranges,
    { train: table.labels.length, test: (testTable ?? table).labels.length },
    testTable === undefined ? 'in the same file' : 'in a file of their own',
  );
  if (faults.length > 0) throw errors.dataRanges(faults.map(({ message }) => message));
  const [from, to] = ranges.train;
  const ring = options.folds === undefined ? undefined : ringOf(to - from, options.folds);
  const second = ring === undefined ? ranges.validation : ([from, from + ring.copies] as const);
  if (second === undefined) throw new Error('There are neither validation rows nor folds.');
  const training = partOf('data.train', 0, table, ranges.train, order);
  const validation = partOf('data.validation', training.range.to, table, second, order);
  const test =
    ranges.test &&
    partOf('data.test', validation.range.to, testTable ?? table, ranges.test, testTable ? undefined : order);
  return { training, validation, test, ring };
}

/** The rows of the table in the order in which they are used, and what they are used for. */
function chosenRows(
  options: PartOptions,
  { labels }: LabelledTable,
): { order: Uint32Array; ranges: DataRanges } {
  const { split, train, validation, test, folds, shuffle: seed } = options;
  if (split === undefined) {
    if (train === undefined) throw new Error('There are neither ranges nor a split.');
    return { order: orderOf(labels.length, seed), ranges: { train, validation, test } };
  }
  const parts = partsOf(split, labels.length);
  const trained = parts.train + parts.validation;
  const order = splitOrder(split, labels);
  if (folds !== undefined) {
    const groupOf = (row: number) => (split.stratified ? (labels[row] as number) : 0);
    order.set(foldOrder(order.slice(0, trained), groupOf, folds));
  }
  return {
    order,
    ranges: {
      train: [0, parts.train],
      validation: parts.validation === 0 ? undefined : [parts.train, trained],
      test: test ?? (parts.test === 0 ? undefined : [trained, labels.length]),
    },
  };
}

/** Place to row number; without a seed, as in the file. */
function orderOf(rows: number, seed: number | undefined): Uint32Array {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  if (seed !== undefined) shuffle(order, randomStream(seed, 'rows of a table', 0, 0));
  return order;
}

/** @param at where its rows begin among those of all parts @param order of the table's rows; a test file's stay as they are */
function partOf(
  name: Part['name'],
  at: number,
  { values, labels, targets, ...table }: LabelledTable,
  [from, to]: readonly [number, number],
  order?: Uint32Array,
): Part {
  const rowAt = (place: number): number => order?.[from + place] ?? from + place;
  const count = to - from;
  const taken = (all: Float64Array, width: number): Float64Array => {
    const some = new Float64Array(count * width);
    for (let place = 0; place < count; place++) {
      const row = rowAt(place);
      some.set(all.subarray(row * width, (row + 1) * width), place * width);
    }
    return some;
  };
  const file = order === undefined ? 'the test file' : 'the data';
  return {
    ...{ ...table, name, range: { from: at, to: at + count } },
    values: taken(values, table.columns.length),
    labels: Uint8Array.from({ length: count }, (_, place) => labels[rowAt(place)] as number),
    targets: targets && { ...targets, values: taken(targets.values, targets.names.length) },
    rowName: (place) => `row ${rowAt(place)} of ${file} (counted from 0)`,
  };
}
