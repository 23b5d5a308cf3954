/**
 * Rows of pictures, written by all threads before the first trial: each writes a range of them.
 * Not here: how they are written (data/pixel-rows.ts), and rows that cannot be shared out (memory.ts).
 */
import type { LoadedData } from '../../data/dataset.ts';
import type { Pictures } from '../../data/pixel-rows.ts';
import { sharedPictures } from '../../data/placement.ts';
import type { Address, SparseRows } from '../../kernel/layout.ts';
import type { RowRange } from '../../train/model.ts';
import type { SharedMemory } from './memory.ts';

/** Rows to write, which no other thread writes. */
export interface Placing {
  readonly pictures: Pictures;
  readonly rows: SparseRows;
  readonly range: RowRange;
  /** Where the thread has room. */
  readonly room: Address;
}

/** Fewer are not worth to be sent for. */
const fewestRows = 1_000;

/** What each thread is to write; undefined for those to whom no rows are left. */
export function placings(
  data: LoadedData,
  { rows, scratches }: Pick<SharedMemory, 'rows' | 'scratches'>,
): readonly (Placing | undefined)[] {
  const pictures = sharedPictures(data);
  const { form, count } = rows;
  if (pictures === undefined || form.kind === 'dense') return scratches.map(() => undefined);
  const share = Math.max(fewestRows, Math.ceil(count / scratches.length));
  return scratches.map((room, seat) => {
    const range = { from: seat * share, to: Math.min((seat + 1) * share, count) };
    return range.from < range.to ? { pictures, rows: form.rows, range, room } : undefined;
  });
}
