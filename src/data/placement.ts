/**
 * A data set's rows as kernels read them, written into one stretch of memory.
 * Not here: the memory itself, and who may read it when.
 */
import { maxSparseInputs } from '../kernel/kernels.ts';
import { encodedPixels, targetsOf } from '../train/encoding.ts';
import { type RowsInMemory, strideOf, type TargetsInMemory } from '../train/model.ts';
import { type LoadedData, outputsOf } from './dataset.ts';

/** The share of values that are not 0 above which lists of them cost more than reading every value. */
export const denseAbove = 0.5;

/** Whether kernels read every value of these rows, not lists of those that are not 0. */
export const isDense = ({ density, inputs }: LoadedData): boolean =>
  density > denseAbove || inputs > maxSparseInputs;

interface Block {
  readonly name: 'labels' | 'targets' | 'start' | 'index' | 'value' | 'rows';
  readonly bytes: number;
}

/** What placeData writes, in order; sizes and addresses come from this list alone. */
function blocksOf(data: LoadedData): Block[] {
  const { inputs, labels, entries } = data;
  const count = labels.length;
  const common = [
    { name: 'labels', bytes: count },
    { name: 'targets', bytes: data.targets === undefined ? 0 : 4 * count * strideOf(outputsOf(data)) },
  ] as const;
  return isDense(data)
    ? [...common, { name: 'rows', bytes: 4 * count * strideOf(inputs) }]
    : [
        ...common,
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
 * Writes labels and what the network sees of the values at `address` (a multiple of 16, dataBytes(data) bytes, whatever they held):
 * lists of the values that are not 0 or, where too few are 0, all of them.
 */
export function placeData(
  data: LoadedData,
  buffer: SharedArrayBuffer | ArrayBuffer,
  address: number,
): RowsInMemory {
  if (address % 16 !== 0) throw new Error(`data must start at a multiple of 16, not at ${address}`);
  const at = { labels: 0, targets: 0, start: 0, index: 0, value: 0, rows: 0 };
  let next = address;
  for (const { name, bytes } of blocksOf(data)) {
    at[name] = next;
    next += aligned(bytes);
  }
  const { inputs, classes, labels, entries } = data;
  const count = labels.length;
  new Uint8Array(buffer, at.labels, count).set(labels);
  const targets = writeTargets(data, buffer, at.targets);
  const common = { labels: at.labels, targets, count, inputs, classes };
  if (isDense(data)) {
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

/** Targets as a last layer's outputs lie: each row padded to whole vectors. */
function writeTargets(
  { targets, encoding, labels }: LoadedData,
  buffer: SharedArrayBuffer | ArrayBuffer,
  address: number,
): TargetsInMemory | undefined {
  const columns = targetsOf(encoding);
  if (targets === undefined || columns === undefined) return undefined;
  const width = columns.length;
  const stride = strideOf(width);
  const rows = new Float32Array(buffer, address, labels.length * stride).fill(0);
  for (let row = 0; row < labels.length; row++)
    rows.set(targets.subarray(row * width, (row + 1) * width), row * stride);
  return { rows: address, stride, units: columns.map(({ divisor }) => Math.abs(divisor)) };
}

function writeSparse(
  { values, encoding, inputs }: LoadedData,
  start: Uint32Array,
  index: Uint16Array,
  value: Float32Array,
): void {
  const count = start.length - 1;
  if (encoding.kind === 'pictures') {
    const encoded = encodedPixels(encoding);
    /** Where the next entry goes. Without a branch: a blank pixel's entry is overwritten by the next. */
    const put = (entry: number, input: number, pixel: number): number => {
      index[entry] = 2 * input;
      value[entry] = encoded[pixel] as number;
      return entry + ((pixel + 255) >> 8);
    };
    // Most of a picture is blank: four pixels are passed over at once.
    const bytes = values.byteOffset % 4 === 0 ? values : values.slice();
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    const wholeWords = inputs % 4 === 0 ? inputs : 0;
    for (let row = 0, at = 0, entry = 0; row < count; row++, start[row] = entry) {
      for (let input = 0; input < wholeWords; input += 4, at += 4) {
        const word = words[at >> 2] as number;
        if (word === 0) continue;
        entry = put(entry, input, word & 255);
        entry = put(entry, input + 1, (word >> 8) & 255);
        entry = put(entry, input + 2, (word >> 16) & 255);
        entry = put(entry, input + 3, word >>> 24);
      }
      for (let input = wholeWords; input < inputs; input++, at++)
        entry = put(entry, input, values[at] as number);
    }
  } else {
    for (let row = 0, at = 0, entry = 0; row < count; row++, start[row] = entry) {
      for (let input = 0; input < inputs; input++, at++) {
        if (values[at] === 0) continue;
        index[entry] = 2 * input;
        value[entry++] = values[at] as number;
      }
    }
  }
  start[0] = 0;
}

/** @param rows (count x stride) */
function writeDense(
  { values, encoding, inputs }: LoadedData,
  stride: number,
  rows: Float32Array<ArrayBufferLike>,
): void {
  const encoded = encoding.kind === 'pictures' ? encodedPixels(encoding) : undefined;
  for (let at = 0, to = 0; at < values.length; to += stride) {
    for (let input = 0; input < inputs; input++, at++) {
      const value = values[at] as number;
      rows[to + input] = encoded === undefined ? value : (encoded[value] as number);
    }
    rows.fill(0, to + inputs, to + stride);
  }
}
