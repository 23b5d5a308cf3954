/**
 * What the samples of a PNG picture mean, as grey: its colour types, palette and transparency.
 * Not here: rows (png-rows.ts). https://www.w3.org/TR/png-3/#6Colour-values and #11tRNS
 */

/** What a pixel is made of, and the depths that the format gives it. */
export interface Colour {
  readonly type: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly isPalette: boolean;
  readonly depths: readonly number[];
}

export const colours: readonly Colour[] = [
  { type: 0, channels: 1, isPalette: false, depths: [1, 2, 4, 8, 16] },
  { type: 2, channels: 3, isPalette: false, depths: [8, 16] },
  { type: 3, channels: 1, isPalette: true, depths: [1, 2, 4, 8] },
  { type: 4, channels: 2, isPalette: false, depths: [8, 16] },
  { type: 6, channels: 4, isPalette: false, depths: [8, 16] },
];

/** The grey value, 0 to 255, of a pixel out of its row's packed samples. */
export type GreyAt = (samples: Uint8Array, pixel: number) => number;

type Refuse = (fault: string) => never;

/** Luma after Rec. 601; what is transparent shows white paper. @param transparency alphas of a palette, or one colour */
export function greyOfSamples(
  { channels, isPalette }: Colour,
  depth: number,
  palette: Buffer | undefined,
  transparency: Buffer | undefined,
  refuse: Refuse,
): GreyAt {
  const sample = samplesOf(depth);
  if (isPalette) {
    const greys = greysOf(palette, transparency, refuse);
    return (samples, pixel) => {
      const index = sample(samples, pixel);
      return greys[index] ?? refuse(`is damaged: it uses colour ${index} of a palette of ${greys.length}`);
    };
  }
  const white = 2 ** depth - 1;
  const hasColours = channels >= 3;
  const hasAlpha = channels % 2 === 0;
  const clear = hasAlpha ? undefined : colourIn(transparency, channels);
  return (samples, pixel) => {
    const first = channels * pixel;
    const red = sample(samples, first);
    const luma = hasColours ? lumaOf(red, sample(samples, first + 1), sample(samples, first + 2)) : red;
    if (hasAlpha) return onPaper(luma / white, sample(samples, first + channels - 1) / white);
    const isClear = clear?.every((value, channel) => value === sample(samples, first + channel)) === true;
    return onPaper(luma / white, isClear ? 0 : 1);
  };
}

const lumaOf = (red: number, green: number, blue: number): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;

const onPaper = (luma: number, alpha: number): number => 255 * (1 + alpha * (luma - 1));

function greysOf(palette: Buffer | undefined, alphas: Buffer | undefined, refuse: Refuse): Float64Array {
  if (palette === undefined || palette.length === 0 || palette.length % 3 !== 0) {
    return refuse('is damaged: it has no palette, or a part of one');
  }
  return Float64Array.from({ length: palette.length / 3 }, (_, index) => {
    const [red, green, blue] = palette.subarray(3 * index, 3 * index + 3);
    return onPaper(
      lumaOf(red as number, green as number, blue as number) / 255,
      (alphas?.[index] ?? 255) / 255,
    );
  });
}

/** The one colour that stands for transparent, where a picture has one. */
function colourIn(transparency: Buffer | undefined, channels: number): readonly number[] | undefined {
  if (transparency === undefined || transparency.length < 2 * channels) return undefined;
  return Array.from({ length: channels }, (_, channel) => transparency.readUInt16BE(2 * channel));
}

/** Reads a sample out of packed ones; below 8 bits several stand in a byte, the first in its highest bits. */
function samplesOf(depth: number): (samples: Uint8Array, index: number) => number {
  switch (depth) {
    case 8:
      return (samples, index) => samples[index] as number;
    case 16:
      return (samples, index) => 256 * (samples[2 * index] as number) + (samples[2 * index + 1] as number);
    default: {
      const most = 2 ** depth - 1;
      return (samples, index) => {
        const bit = index * depth;
        return ((samples[bit >> 3] as number) >> (8 - depth - (bit & 7))) & most;
      };
    }
  }
}
