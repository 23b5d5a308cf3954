/**
 * What a model makes of the rows of a data set, by the kernels that trained it.
 * Not here: threads; ten thousand rows take some hundredths of a second.
 */
import type { LoadedData } from '../data/dataset.ts';
import { dataBytes, placeData } from '../data/placement.ts';
import type { LayerParameters } from '../kernel/kernels.ts';
import { loadKernelModule, simdKernels } from '../kernel/simd.ts';
import { evaluationBlockRows, place, scratchBlocks } from '../train/arena.ts';
import { forward } from '../train/backprop.ts';
import { className } from '../train/encoding.ts';
import { networkAt, paddedCount, padParameters, type RowRange } from '../train/model.ts';
import { outputs as outputFacts } from '../train/outputs.ts';
import type { Network } from '../train/predict.ts';

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
  { weights, activation, output }: Omit<Network, 'encoding'>,
): Predictions {
  const data = rowsOf(all, range);
  const count = data.labels.length;
  const { sizes, parameters } = weights;
  const batchSize = evaluationBlockRows;
  const parametersAt = 64 + dataBytes(data);
  const order = parametersAt + 4 * paddedCount(sizes);
  const scratch = place(scratchBlocks({ sizes, batchSize, trainingRows: 1 }), order + 4 * count);
  const pages = Math.ceil(scratch.end / 65_536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const rows = placeData(data, memory.buffer, 64);
  padParameters(sizes, parameters, new Float32Array(memory.buffer, parametersAt, paddedCount(sizes)));
  const numbers = new Uint32Array(memory.buffer, order, count);
  for (let row = 0; row < count; row++) numbers[row] = row;

  const kernels = simdKernels(loadKernelModule(), memory);
  const network = networkAt({ sizes, activation, output }, parametersAt);
  const last = network.layers.at(-1) as LayerParameters;
  const { units, stride } = last;
  const predicted = new Uint8Array(count);
  const confidence = new Float32Array(count);
  const scores =
    units <= mostScored ? Array.from({ length: units }, () => new Float32Array(count)) : undefined;
  for (let from = 0; from < count; from += batchSize) {
    const block = { order: order + 4 * from, count: Math.min(batchSize, count - from) };
    const outputs = forward(kernels, network, rows, block, scratch).at(-1) as number;
    outputFacts[output].finish(kernels, block.count, last, outputs);
    const values = new Float32Array(memory.buffer, outputs, block.count * stride);
    for (let k = 0; k < block.count; k++) {
      const row = values.subarray(k * stride, k * stride + units);
      const highest = row.reduce((best, value, unit) => (value > (row[best] as number) ? unit : best), 0);
      predicted[from + k] = highest;
      confidence[from + k] = row[highest] as number;
      // Two sigmoids need not add up to 1; the two of a softmax do.
      const whole = units === 2 ? (row[0] as number) + (row[1] as number) || 1 : 1;
      for (const [unit, column] of scores?.entries() ?? []) column[from + k] = (row[unit] as number) / whole;
    }
  }
  const { encoding, labels } = data;
  const classes = Array.from({ length: data.classes }, (_, label) => className(encoding, label));
  return { classes, labels, predicted, confidence, scores, pictures: picturesOf(data) };
}

function picturesOf({ encoding, values, inputs }: LoadedData): Pictures | undefined {
  if (encoding.kind !== 'pictures' || !(values instanceof Uint8Array)) return undefined;
  const { rows, columns } = encoding;
  return { rows, columns, pixels: (row) => values.subarray(row * inputs, (row + 1) * inputs) };
}

/** A part of a data set as a data set of its own. */
function rowsOf(data: LoadedData, { from, to }: RowRange): LoadedData {
  const values = data.values.subarray(from * data.inputs, to * data.inputs);
  let entries = 0;
  for (const value of values) if (value !== 0) entries++;
  const labels = data.labels.subarray(from, to);
  return { ...data, values, labels, entries, density: entries / values.length };
}

/** The rows that the model gets wrong, the surest mistakes first. */
export function misreadRows({ labels, predicted, confidence }: Predictions): number[] {
  const wrong = [...labels.keys()].filter((row) => labels[row] !== predicted[row]);
  return wrong.sort((a, b) => (confidence[b] as number) - (confidence[a] as number) || a - b);
}
