/**
 * The rows of a PNG picture out of its inflated data: interlacing and filters undone, one row at a time.
 * Not here: chunks, inflating, and what samples mean (png.ts). https://www.w3.org/TR/png-3/#8Interlace and #9Filters
 */

export interface PngShape {
  readonly width: number;
  readonly height: number;
  readonly bitsPerPixel: number;
  readonly isInterlaced: boolean;
}

/** Every so many pixels of every so many rows, from these on. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly across: number;
  readonly down: number;
}

const whole: readonly Pass[] = [{ x: 0, y: 0, across: 1, down: 1 }];
const adam7: readonly Pass[] = [
  { x: 0, y: 0, across: 8, down: 8 },
  { x: 4, y: 0, across: 8, down: 8 },
  { x: 0, y: 4, across: 4, down: 8 },
  { x: 2, y: 0, across: 4, down: 4 },
  { x: 0, y: 2, across: 2, down: 4 },
  { x: 1, y: 0, across: 2, down: 2 },
  { x: 0, y: 1, across: 1, down: 2 },
];

/** Those of a picture that hold a pixel of it, with the bytes of their rows. */
const passesOf = ({ width, height, bitsPerPixel, isInterlaced }: PngShape) =>
  (isInterlaced ? adam7 : whole)
    .filter(({ x, y }) => x < width && y < height)
    .map((pass) => {
      const columns = Math.ceil((width - pass.x) / pass.across);
      const rows = Math.ceil((height - pass.y) / pass.down);
      return { ...pass, columns, rows, rowBytes: Math.ceil((columns * bitsPerPixel) / 8) };
    });

/** How long the data of such a picture is: each row begins with the number of its filter. */
export const inflatedBytes = (shape: PngShape): number =>
  passesOf(shape).reduce((sum, { rows, rowBytes }) => sum + rows * (1 + rowBytes), 0);

/** Packed samples, `columns` pixels of them: pixel k is at x + k x across of row y. Overwritten by the next row. */
export interface PngRow {
  readonly samples: Uint8Array;
  readonly x: number;
  readonly y: number;
  readonly across: number;
  readonly columns: number;
}

/**
 * Hands over the rows as their bytes arrive: next(bytes) is done once the last row is there.
 * Not an asynchronous generator of rows: a picture may be one pixel wide and millions high.
 * @param refuse is given a fault as the rest of a sentence; it throws
 */
export function* pngRows(
  shape: PngShape,
  onRow: (row: PngRow) => void,
  refuse: (fault: string) => never,
): Generator<void, void, Uint8Array> {
  const pixelBytes = Math.ceil(shape.bitsPerPixel / 8);
  let [chunk, at]: [Uint8Array, number] = [new Uint8Array(0), 0];
  for (const { x, y, across, down, columns, rows, rowBytes } of passesOf(shape)) {
    let [row, above] = [new Uint8Array(1 + rowBytes), new Uint8Array(1 + rowBytes)];
    for (let index = 0; index < rows; index++) {
      for (let filled = 0; filled < row.length; ) {
        while (at === chunk.length) [chunk, at] = [yield, 0];
        const part = chunk.subarray(at, at + row.length - filled);
        row.set(part, filled);
        filled += part.length;
        at += part.length;
      }
      const predict = predictors[row[0] as number];
      if (predict === undefined) return refuse(`is damaged: a row has filter ${row[0]}, of 0 to 4`);
      if (predict !== none) unfilter(row, above, pixelBytes, predict);
      onRow({ samples: row.subarray(1), x, y: y + index * down, across, columns });
      [row, above] = [above, row];
    }
  }
}

/** What a byte was held against: the bytes to its left, above it, and above the one to its left. */
type Predictor = (left: number, up: number, corner: number) => number;

const none: Predictor = () => 0;
const paeth: Predictor = (left, up, corner) => {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
};

const predictors: readonly Predictor[] = [
  none,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
];

/** In place; the first byte is the filter's number. */
function unfilter(row: Uint8Array, above: Uint8Array, pixelBytes: number, predict: Predictor): void {
  for (let at = 1; at < row.length; at++) {
    const hasLeft = at > pixelBytes;
    const left = hasLeft ? (row[at - pixelBytes] as number) : 0;
    const corner = hasLeft ? (above[at - pixelBytes] as number) : 0;
    row[at] = (row[at] as number) + predict(left, above[at] as number, corner);
  }
}
