/**
 * Two IDX files that belong together: pictures and their labels.
 * Not here: which rows are wanted.
 */
import { errors } from '../errors.ts';
import type { RowRange } from '../train/model.ts';
import { checkedRows } from './checked-rows.ts';
import type { FilePair } from './data-files.ts';
import { IdxFile } from './idx.ts';

/** Rows `from` to `to` (not included) of a file, and the rows of the loaded data that they become. */
export interface Slice extends RowRange {
  readonly place: RowRange;
}

export class LabelledPictures {
  readonly images: IdxFile;
  readonly labels: IdxFile;
  readonly #expected: FilePair;

  private constructor(images: IdxFile, labels: IdxFile, expected: FilePair) {
    this.images = images;
    this.labels = labels;
    this.#expected = expected;
  }

  /** Opens both files; the caller closes them. */
  static async open(files: FilePair): Promise<LabelledPictures> {
    const images = await IdxFile.open(files.images.path, 'images');
    try {
      return new LabelledPictures(images, await IdxFile.open(files.labels.path, 'labels'), files);
    } catch (error) {
      await images.close();
      throw error;
    }
  }

  /**
   * Fills the slices' places in `labels` (rows).
   * @param classes no label of the file may reach it
   * @returns the highest label of the whole file
   */
  async readLabels(slices: readonly Slice[], classes: number, labels: Uint8Array): Promise<number> {
    const all = new Uint8Array(this.labels.count);
    const pieces = [{ from: 0, to: all.length, target: all }];
    let highest = 0;
    for await (const part of checkedRows(this.labels, pieces, this.#expected.labels.known))
      highest = Math.max(highest, highestOf(part));
    if (highest >= classes) {
      const row = all.findIndex((label) => label >= classes);
      throw errors.labelTooHigh(this.labels.path, row, all[row] as number, classes);
    }
    for (const { from, to, place } of slices) labels.set(all.subarray(from, to), place.from);
    return highest;
  }

  /** Begins to fill the slices' places in `pixels` (rows x inputs), and yields what has come, slice by slice, in parts of whole rows. */
  readPixels(slices: readonly Slice[], pixels: Uint8Array): AsyncGenerator<Uint8Array> {
    const { inputs } = this.images;
    const pieces = slices.map(({ from, to, place }) => {
      return { from, to, target: pixels.subarray(place.from * inputs, place.to * inputs) };
    });
    return checkedRows(this.images, pieces, this.#expected.images.known);
  }

  async close(): Promise<void> {
    await Promise.all([this.images.close(), this.labels.close()]);
  }
}

/** Found by the search for one byte that Node has: a loop over 70,000 labels is interpreted, and takes 5 ms of a start. */
function highestOf({ buffer, byteOffset, length }: Uint8Array): number {
  const labels = Buffer.from(buffer, byteOffset, length);
  let highest = 255;
  while (highest > 0 && !labels.includes(highest)) highest--;
  return highest;
}
