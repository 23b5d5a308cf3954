/**
 * A data set's rows as kernels read them, written into one stretch of memory.
 * Not here: the memory itself, and who may read it when.
 */
import { maxSparseInputs } from '../kernel/kernels.ts';
import type { Address, SparseRows } from '../kernel/layout.ts';
import { loadKernelModule } from '../kernel/simd.ts';
import { encodedPixels, type PictureEncoding, targetsOf } from '../train/encoding.ts';
import { type RowsInMemory, strideOf, type TargetsInMemory } from '../train/model.ts';
import { type LoadedData, outputsOf } from './dataset.ts';
import { type Pictures, writePixels } from './pixel-rows.ts';

/** The share of values that are not 0 above which lists of them cost more than reading every value. */
export const denseAbove = 0.5;

/** Whether kernels read every value of these rows, or lists of those that are not 0. */
export const formOf = ({ density, inputs }: LoadedData): RowsInMemory['form']['kind'] =>
  density > denseAbove || inputs > maxSparseInputs ? 'dense' : 'sparse';

const isDense = (data: LoadedData): boolean => formOf(data) === 'dense';

/** Whether lists keep values as the bytes that they are, beside a table of what the network sees of each. */
const isCoded = (data: LoadedData): data is LoadedData & { values: Uint8Array; encoding: PictureEncoding } =>
  !isDense(data) && data.encoding.kind === 'pictures' && data.values instanceof Uint8Array;

interface Block {
  readonly name: 'labels' | 'targets' | 'table' | 'start' | 'index' | 'value' | 'rows';
  readonly bytes: number;
}

/** What is laid out, in order; sizes and addresses come from this list alone. */
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
        { name: 'table', bytes: isCoded(data) ? 4 * 256 : 0 },
        { name: 'start', bytes: 4 * (count + 1) },
        { name: 'index', bytes: 2 * entries },
        { name: 'value', bytes: isCoded(data) ? entries : 4 * entries },
      ];
}

const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/** How much memory the data takes, in bytes; a multiple of 16. */
export function dataBytes(data: LoadedData): number {
  return blocksOf(data).reduce((sum, { bytes }) => sum + aligned(bytes), 0);
}

/**
 * Lays the data out at `address` (a multiple of 16, dataBytes(data) bytes, whatever they held) and writes labels, targets and table.
 * What the network sees of the values, writeRows() writes or, of pictures, writePixels().
 */
export function layOut(
  data: LoadedData,
  buffer: SharedArrayBuffer | ArrayBuffer,
  address: Address,
): RowsInMemory {
  if (address % 16 !== 0) throw new Error(`data must start at a multiple of 16, not at ${address}`);
  const at = { labels: 0, targets: 0, table: 0, start: 0, index: 0, value: 0, rows: 0 };
  let next = address;
  for (const { name, bytes } of blocksOf(data)) {
    at[name] = next;
    next += aligned(bytes);
  }
  const { inputs, classes, labels } = data;
  const count = labels.length;
  new Uint8Array(buffer, at.labels, count).set(labels);
  const targets = writeTargets(data, buffer, at.targets);
  const common = { labels: at.labels, targets, count, inputs, classes };
  const { start, index, value, rows } = at;
  const table = isCoded(data) ? at.table : undefined;
  if (isCoded(data)) new Float32Array(buffer, at.table, 256).set(encodedPixels(data.encoding));
  return isDense(data)
    ? { ...common, form: { kind: 'dense', rows, stride: strideOf(inputs) } }
    : { ...common, form: { kind: 'sparse', rows: { start, index, value, table } } };
}

/** Pictures whose rows any number of threads can write as lists: where they lie in shared memory, and enough of a row is blank. */
export function sharedPictures(data: LoadedData): Pictures | undefined {
  if (!isCoded(data) || !(data.values.buffer instanceof SharedArrayBuffer)) return undefined;
  const { values, inputs, marks } = data;
  return { values, inputs, marks };
}

/**
 * Writes what the network sees of the values where layOut() has said: lists of those that are not 0 or, where too few are 0, all.
 * @param room pixelRoomBytes bytes that nothing else uses
 */
export function writeRows(
  data: LoadedData,
  { form, count }: RowsInMemory,
  memory: WebAssembly.Memory,
  room: Address,
): void {
  const { buffer } = memory;
  if (form.kind === 'dense') {
    writeDense(data, form.stride, new Float32Array(buffer, form.rows, count * form.stride));
  } else if (isCoded(data)) {
    const where = { module: loadKernelModule(), memory, address: room };
    writePixels(data, form.rows, { from: 0, to: count }, where);
  } else {
    writeSparse(data, form.rows, buffer);
  }
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
  { values, inputs, labels, entries }: LoadedData,
  rows: SparseRows,
  buffer: SharedArrayBuffer | ArrayBuffer,
): void {
  const start = new Uint32Array(buffer, rows.start, labels.length + 1);
  const index = new Uint16Array(buffer, rows.index, entries);
  const value = new Float32Array(buffer, rows.value, entries);
  for (let row = 0, at = 0, entry = 0; row < labels.length; row++, start[row] = entry) {
    for (let input = 0; input < inputs; input++, at++) {
      if (values[at] === 0) continue;
      index[entry] = 2 * input;
      value[entry++] = values[at] as number;
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
