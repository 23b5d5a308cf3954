/** Some rows of an IDX file of pictures, whatever else it holds. Not here: labels. */
import { errors } from '../errors.ts';
import type { Frame } from './digit.ts';
import { IdxFile } from './idx.ts';

/**
 * The pixels of these rows, counted from 0, in this order.
 * @throws ERR_PICTURE_SIZE where they are not of the frame's size, ERR_ROW for a row that is not there
 */
export async function readIdxRows(
  path: string,
  rows: readonly number[],
  frame: Frame,
): Promise<Uint8Array[]> {
  const file = await IdxFile.open(path, 'images');
  try {
    if (file.rows !== frame.rows || file.columns !== frame.columns) {
      throw errors.pictureSize(path, file, frame);
    }
    const missing = rows.find((row) => row >= file.count);
    if (missing !== undefined) throw errors.noRow(path, missing, file.count);
    const pieces = rows.map((row) => ({ from: row, to: row + 1, target: new Uint8Array(file.inputs) }));
    await file.read(pieces);
    return pieces.map(({ target }) => target);
  } finally {
    await file.close();
  }
}
