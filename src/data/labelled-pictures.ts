/**
 * Two IDX files that belong together: pictures and their labels.
 * Not here: which rows are wanted.
 */
import { createHash } from 'node:crypto';
import { errors } from '../errors.ts';
import type { RowRange } from '../train/model.ts';
import type { FileHashes, FilePair } from './data-files.ts';
import { IdxFile, type IdxPiece } from './idx.ts';

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
   * Fills the slices' places in `pixels` (rows x inputs) and `labels` (rows).
   * @param classes no label of the file may reach it
   * @returns the highest label of the whole file
   */
  async read(
    slices: readonly Slice[],
    classes: number,
    pixels: Uint8Array,
    labels: Uint8Array,
  ): Promise<number> {
    const all = new Uint8Array(this.labels.count);
    await readChecked(this.labels, [{ from: 0, to: all.length, target: all }], this.#expected.labels.hashes);
    let highest = 0;
    for (const label of all) if (label > highest) highest = label;
    if (highest >= classes) {
      const row = all.findIndex((label) => label >= classes);
      throw errors.labelTooHigh(this.labels.path, row, all[row] as number, classes);
    }
    for (const { from, to, place } of slices) labels.set(all.subarray(from, to), place.from);

    const { inputs } = this.images;
    const pieces = slices.map(({ from, to, place }) => {
      return { from, to, target: pixels.subarray(place.from * inputs, place.to * inputs) };
    });
    await readChecked(this.images, pieces, this.#expected.images.hashes);
    return highest;
  }

  async close(): Promise<void> {
    await Promise.all([this.images.close(), this.labels.close()]);
  }
}

/** Reads the pieces; where the file's hashes are known, with the whole parts in which they lie. */
async function readChecked(
  idx: IdxFile,
  pieces: readonly IdxPiece[],
  expected: FileHashes | undefined,
): Promise<void> {
  if (expected === undefined) return idx.read(pieces);
  const { sha256, partRows, rows, columns, md5 } = expected;
  let isKnown = idx.count === sha256.length * partRows && idx.rows === rows && idx.columns === columns;
  for (const [part, wanted] of sha256.entries()) {
    const range = { from: part * partRows, to: (part + 1) * partRows };
    const within = pieces.filter(({ from, to }) => from < range.to && range.from < to);
    if (!isKnown || within.length === 0) continue;
    const hash = createHash('sha256');
    await idx.read(within, { hash, rows: range });
    isKnown = hash.digest('hex') === wanted;
  }
  if (isKnown) return;
  const hash = createHash('md5');
  await idx.read([], { hash });
  throw errors.notMnist(idx.path, hash.digest('hex'), md5);
}
