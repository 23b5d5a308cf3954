/**
 * Pictures as lists of their pixels that are not blank: counted and written by kernels, through a small room in their memory.
 * Not here: where the lists lie (placement.ts), and who writes which.
 */
import { maxSparseInputs } from '../kernel/kernels.ts';
import type { Address, SparseRows } from '../kernel/layout.ts';
import { type RowKernels, rowKernels } from '../kernel/row-kernels.ts';
import type { RowRange } from '../train/model.ts';
import type { EntryMark } from './entry-mark.ts';

/** A room of pixelRoomBytes() at `address` (a multiple of 16), whatever it holds. */
export interface PixelRoom {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly address: Address;
}

/** Half of a processor's first cache, and a row in any case. */
const pieceBytes = maxSparseInputs;

/** A piece of the bytes, and what kernels may read behind it. */
export const pixelRoomBytes = pieceBytes + 16;

/** Pictures in memory of their own; where that is shared, threads write rows of the same ones. */
export interface Pictures {
  readonly values: Uint8Array;
  readonly inputs: number;
  /** In order of row, of some rows: whoever writes a range counts from the last one before it alone. */
  readonly marks?: readonly EntryMark[] | undefined;
}

/** How many bytes are not 0. */
export function countPixels(room: PixelRoom): (bytes: Uint8Array) => number {
  const kernels = rowKernels(room.module, room.memory);
  return (bytes) => counted(bytes, kernels, room);
}

function counted(bytes: Uint8Array, kernels: RowKernels, { memory, address }: PixelRoom): number {
  const piece = new Uint8Array(memory.buffer, address, pieceBytes);
  let count = 0;
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const part = bytes.subarray(at, at + pieceBytes);
    piece.set(part);
    count += kernels.countMarked(piece.byteOffset, part.length);
  }
  return count;
}

/** Writes the rows of `range` where they belong among all rows; those before that no mark knows are counted for it. */
export function writePixels(
  { values, inputs, marks = [] }: Pictures,
  rows: SparseRows,
  { from, to }: RowRange,
  room: PixelRoom,
): void {
  const { module, memory, address } = room;
  const kernels = rowKernels(module, memory);
  const mark = marks.findLast(({ row }) => row <= from) ?? { row: 0, entries: 0 };
  let entry = mark.entries + counted(values.subarray(mark.row * inputs, from * inputs), kernels, room);
  const piece = new Uint8Array(memory.buffer, address, pieceBytes);
  const most = Math.floor(pieceBytes / inputs);
  if (from === 0) new Uint32Array(memory.buffer, rows.start, 1)[0] = 0;
  for (let row = from; row < to; row += most) {
    const count = Math.min(most, to - row);
    piece.set(values.subarray(row * inputs, (row + count) * inputs));
    entry = kernels.placeMarked(piece.byteOffset, count, inputs, rows, row, entry);
  }
}
