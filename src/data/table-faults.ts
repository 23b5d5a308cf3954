/**
 * What is wrong with a CSV file, and what its owner can do about it: a first line, a row, a field.
 * Not here: reading, and what is allowed (table.ts).
 */
import { shown } from '../errors.ts';
import type { CsvRow, DecimalMark, Separator } from './csv.ts';

export interface Fault {
  /** The rest of a sentence that begins with the table. */
  readonly fault: string;
  /** A sentence without its full stop. */
  readonly remedy: string;
}

/** Throws a fault as an error about its table. */
export type Refuse = (fault: Fault) => never;

/** Names in a message, not all of very many. */
const list = (names: readonly string[]): string =>
  names.slice(0, 12).map(shown).join(', ') + (names.length > 12 ? `, ... (${names.length} in all)` : '');

/** Who reads a file, and how. */
export interface Reader {
  /** Whether a definition names the columns, or else a model, which needs all of its own. */
  readonly trains: boolean;
  readonly separator: Separator;
  readonly decimal: DecimalMark;
}

const called: Readonly<Record<Separator, string>> = {
  ',': 'commas',
  ';': 'semicolons (";")',
  '\t': 'tabs',
  '|': 'bars ("|")',
};

/** A header without the column `name`. */
export function faultOfHeader(
  fields: readonly string[],
  name: string,
  { trains, separator: ours }: Reader,
): Fault {
  const text = fields.join(ours);
  // The separator of rows to predict is detected, not declared.
  if (trains)
    for (const [separator, what] of Object.entries(called)) {
      if (separator === ours || text.split(separator).length <= fields.length) continue;
      return {
        fault: `its columns are separated by ${what}, as line 1 shows, not by ${called[ours]}`,
        remedy: `Write data.separator: ${shown(separator)}, and where numbers are written as 0,5 also data.decimal: ","`,
      };
    }
  const fault = `it has no column ${shown(name)}, only ${list(fields)}`;
  if (fields.every((field) => field !== '' && Number.isFinite(Number(field)))) {
    return { fault, remedy: 'Put a line of column names above the first row' };
  }
  return {
    fault,
    remedy: trains
      ? 'Correct the name in data.label, data.targets or data.columns'
      : 'Give it the columns that the model was trained on',
  };
}

/** A row that has more or fewer fields than the header. */
export const faultOfRow = ({ line, fields }: CsvRow, width: number, { separator }: Reader): Fault => ({
  fault: `line ${line} has ${fields.length} fields, but the header has ${width}`,
  remedy:
    fields.length < width
      ? 'Complete the line, or delete it'
      : `Put a field that holds one of the ${called[separator]} in quotes, and write decimal numbers with a point (0.5)`,
});

/** What data sets write where a value is missing. */
const missing = /^(?:|\?|-+|n\/?a|nan|null|none)$/i;

/** Whether a field says that its value is missing. */
export const isMissing = (text: string): boolean => missing.test(text);

/** A field that is not what its column must hold. */
export function faultOfCell(
  line: number,
  name: string,
  text: string,
  reader: Reader,
  what: 'a number' | 'a category' = 'a number',
): Fault {
  const { trains } = reader;
  const got = text === '' ? 'empty' : shown(text);
  const fault = `line ${line}, column ${shown(name)} must be ${what}, but is ${got}`;
  const orWithout = trains ? ', or leave the column out: data.columns names those to learn from' : '';
  if (isMissing(text)) {
    const orFilled = trains ? ' (data.missing: mean does so for all)' : '';
    return { fault, remedy: `Fill in the missing value${orFilled}, delete the line${orWithout}` };
  }
  const written = asWritten(text, reader);
  if (written !== undefined) return { fault, remedy: written };
  if (isTooLarge(text)) {
    return {
      fault: `${fault}, and float32 ends at 3.4e38`,
      remedy: `Write the column in another unit${orWithout}`,
    };
  }
  const orCategories = trains ? ', name it in data.oneHot if it holds categories' : '';
  return { fault, remedy: `Write numbers in this column${orCategories}${orWithout}` };
}

/** Whether it is a number that float32 does not reach, and no word such as Infinity. */
const isTooLarge = (text: string): boolean =>
  Math.abs(Number(text.replace(',', '.'))) > 3.4e38 && /\d/.test(text);

/** What to do about a number with the other decimal mark; undefined for anything else. */
function asWritten(text: string, { trains, decimal }: Reader): string | undefined {
  const point = text.replace(',', '.');
  if (!text.includes(decimal === '.' ? ',' : '.') || !Number.isFinite(Number(point))) return undefined;
  if (decimal === '.')
    return `Write decimal numbers with a point: ${point}, or say that they have commas: ${trains ? 'data.decimal: ","' : '--decimal ,'}`;
  const comma = text.replace('.', ',');
  return `Write decimal numbers with a comma: ${comma}, or leave ${trains ? 'data.decimal' : '--decimal'} out`;
}

/** A target that is no number. */
export function faultOfTarget(line: number, name: string, text: string, reader: Reader): Fault {
  const { fault } = faultOfCell(line, name, text, reader);
  const written = asWritten(text, reader);
  if (written !== undefined) return { fault, remedy: written };
  if (isTooLarge(text)) return { fault, remedy: 'Write the column in another unit' };
  const remedy = isMissing(text)
    ? 'Fill in the value that is to be learnt, or delete the line'
    : 'Write numbers in a column of data.targets, or name a column of classes in data.label';
  return { fault, remedy };
}
