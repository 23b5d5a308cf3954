/**
 * The rows that an experiment was measured on, where they are still at hand.
 * Not here: what a model makes of them, which the page works out.
 */
import type { DataOptions, LoadedData } from '../data/dataset.ts';
import { type FoundData, findData, foldersOfData } from '../data/find-data.ts';
import type { RowRange } from '../train/model.ts';

/** Loads each data set once, and keeps the last. */
export class Pictures {
  readonly #folders: readonly string[];
  #last: { readonly hash: string; readonly found: Promise<FoundData> } | undefined;

  constructor(database: string, baseFolder?: string) {
    this.#folders = foldersOfData(database, baseFolder);
  }

  /** The rows of an experiment, which are those that it was run on, bit by bit, or the reason why they cannot be shown. */
  of(definition: { readonly data?: unknown }, dataHash: string): Promise<FoundData> {
    if (this.#last?.hash !== dataHash) {
      const found = findData(definition.data as DataOptions, dataHash, this.#folders);
      // A definition of another program's may name no data at all.
      const unreadable = { reason: 'The data of this experiment cannot be read.' };
      this.#last = { hash: dataHash, found: found.catch(() => unreadable) };
    }
    return this.#last.found;
  }
}

/** Labels (uint8, one a row), then pixels (uint8) or values (float32), (rows x inputs), of some rows of a range. */
export function pictureBytes(
  data: LoadedData,
  range: RowRange = { from: 0, to: 0 },
  from: number,
  count: number,
): Buffer {
  const first = Math.min(range.to, range.from + from);
  const last = Math.min(range.to, first + count);
  const { buffer, byteOffset, byteLength } = data.values.subarray(first * data.inputs, last * data.inputs);
  return Buffer.concat([data.labels.subarray(first, last), new Uint8Array(buffer, byteOffset, byteLength)]);
}
