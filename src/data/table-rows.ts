/**
 * The rows of an experiment out of a table, scaled by what its training rows say.
 * Not here: reading files.
 */
import { createHash } from 'node:crypto';
import { errors } from '../errors.ts';
import { randomStream, shuffle } from '../random.ts';
import { encodedRows, type TableEncoding, type TableField, type Target } from '../train/encoding.ts';
import type { RowRange } from '../train/model.ts';
import { type DataRanges, rangeFaults, type TestRowsAre } from '../train/row-ranges.ts';
import type { LoadedData } from './dataset.ts';
import { foldOrder, ringOf } from './folds.ts';
import { partsOf, type Split, splitOrder } from './split.ts';
import type { LabelledTable, TargetColumns } from './table.ts';
import {
  arePlain,
  inputNames,
  inputValues,
  learntFields,
  type TableInputs,
  unseenRemarks,
} from './table-fields.ts';
import { type Missing, maxColumns } from './table-file.ts';

/** How each column is scaled; offsets and divisors are learnt from the training rows alone. */
export type Scaling = 'none' | 'standard' | 'min-max';

/** Either ranges of rows or a split. */
export interface TableRows {
  readonly train?: DataRanges['train'] | undefined;
  readonly validation?: DataRanges['validation'] | undefined;
  readonly test?: DataRanges['test'];
  readonly split?: Split | undefined;
  /** How many pieces the rows to train on are cut into, in place of validation rows. */
  readonly folds?: number | undefined;
  readonly scaling: Scaling;
  /** How each target is scaled; standard if undefined. */
  readonly targetScaling?: Scaling | undefined;
  /** The seed with which the rows of the first table are shuffled before ranges are taken. */
  readonly shuffle?: number | undefined;
  readonly missing?: Missing | undefined;
}

/**
 * Rows in the order training, validation, test; with folds those of the first fold, and before the test rows its first
 * ones once more.
 * @param testTable where test rows are in a table of their own
 * @throws ERR_DATA_RANGE for ranges that overlap or reach beyond the rows
 */
export function tableRows(options: TableRows, table: LabelledTable, testTable?: LabelledTable): LoadedData {
  const testRowsAre: TestRowsAre = testTable === undefined ? 'in the same file' : 'in a file of their own';
  const available = { train: table.labels.length, test: (testTable ?? table).labels.length };
  const { order, ranges } = chosenRows(options, table);
  const faults = rangeFaults(ranges, available, testRowsAre);
  if (faults.length > 0) throw errors.dataRanges(faults.map(({ message }) => message));
  const [from, to] = ranges.train;
  const ring = options.folds === undefined ? undefined : ringOf(to - from, options.folds);
  const second = ring === undefined ? ranges.validation : ([from, from + ring.copies] as const);
  if (second === undefined) throw new Error('There are neither validation rows nor folds.');
  const pieces = [rowsOf(table, ranges.train, order), rowsOf(table, second, order)];
  if (ranges.test !== undefined) {
    pieces.push(testTable === undefined ? rowsOf(table, ranges.test, order) : rowsOf(testTable, ranges.test));
  }
  const [training] = pieces as [Rows, ...Rows[]];
  const { classes } = table;
  const targets = training.targets && learntTargets(options.targetScaling ?? 'standard', training.targets);
  const fields = learntFields(training, {
    fills: options.missing === 'mean',
    refuseEmpty: (column) => {
      throw errors.emptyColumn(column);
    },
  });
  const columns = inputNames(fields);
  if (columns.length > maxColumns) throw errors.tooManyCategories(columns.length, maxColumns);
  const inputs = pieces.map((piece) => inputValues(fields, piece));
  const [trainingInputs] = inputs as [TableInputs, ...TableInputs[]];
  const encoding = {
    ...learnt(options.scaling, trainingInputs.values, fields),
    ...(targets === undefined ? { columns, classes } : { columns, targets }),
    ...(arePlain(fields) ? {} : { fields }),
  };
  const places = placesOf(pieces);
  const [first, next, test] = places as [RowRange, RowRange, RowRange | undefined];
  const used = ring?.folds[0] ?? { training: first, validation: next };
  const count = (test ?? next).to;
  const values = new Float32Array(count * columns.length);
  const labels = new Uint8Array(count);
  const answers = targets && new Float32Array(count * targets.length);
  for (const [index, piece] of pieces.entries()) {
    const { from } = places[index] as RowRange;
    const raw = (inputs[index] as TableInputs).values;
    const encoded = encodedRows(encoding, raw);
    const overflow = encoded.findIndex((value) => !Number.isFinite(value));
    if (overflow >= 0) throw overflowAt(overflow, encoded, raw, piece, columns);
    values.set(encoded, from * columns.length);
    labels.set(piece.labels, from);
    if (targets !== undefined) answers?.set(scaledTargets(targets, piece), from * targets.length);
  }
  const remarks = inputs.flatMap(({ unseen }, index) => unseenRemarks(pieceNames[index] as string, unseen));
  const contents = {
    ...{ inputs: columns.length, classes: classes.length, encoding },
    ...{ ...used, test },
    ...(ring === undefined ? {} : { folds: ring.folds }),
  };
  const hash = createHash('sha256')
    .update(JSON.stringify(contents))
    .update(new Uint8Array(values.buffer))
    .update(labels)
    .update(answers === undefined ? '' : new Uint8Array(answers.buffer))
    .digest('hex');
  const entries = values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
  const splitRows = options.split && table.labels.length;
  const loaded = { ...contents, values, labels, hash, entries, density: entries / values.length };
  return { ...loaded, ...(answers === undefined ? {} : { targets: answers }), remarks, splitRows };
}

const pieceNames = ['data.train', 'data.validation', 'data.test'] as const;

interface Rows extends LabelledTable {
  /** What row at a place is called. */
  name(place: number): string;
}

/** Each number of a table is finite; divided by a span of almost nothing it may not be. */
function overflowAt(
  at: number,
  encoded: Float32Array,
  raw: Float64Array,
  { name }: Rows,
  columns: readonly string[],
) {
  const input = at % columns.length;
  return errors.scalingOverflow(
    name(Math.floor(at / columns.length)),
    columns[input] as string,
    raw[at] as number,
    encoded[at] as number,
    'Leave the column out, write it in another unit, or choose another data.scaling',
  );
}

/** The rows of the table in the order in which they are used, and what they are used for. */
function chosenRows(
  options: TableRows,
  { labels }: LabelledTable,
): { order: Uint32Array; ranges: DataRanges } {
  const { split, train, validation, test, folds, shuffle: seed } = options;
  if (split !== undefined) {
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
  if (train === undefined) throw new Error('There are neither ranges nor a split.');
  return { order: orderOf(labels.length, seed), ranges: { train, validation, test } };
}

/** Place to row number; without a seed, as in the file. */
function orderOf(rows: number, seed: number | undefined): Uint32Array {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  if (seed !== undefined) shuffle(order, randomStream(seed, 'rows of a table', 0, 0));
  return order;
}

/** @param order of the table's rows; a test file's stay as they are */
function rowsOf(
  { values, labels, targets, ...table }: LabelledTable,
  [from, to]: readonly [number, number],
  order?: Uint32Array,
): Rows {
  const inputs = table.columns.length;
  const rowAt = (place: number): number => order?.[place] ?? place;
  const taken = { values: new Float64Array((to - from) * inputs), labels: new Uint8Array(to - from) };
  const width = targets?.names.length ?? 0;
  const answers = new Float64Array((to - from) * width);
  for (let place = from; place < to; place++) {
    const row = rowAt(place);
    taken.values.set(values.subarray(row * inputs, (row + 1) * inputs), (place - from) * inputs);
    taken.labels[place - from] = labels[row] as number;
    if (targets !== undefined)
      answers.set(targets.values.subarray(row * width, (row + 1) * width), (place - from) * width);
  }
  const file = order === undefined ? 'the test file' : 'the data';
  return {
    ...{ ...table, ...taken },
    ...(targets === undefined ? {} : { targets: { names: targets.names, values: answers } }),
    name: (place) => `row ${rowAt(from + place)} of ${file} (counted from 0)`,
  };
}

/** Where the pieces lie, one behind the other. */
function placesOf(pieces: readonly Rows[]): RowRange[] {
  let from = 0;
  return pieces.map(({ labels }) => {
    const range = { from, to: from + labels.length };
    from = range.to;
    return range;
  });
}

/** Offsets and divisors of the inputs; a column that does not vary is left at 0, and categories are as they are. */
function learnt(
  scaling: Scaling,
  values: Float64Array,
  fields: readonly TableField[],
): Pick<TableEncoding, 'kind' | 'offsets' | 'divisors'> {
  const scalings = fields.flatMap((field) =>
    'categories' in field ? field.categories.map(() => 'none' as const) : [scaling],
  );
  const inputs = scalings.length;
  const rows = values.length / inputs;
  const spans = scalings.map((scaling, input) => {
    const column = Float64Array.from({ length: rows }, (_, row) => values[row * inputs + input] as number);
    return spanOf(scaling, column);
  });
  return {
    kind: 'table',
    offsets: spans.map(({ offset }) => offset),
    divisors: spans.map(({ divisor }) => (divisor > 0 ? divisor : 1)),
  };
}

/** The targets of these rows, the training rows, and how they are scaled. */
function learntTargets(scaling: Scaling, { names, values }: TargetColumns): Target[] {
  const width = names.length;
  return names.map((name, target) => {
    const column = values.filter((_, at) => at % width === target);
    const { offset, divisor } = spanOf(scaling, column);
    return { name, offset, divisor: divisor > 0 ? divisor : 1 };
  });
}

/** @throws ERR_TABLE_OVERFLOW where a target is out of float32's range once it is scaled */
function scaledTargets(targets: readonly Target[], { targets: given, name }: Rows): Float32Array {
  const raw = given?.values ?? new Float64Array();
  const targetAt = (at: number) => targets[at % targets.length] as Target;
  const scaled = Float32Array.from(raw, (value, at) => (value - targetAt(at).offset) / targetAt(at).divisor);
  const at = scaled.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return scaled;
  throw errors.scalingOverflow(
    ...([name(Math.floor(at / targets.length)), targetAt(at).name] as const),
    ...([raw[at] as number, scaled[at] as number] as const),
    'Write the target in another unit, or choose another data.targetScaling',
  );
}

function spanOf(scaling: Scaling, column: Float64Array): { offset: number; divisor: number } {
  switch (scaling) {
    case 'none':
      return { offset: 0, divisor: 1 };
    case 'standard': {
      const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
      const variance =
        column.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / column.length;
      return { offset: mean, divisor: Math.sqrt(variance) };
    }
    case 'min-max': {
      const [low, high] = column.reduce(
        ([low, high], value) => [Math.min(low, value), Math.max(high, value)] as [number, number],
        [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as [number, number],
      );
      return { offset: low, divisor: high - low };
    }
    default:
      return scaling satisfies never;
  }
}
