/**
 * What a model that tells classes makes of the rows of a data set, by the kernels that trained it.
 * Not here: threads; ten thousand rows take some hundredths of a second.
 */
import { type LoadedData, outputsOf } from '../data/dataset.ts';
import { className } from '../train/encoding.ts';
import type { RowRange } from '../train/model.ts';
import type { Network } from '../train/predict.ts';
import { eachOutputs } from './model-outputs.ts';

export interface Predictions {
  /** The names of the classes; a label is a place among them. */
  readonly classes: readonly string[];
  /** uint8 (rows) */
  readonly labels: Uint8Array;
  /** The class with the highest output, uint8 (rows). */
  readonly predicted: Uint8Array;
  /** That output, 0 to 1, float32 (rows). */
  readonly confidence: Float32Array;
  /**
   * How much each row looks like a class: its output, of two classes its share in both, 0 to 1, float32 (rows) by class;
   * undefined where there are more than mostScored.
   */
  readonly scores: readonly Float32Array[] | undefined;
  /** The pictures that the rows are; undefined where they are rows of a table. */
  readonly pictures: Pictures | undefined;
}

export interface Pictures {
  readonly rows: number;
  readonly columns: number;
  /** uint8 (rows x columns): row `row` as the file holds it. */
  pixels(row: number): Uint8Array;
}

/** More classes than that are tables and curves that nobody reads. */
export const mostScored = 100;

/** Shows every row of `range` to the model. */
export function predictionsOf(
  all: LoadedData,
  range: RowRange,
  model: Omit<Network, 'encoding'>,
): Predictions {
  const data = rowsOf(all, range);
  const count = data.labels.length;
  const units = data.classes;
  const predicted = new Uint8Array(count);
  const confidence = new Float32Array(count);
  const scores =
    units <= mostScored ? Array.from({ length: units }, () => new Float32Array(count)) : undefined;
  eachOutputs(data, model, (at, row) => {
    const highest = row.reduce((best, value, unit) => (value > (row[best] as number) ? unit : best), 0);
    predicted[at] = highest;
    confidence[at] = row[highest] as number;
    // Two sigmoids need not add up to 1; the two of a softmax do.
    const whole = units === 2 ? (row[0] as number) + (row[1] as number) || 1 : 1;
    for (const [unit, column] of scores?.entries() ?? []) column[at] = (row[unit] as number) / whole;
  });
  const { encoding, labels } = data;
  const classes = Array.from({ length: units }, (_, label) => className(encoding, label));
  return { classes, labels, predicted, confidence, scores, pictures: picturesOf(data) };
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
  return { ...data, values, labels, targets, entries, density: entries / values.length };
}

/** The rows that the model gets wrong, the surest mistakes first. */
export function misreadRows({ labels, predicted, confidence }: Predictions): number[] {
  const wrong = [...labels.keys()].filter((row) => labels[row] !== predicted[row]);
  return wrong.sort((a, b) => (confidence[b] as number) - (confidence[a] as number) || a - b);
}
