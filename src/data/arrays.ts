/** Typed arrays of a program's own as a table. Not here: which rows train, and scaling (table-rows.ts). */
import { errors, shown } from '../errors.ts';
import { maxClasses } from '../train/encoding.ts';
import type { LabelledTable } from './table.ts';
import { firstTwice } from './table-file.ts';

/** Rows and their classes, as a program holds them. */
export interface Arrays {
  /** (rows x inputs), one row after the other; every value must be finite. Copied, never changed. */
  readonly inputs: Float32Array | Float64Array | Uint8Array | readonly number[];
  /** (rows): a class from 0 to 255 for each. */
  readonly labels: Uint8Array | Uint32Array | Int32Array | Float64Array | readonly number[];
  /** The names of 2 to 256 classes; if absent, as many as the labels say, called "0", "1", ... */
  readonly classes?: readonly string[] | undefined;
  /** The names of the inputs; "0", "1", ... if absent. */
  readonly columns?: readonly string[] | undefined;
}

/** @throws ERR_ARRAYS with what does not fit */
export function tableOfArrays(arrays: Arrays): LabelledTable {
  const { classes, columns } = arrays;
  // One kind of array, so that one loop fits all.
  const [inputs, labels] = [Float64Array.from(arrays.inputs), Float64Array.from(arrays.labels)];
  const rows = labels.length;
  const width = inputs.length / rows;
  if (rows === 0 || !Number.isInteger(width) || width === 0 || width > 65_535) {
    throw errors.arrays(
      `inputs must hold as many values for each of the ${rows} labels, 1 to 65535, but hold ${inputs.length} in all`,
    );
  }
  const fault = inputs.findIndex((value) => !Number.isFinite(Math.fround(value)));
  if (fault >= 0) {
    const place = `input ${fault % width} of row ${Math.floor(fault / width)}`;
    throw errors.arrays(`${place} must be a finite float32 number, but is ${shown(inputs[fault])}`);
  }
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
  if (columns !== undefined && columns.length !== width) {
    throw errors.arrays(`columns must be ${width} names, one an input, but are ${columns.length}`);
  }
  const twice = firstTwice(columns ?? []);
  if (twice !== undefined) throw errors.arrays(`columns names ${shown(twice)} more than once`);
  const highest = labels.reduce((most, label) => Math.max(most, label), 1);
  const names = (count: number) => Array.from({ length: count }, (_, index) => String(index));
  return {
    columns: columns ?? names(width),
    values: inputs,
    texts: new Map(),
    labels: Uint8Array.from(labels),
    classes: classes ?? names(highest + 1),
  };
}
