/**
 * What a model that tells classes makes of the rows of a data set, by the kernels that trained it.
 * Not here: threads; ten thousand rows take some hundredths of a second.
 */
import { type LoadedData, outputsOf } from '../data/dataset.ts';
import { type ClassifiedRows, classify, unclassified } from '../evidence/classified-rows.ts';
import { className } from '../train/encoding.ts';
import type { RowRange } from '../train/model.ts';
import type { Network } from '../train/predict.ts';
import { eachOutputs } from './model-outputs.ts';

export interface Predictions extends ClassifiedRows {
  /** The names of the classes; a label is a place among them. */
  readonly classes: readonly string[];
  /** uint8 (rows) */
  readonly labels: Uint8Array;
  /** The pictures that the rows are; undefined where they are rows of a table. */
  readonly pictures: Pictures | undefined;
}

export interface Pictures {
  readonly rows: number;
  readonly columns: number;
  /** uint8 (rows x columns): row `row` as the file holds it. */
  pixels(row: number): Uint8Array;
}

/** Shows every row of `range` to the model. */
export function predictionsOf(
  all: LoadedData,
  range: RowRange,
  model: Omit<Network, 'encoding'>,
): Predictions {
  const data = rowsOf(all, range);
  const units = data.classes;
  const said = unclassified(data.labels.length, units);
  eachOutputs(data, model, (row, outputs) => {
    classify(said, row, outputs);
  });
  const { encoding, labels } = data;
  const classes = Array.from({ length: units }, (_, label) => className(encoding, label));
  return { ...said, classes, labels, pictures: picturesOf(data) };
}

function picturesOf({ encoding, values, inputs }: LoadedData): Pictures | undefined {
  if (encoding.kind !== 'pictures' || !(values instanceof Uint8Array)) return undefined;
  const { rows, columns } = encoding;
  return { rows, columns, pixels: (row) => values.subarray(row * inputs, (row + 1) * inputs) };
}

/** A part of a data set as a data set of its own. */
export function rowsOf(data: LoadedData, { from, to }: RowRange): LoadedData {
  const values = data.values.subarray(from * data.inputs, to * data.inputs);
  let entries = 0;
  for (const value of values) if (value !== 0) entries++;
  const labels = data.labels.subarray(from, to);
  const width = outputsOf(data);
  const targets = data.targets?.subarray(from * width, to * width);
  const density = entries / values.length;
  return { ...data, values, labels, targets, entries, density, marks: undefined };
}

/** The rows that the model gets wrong, the surest mistakes first. */
export function misreadRows({ labels, predicted, confidence }: Predictions): number[] {
  const wrong = [...labels.keys()].filter((row) => labels[row] !== predicted[row]);
  return wrong.sort((a, b) => (confidence[b] as number) - (confidence[a] as number) || a - b);
}
