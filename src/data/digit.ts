/**
 * A picture of a digit, made what MNIST's pictures are: light ink on black, as large as theirs, centred as theirs.
 * For predictions from a file, and for the browser that somebody draws in. Not here: reading files.
 *
 * "The original black and white (bilevel) images from NIST were size normalized to fit in a 20x20 pixel box while preserving
 * their aspect ratio. The resulting images contain grey levels as a result of the anti-aliasing technique used by the
 * normalization algorithm. The images were centered in a 28x28 image by computing the center of mass of the pixels, and
 * translating the image so as to position this point at the center of the 28x28 field." (LeCun, Cortes and Burges, The
 * MNIST database; LeCun et al. 1998, Gradient-based learning applied to document recognition, section III A.)
 */

/** Grey values, row by row: 0 is black, 255 white. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  /** float32 (height x width), 0 to 255 */
  readonly grey: Float32Array;
}

/** The size of the pictures that a network reads. */
export interface Frame {
  readonly rows: number;
  readonly columns: number;
}

/** The side of the box that MNIST's digits fit, as a share of their frame's. */
const boxShare = 20 / 28;
/** Ink, from 0 to 255, below which a pixel belongs to the paper: noise must not widen the digit's box. */
const faint = 16;
/** Ink that differs from the paper by less is none. */
const leastContrast = 16;

/**
 * The pixels (rows x columns) that a network reads in place of `picture`; undefined where there is no ink.
 * A picture of just that size is taken to be prepared already, and only inverted where its paper is light.
 */
export function digitPixels(picture: GreyPicture, { rows, columns }: Frame): Uint8Array | undefined {
  const paper = medianOfBorder(picture);
  const isLight = paper > 127;
  if (picture.width === columns && picture.height === rows) {
    return Uint8Array.from(picture.grey, (grey) => Math.round(isLight ? 255 - grey : grey));
  }
  return digitOfInk(
    { ...picture, grey: picture.grey.map((grey) => Math.max(0, isLight ? paper - grey : grey - paper)) },
    { rows, columns },
  );
}

/** The same for a picture that is ink (up to 255) on no paper (0). */
export function digitOfInk(picture: GreyPicture, { rows, columns }: Frame): Uint8Array | undefined {
  const { grey: ink } = picture;
  const most = ink.reduce((most, value) => Math.max(most, value), 0);
  if (most < leastContrast) return undefined;
  const digit = cropped(picture, most);
  const scale = (boxShare * Math.min(rows, columns)) / Math.max(digit.width, digit.height);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return centred(resized(digit, side(digit.width), side(digit.height)), { rows, columns });
}

/** What the paper looks like: the digit seldom touches more than half of the edge. */
function medianOfBorder({ width, height, grey }: GreyPicture): number {
  const sides = Math.min(width, 2);
  const border = new Float32Array(width * Math.min(height, 2) + sides * Math.max(0, height - 2));
  border.set(grey.subarray(0, width));
  if (height > 1) border.set(grey.subarray(-width), width);
  for (let y = 1, at = 2 * width; y < height - 1; y++, at += sides) {
    border[at] = grey[y * width] as number;
    if (sides === 2) border[at + 1] = grey[(y + 1) * width - 1] as number;
  }
  border.sort();
  return border[border.length >> 1] as number;
}

/** The smallest part that holds every pixel that is not faint; the darkest becomes 255. */
function cropped({ width, height, grey }: GreyPicture, most: number): GreyPicture {
  // Only what is left over is copied: a picture may have millions of pixels.
  const dark = (ink: number): number => Math.fround((ink * 255) / most);
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (dark(grey[pixel] as number) < faint) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  const inner = new Float32Array((right - left) * (bottom - top));
  for (let y = top, to = 0; y < bottom; y++) {
    for (let x = left; x < right; x++) inner[to++] = dark(grey[y * width + x] as number);
  }
  return { width: right - left, height: bottom - top, grey: inner };
}

/** Each new pixel is the mean of the area that it covers: that is the anti-aliasing. */
function resized(picture: GreyPicture, width: number, height: number): GreyPicture {
  const { grey: rows } = transposed(resizedAcross(picture, width));
  const tall = { width: picture.height, height: width, grey: rows };
  return transposed(resizedAcross(tall, height));
}

function resizedAcross({ width, height, grey }: GreyPicture, to: number): GreyPicture {
  const narrowed = new Float32Array(to * height);
  const share = width / to;
  for (let column = 0; column < to; column++) {
    const [from, until] = [column * share, (column + 1) * share];
    for (let x = Math.floor(from); x < Math.min(width, Math.ceil(until)); x++) {
      const weight = (Math.min(until, x + 1) - Math.max(from, x)) / share;
      for (let y = 0; y < height; y++) {
        const at = y * to + column;
        narrowed[at] = (narrowed[at] as number) + weight * (grey[y * width + x] as number);
      }
    }
  }
  return { width: to, height, grey: narrowed };
}

function transposed({ width, height, grey }: GreyPicture): GreyPicture {
  const turned = grey.map((_, at) => grey[(at % height) * width + Math.floor(at / height)] as number);
  return { width: height, height: width, grey: turned };
}

/**
 * The picture in a blank frame, its centre of mass as near to pixel (rows / 2, columns / 2) as whole pixels allow: in MNIST
 * the mean of each digit's pixel numbers lies between 13.5 and 14.5.
 */
function centred({ width, height, grey }: GreyPicture, { rows, columns }: Frame): Uint8Array {
  let [mass, acrossMass, downMass] = [0, 0, 0];
  for (const [pixel, ink] of grey.entries()) {
    mass += ink;
    acrossMass += ink * (pixel % width);
    downMass += ink * Math.floor(pixel / width);
  }
  const offset = (frame: number, length: number, centre: number) =>
    Math.min(Math.max(0, Math.round(frame / 2 - centre)), frame - length);
  const left = offset(columns, width, acrossMass / mass);
  const top = offset(rows, height, downMass / mass);
  const pixels = new Uint8Array(rows * columns);
  for (const [pixel, ink] of grey.entries()) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    pixels[(top + y) * columns + left + x] = Math.round(ink);
  }
  return pixels;
}
