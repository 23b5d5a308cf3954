/**
 * A data set's rows as kernels read them, written into one stretch of memory.
 * Not here: the memory itself, and who may read it when.
 */
import { type RowsInMemory, strideOf } from '../train/model.ts';
import type { LoadedData } from './dataset.ts';

/** The share of pixels that are not 0 above which lists of them cost more than reading every pixel. */
export const denseAbove = 0.5;

interface Block {
  readonly name: 'labels' | 'start' | 'index' | 'value' | 'rows';
  readonly bytes: number;
}

/** What placeData writes, in order; sizes and addresses come from this list alone. */
function blocksOf({ inputs, labels, entries, density }: LoadedData): Block[] {
  const count = labels.length;
  const common = { name: 'labels', bytes: count } as const;
  return density > denseAbove
    ? [common, { name: 'rows', bytes: 4 * count * strideOf(inputs) }]
    : [
        common,
        { name: 'start', bytes: 4 * (count + 1) },
        // One entry to spare: writeSparse writes before it knows whether the pixel counts.
        { name: 'index', bytes: 2 * (entries + 1) },
        { name: 'value', bytes: 4 * (entries + 1) },
      ];
}

const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/** How much memory placeData needs, in bytes; a multiple of 16. */
export function dataBytes(data: LoadedData): number {
  return blocksOf(data).reduce((sum, { bytes }) => sum + aligned(bytes), 0);
}

/**
 * Writes labels and scaled pixels at `address` (a multiple of 16, dataBytes(data) bytes, whatever they held), pixels as
 * lists of those that are not 0 or, where too few are 0, all of them.
 */
export function placeData(
  data: LoadedData,
  buffer: SharedArrayBuffer | ArrayBuffer,
  address: number,
): RowsInMemory {
  if (address % 16 !== 0) throw new Error(`data must start at a multiple of 16, not at ${address}`);
  const at = { labels: 0, start: 0, index: 0, value: 0, rows: 0 };
  let next = address;
  for (const { name, bytes } of blocksOf(data)) {
    at[name] = next;
    next += aligned(bytes);
  }
  const { inputs, classes, labels, entries } = data;
  const count = labels.length;
  new Uint8Array(buffer, at.labels, count).set(labels);
  const common = { labels: at.labels, count, inputs, classes };
  if (data.density > denseAbove) {
    const stride = strideOf(inputs);
    writeDense(data, stride, new Float32Array(buffer, at.rows, count * stride));
    return { ...common, form: { kind: 'dense', rows: at.rows, stride } };
  }
  writeSparse(
    data,
    new Uint32Array(buffer, at.start, count + 1),
    new Uint16Array(buffer, at.index, entries + 1),
    new Float32Array(buffer, at.value, entries + 1),
  );
  return { ...common, form: { kind: 'sparse', rows: { start: at.start, index: at.index, value: at.value } } };
}

/** The float32 that stands for each value of a pixel (256). */
function scaledValues(scaling: LoadedData['scaling']): Float32Array {
  const divisor = scaling === '0-1' ? 255 : 1;
  return Float32Array.from({ length: 256 }, (_, pixel) => pixel / divisor);
}

function writeSparse(
  { pixels, inputs, scaling }: LoadedData,
  start: Uint32Array,
  index: Uint16Array,
  value: Float32Array,
): void {
  const scaled = scaledValues(scaling);
  let entry = 0;
  for (let row = 0, at = 0; at < pixels.length; row++) {
    start[row] = entry;
    for (let input = 0; input < inputs; input++, at++) {
      const pixel = pixels[at] as number;
      index[entry] = input;
      value[entry] = scaled[pixel] as number;
      // Without a branch, as in countNonZero: a blank pixel's entry is overwritten by the next.
      entry += (pixel + 255) >> 8;
    }
  }
  start[start.length - 1] = entry;
}

/** @param rows (count x stride) */
function writeDense({ pixels, inputs, scaling }: LoadedData, stride: number, rows: Float32Array): void {
  const scaled = scaledValues(scaling);
  for (let at = 0, to = 0; at < pixels.length; to += stride) {
    for (let input = 0; input < inputs; input++, at++)
      rows[to + input] = scaled[pixels[at] as number] as number;
    rows.fill(0, to + inputs, to + stride);
  }
}
