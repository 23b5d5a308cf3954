/** Typed arrays of a program's own as a table. Not here: which rows train (table-parts.ts), and scaling (scaling.ts). */
import { errors, shown } from '../errors.ts';
import { maxClasses } from '../train/encoding.ts';
import type { LabelledTable, Table } from './table.ts';
import { maxTargets } from './table-file.ts';
import { firstTwice } from './table-header.ts';

/** Rows and what is to be learnt of them, as a program holds them: their classes, or numbers. */
export interface Arrays {
  /** (rows x inputs), one row after the other; every value must be finite. Copied, never changed. */
  readonly inputs: Numbers;
  /** (rows): a class from 0 to 255 for each. */
  readonly labels?: Uint8Array | Uint32Array | Int32Array | Float64Array | readonly number[] | undefined;
  /** (rows x targets), in place of labels: the numbers that a network with the output "linear" learns. */
  readonly targets?: Numbers | undefined;
  /** The names of 2 to 256 classes; if absent, as many as the labels say, called "0", "1", ... */
  readonly classes?: readonly string[] | undefined;
  /** The names of the targets, and so how many a row has; if absent, one called "target". */
  readonly targetNames?: readonly string[] | undefined;
  /** The names of the inputs; "0", "1", ... if absent. */
  readonly columns?: readonly string[] | undefined;
}

type Numbers = Float32Array | Float64Array | Uint8Array | readonly number[];

/** @throws ERR_ARRAYS with what does not fit */
export function tableOfArrays(arrays: Arrays): LabelledTable {
  const { labels, targets } = arrays;
  if ((labels === undefined) === (targets === undefined)) {
    const both = labels === undefined ? 'neither' : 'both';
    throw errors.arrays(`labels (classes) or targets (numbers) must be given, but ${both} are`);
  }
  refuseLists('inputs', arrays.inputs);
  if (targets === undefined) return labelled(arrays);
  refuseLists('targets', targets);
  return targeted(arrays, Float64Array.from(targets));
}

/** A program without types may bring a list for each row, of which Float64Array would make NaN. */
function refuseLists(name: string, values: ArrayLike<unknown>): void {
  if (Array.isArray(values[0]))
    throw errors.arrays(
      `${name} must be numbers, one row after the other, but hold lists: give ${name}.flat()`,
    );
}

function labelled(arrays: Arrays): LabelledTable {
  const { classes } = arrays;
  // One kind of array, so that one loop fits all.
  const labels = Float64Array.from(arrays.labels ?? []);
  const table = inputsOf(arrays, labels.length, 'labels');
  if (classes !== undefined && !(classes.length >= 2 && classes.length <= maxClasses)) {
    throw errors.arrays(`classes must be 2 to ${maxClasses} names, but are ${classes.length}`);
  }
  const most = classes?.length ?? maxClasses;
  const odd = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < most));
  if (odd >= 0) {
    throw errors.arrays(
      `label ${odd} must be a whole number from 0 to ${most - 1}, but is ${shown(labels[odd])}`,
    );
  }
  const highest = labels.reduce((most, label) => Math.max(most, label), 1);
  return { ...table, labels: Uint8Array.from(labels), classes: classes ?? numbered(highest + 1) };
}

function targeted(arrays: Arrays, values: Float64Array): LabelledTable {
  const { targetNames: names = ['target'] } = arrays;
  refuseTwice('targetNames', names);
  const rows = values.length / names.length;
  if (names.length === 0 || names.length > maxTargets || !Number.isInteger(rows)) {
    throw errors.arrays(
      `targets must hold a number of each of the 1 to ${maxTargets} targetNames (${names.length}) for each row, but hold ${values.length} in all`,
    );
  }
  const table = inputsOf(arrays, rows, 'rows of targets');
  refuseInfinite(values, names.length, (column) => `target ${shown(names[column])}`);
  return { ...table, labels: new Uint8Array(rows), classes: [], targets: { names, values } };
}

/** @param what there is one of for each row */
function inputsOf(arrays: Arrays, rows: number, what: string): Table {
  const { columns } = arrays;
  const inputs = Float64Array.from(arrays.inputs);
  const width = inputs.length / rows;
  if (rows === 0 || !Number.isInteger(width) || width === 0 || width > 65_535) {
    throw errors.arrays(
      `inputs must hold as many values for each of the ${rows} ${what}, 1 to 65535, but hold ${inputs.length} in all`,
    );
  }
  refuseInfinite(inputs, width, (column) => `input ${column}`);
  if (columns !== undefined && columns.length !== width) {
    throw errors.arrays(`columns must be ${width} names, one an input, but are ${columns.length}`);
  }
  refuseTwice('columns', columns ?? []);
  return { columns: columns ?? numbered(width), values: inputs, texts: new Map() };
}

function refuseTwice(what: string, names: readonly string[]): void {
  const twice = firstTwice(names);
  if (twice !== undefined) throw errors.arrays(`${what} names ${shown(twice)} more than once`);
}

/** @param values (rows x width) */
function refuseInfinite(values: Float64Array, width: number, nameOf: (column: number) => string): void {
  const fault = values.findIndex((value) => !Number.isFinite(Math.fround(value)));
  if (fault < 0) return;
  const place = `${nameOf(fault % width)} of row ${Math.floor(fault / width)}`;
  throw errors.arrays(`${place} must be a finite float32 number, but is ${shown(values[fault])}`);
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => String(index));
