/**
 * The pictures that an experiment was measured on, where they are still at hand.
 * Not here: what a model makes of them, which the page works out.
 */
import { dirname, join } from 'node:path';
import { type DataOptions, type LoadedData, loadData } from '../data/dataset.ts';
import { CoresweepError } from '../errors.ts';

type Found = { readonly data: LoadedData } | { readonly reason: string };

/** Loads each data set once, and keeps the last. */
export class Pictures {
  readonly #folders: readonly string[];
  #last: { readonly hash: string; readonly found: Promise<Found> } | undefined;

  /** A definition does not say where it lay, so a relative folder of data is looked for from these. */
  constructor(database: string) {
    this.#folders = [process.cwd(), join(process.cwd(), 'experiments'), dirname(database)];
  }

  /** The rows of an experiment, which are those that it was run on, bit by bit, or the reason why they cannot be shown. */
  of(definition: { readonly data?: unknown }, dataHash: string): Promise<Found> {
    if (this.#last?.hash !== dataHash) {
      this.#last = { hash: dataHash, found: this.#find(definition.data as DataOptions, dataHash) };
    }
    return this.#last.found;
  }

  async #find(options: DataOptions, dataHash: string): Promise<Found> {
    let reason = 'The data of this experiment has changed since it was run.';
    for (const folder of this.#folders) {
      try {
        const data = await loadData(options, folder);
        if (data.hash === dataHash) return { data };
      } catch (error) {
        reason =
          error instanceof CoresweepError ? error.message : 'The data of this experiment cannot be read.';
      }
    }
    return { reason };
  }
}

/** Labels (uint8, one a row), then pixels (uint8, rows x inputs), of some rows of a range. */
export function pictureBytes(
  data: LoadedData,
  rows: 'validation' | 'test',
  from: number,
  count: number,
): Buffer {
  const range = data[rows] ?? { from: 0, to: 0 };
  const first = Math.min(range.to, range.from + from);
  const last = Math.min(range.to, first + count);
  return Buffer.concat([
    data.labels.subarray(first, last),
    data.pixels.subarray(first * data.inputs, last * data.inputs),
  ]);
}
