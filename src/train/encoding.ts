/**
 * What a network's inputs and outputs stand for outside of it, and how raw values become what it sees.
 * Not here: where raw values come from.
 */

/** Pictures: an input is a pixel from 0 (blank) to 255, row by row. */
export interface PictureEncoding {
  readonly kind: 'pictures';
  readonly rows: number;
  readonly columns: number;
  /** Pixels divided by 255, or as they are. */
  readonly pixels: '0-1' | 'raw';
  /** The names of the outputs; where there are none, class k is called "k". */
  readonly classes?: readonly string[];
}

/**
 * A column of a file and the inputs that it becomes: its number or, of text, 1 for the category that it is and 0 for each
 * other one. Where `missing` is there, a value that is missing becomes it.
 */
export type TableField =
  | { readonly name: string; readonly missing?: number }
  | { readonly name: string; readonly categories: readonly string[]; readonly missing?: string };

/** Rows of a table: input i is (value - offsets[i]) / divisors[i]. */
export interface TableEncoding {
  readonly kind: 'table';
  /** The names of the inputs; that of a category is `colour=red`. */
  readonly columns: readonly string[];
  /** The columns of a file that the inputs come from; absent where each input is a number that must be there. */
  readonly fields?: readonly TableField[];
  readonly offsets: readonly number[];
  /** None is 0. */
  readonly divisors: readonly number[];
  /** The names of the outputs; absent where they are numbers. */
  readonly classes?: readonly string[];
  /** What the outputs are where they are numbers: target i is output i * divisor + offset. */
  readonly targets?: readonly Target[];
}

/** A number that a network learns. */
export interface Target {
  readonly name: string;
  readonly offset: number;
  /** Not 0. */
  readonly divisor: number;
}

/** What a network's inputs and outputs stand for. */
export type Encoding = PictureEncoding | TableEncoding;

/** How many inputs a row has. */
export const inputsOf = (encoding: Encoding): number =>
  encoding.kind === 'pictures' ? encoding.rows * encoding.columns : encoding.columns.length;

/** Labels are bytes, and a network has an output for each class. */
export const maxClasses = 256;

/** What class `index` is called. */
export const className = ({ classes }: Encoding, index: number): string => classes?.[index] ?? String(index);

/** What the outputs are where they are numbers; undefined where they are classes. */
export const targetsOf = (encoding: Encoding): readonly Target[] | undefined =>
  encoding.kind === 'table' ? encoding.targets : undefined;

/** The float32 that the network sees of each value a pixel can have (256). */
export const encodedPixels = ({ pixels }: PictureEncoding): Float32Array =>
  Float32Array.from({ length: 256 }, (_, pixel) => (pixels === '0-1' ? pixel / 255 : pixel));

/**
 * What the network sees of raw rows: computed in float64, rounded to float32 once.
 * @param raw (rows x inputs)
 * @returns (rows x inputs), in memory of its own
 */
export function encodedRows(encoding: Encoding, raw: ArrayLike<number>): Float32Array {
  const { length } = raw;
  const encoded = new Float32Array(length);
  switch (encoding.kind) {
    case 'pictures': {
      const divisor = encoding.pixels === '0-1' ? 255 : 1;
      for (let at = 0; at < length; at++) encoded[at] = (raw[at] as number) / divisor;
      return encoded;
    }
    case 'table': {
      const { offsets, divisors } = encoding;
      const inputs = offsets.length;
      for (let at = 0; at < length; at++) {
        const input = at % inputs;
        encoded[at] = ((raw[at] as number) - (offsets[input] as number)) / (divisors[input] as number);
      }
      return encoded;
    }
    default:
      return encoding satisfies never;
  }
}
