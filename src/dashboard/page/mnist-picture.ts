/**
 * A drawing made into a picture as MNIST's were made: cropped, scaled to fit 20 x 20 with its proportions kept, then laid
 * into 28 x 28 with its centre of mass in the middle.
 * Not here: the canvas.
 */

export interface Ink {
  readonly width: number;
  readonly height: number;
  /** 0 (paper) to 255 (ink), row by row. */
  readonly values: Uint8Array;
}

/** The picture (rows x columns, 0 to 255), or undefined where nothing is drawn. */
export function mnistPicture(ink: Ink, rows = 28, columns = 28): Uint8Array | undefined {
  const box = boundsOf(ink);
  if (box === undefined) return undefined;
  // MNIST's 20 of 28, whatever the size.
  const room = { width: Math.round((columns * 20) / 28), height: Math.round((rows * 20) / 28) };
  const scale = Math.min(room.width / box.width, room.height / box.height);
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  return centred(scaled(ink, box, width, height), rows, columns);
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function boundsOf({ width, height, values }: Ink): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (values[y * width + x] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Each pixel is the mean of the area it stands for, as an anti-aliasing scaler gives it. */
function scaled(ink: Ink, box: Box, width: number, height: number): Ink {
  const values = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const area = {
        left: box.left + (x * box.width) / width,
        right: box.left + ((x + 1) * box.width) / width,
        top: box.top + (y * box.height) / height,
        bottom: box.top + ((y + 1) * box.height) / height,
      };
      values[y * width + x] = Math.round(meanOver(ink, area));
    }
  }
  return { width, height, values };
}

function meanOver(
  { width, height, values }: Ink,
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
): number {
  let sum = 0;
  for (let y = Math.floor(top); y < Math.min(height, Math.ceil(bottom)); y++) {
    const tall = Math.min(y + 1, bottom) - Math.max(y, top);
    for (let x = Math.floor(left); x < Math.min(width, Math.ceil(right)); x++) {
      const wide = Math.min(x + 1, right) - Math.max(x, left);
      sum += tall * wide * (values[y * width + x] as number);
    }
  }
  return sum / ((right - left) * (bottom - top));
}

function centred({ width, height, values }: Ink, rows: number, columns: number): Uint8Array {
  let [mass, massX, massY] = [0, 0, 0];
  for (const [at, value] of values.entries()) {
    mass += value;
    massX += value * ((at % width) + 0.5);
    massY += value * (Math.floor(at / width) + 0.5);
  }
  const left = clamp(Math.round(columns / 2 - massX / mass), 0, columns - width);
  const top = clamp(Math.round(rows / 2 - massY / mass), 0, rows - height);
  const picture = new Uint8Array(rows * columns);
  for (let y = 0; y < height; y++) {
    picture.set(values.subarray(y * width, (y + 1) * width), (top + y) * columns + left);
  }
  return picture;
}

const clamp = (value: number, min: number, max: number): number => Math.max(min, Math.min(max, value));
