/**
 * What a model makes of all rows it was measured on: how often which class is read as which, and the pictures it misreads.
 * Not here: which model. The rows come in pieces, and the count grows as they come.
 */
import { type ClassifiedRows, classify, firstRows, unclassified } from '../../evidence/classified-rows.ts';
import type { PicturesAnswer } from '../answers.ts';
import { getBytes } from './fetching.ts';
import { type Network, outputsOf } from './network.ts';

const rowsAPiece = 1000;

export interface Misread {
  readonly row: number;
  readonly label: number;
  readonly read: number;
  /** Output of the class that was read, and of the right one. */
  readonly certainty: number;
  /** As they are stored, or a table's values. */
  readonly pixels: Uint8Array | Float32Array;
}

export interface Reading {
  /** counts[label][read] */
  readonly counts: readonly (readonly number[])[];
  readonly rows: number;
  readonly right: number;
  readonly misread: readonly Misread[];
  /** uint8 (rows) */
  readonly labels: Uint8Array;
  readonly said: ClassifiedRows;
}

export type Available = Extract<PicturesAnswer, { available: true }>;

/** Reads every row with the network; gives the sums so far after each piece. */
export async function* readRows(
  experimentId: number,
  network: Network,
  data: Available,
  rows: 'validation' | 'test',
  replicate: number,
  signal: AbortSignal,
): AsyncGenerator<Reading> {
  const counts = Array.from({ length: data.classes }, () => new Array<number>(data.classes).fill(0));
  const misread: Misread[] = [];
  const labels = new Uint8Array(data[rows]);
  const said = unclassified(data[rows], data.classes);
  let [right, all] = [0, 0];
  for (let from = 0; from < data[rows]; from += rowsAPiece) {
    const query = `rows=${rows}&replicate=${replicate}&from=${from}&count=${rowsAPiece}`;
    const piece = picturesIn(await getBytes(`experiments/${experimentId}/pictures?${query}`, signal), data);
    for (const [index, { label, pixels }] of piece.entries()) {
      const outputs = outputsOf(network, networkInput(pixels, data.scaling));
      const read = classify(said, from + index, outputs);
      labels[from + index] = label;
      const row = counts[label];
      if (row !== undefined) row[read] = (row[read] ?? 0) + 1;
      if (read === label) right++;
      else misread.push({ row: from + index, label, read, certainty: outputs[read] ?? 0, pixels });
    }
    // One fewer than the first fold's, it may be.
    all += piece.length;
    yield { counts, rows: all, right, misread, labels: labels.subarray(0, all), said: firstRows(said, all) };
  }
}

/** Stored values as the network was shown them. */
export const networkInput = (
  values: Uint8Array | Float32Array,
  scaling: Available['scaling'],
): Float32Array => Float32Array.from(values, (value) => (scaling === '0-1' ? value / 255 : value));

/** Labels, then pixels or values. */
export function picturesIn(
  bytes: ArrayBuffer,
  { rows, columns, scaling }: Available,
): { label: number; pixels: Uint8Array | Float32Array }[] {
  const Values = scaling === 'float32' ? Float32Array : Uint8Array;
  const size = rows * columns * Values.BYTES_PER_ELEMENT;
  const count = bytes.byteLength / (size + 1);
  const labels = new Uint8Array(bytes, 0, count);
  return Array.from(labels, (label, index) => {
    const from = count + index * size;
    // A copy, because float32 must begin at a multiple of four.
    return { label, pixels: new Values(bytes.slice(from, from + size)) };
  });
}
