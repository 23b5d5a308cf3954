/**
 * What is wrong with a CSV file, and what its owner can do about it: a first line, a row, a field.
 * Not here: reading, and what is allowed (table.ts).
 */
import { shown } from '../errors.ts';
import type { CsvRow } from './csv.ts';

export interface Fault {
  /** The rest of a sentence that begins with the table. */
  readonly fault: string;
  /** A sentence without its full stop. */
  readonly remedy: string;
}

/** Names in a message, not all of very many. */
const list = (names: readonly string[]): string =>
  names.slice(0, 12).map(shown).join(', ') + (names.length > 12 ? `, ... (${names.length} in all)` : '');

const separators = { ';': 'semicolons (";")', '\t': 'tabs', '|': 'bars ("|")' } as const;

/**
 * A header without the column `name`.
 * @param trains whether a definition has named it, or else a model
 */
export function faultOfHeader(fields: readonly string[], name: string, trains: boolean): Fault {
  const text = fields.join(',');
  for (const [separator, called] of Object.entries(separators)) {
    if (text.split(separator).length <= fields.length) continue;
    return {
      fault: `its columns are separated by ${called}, as line 1 shows, but they must be by commas`,
      remedy: 'Save it as CSV with commas, and with points in decimal numbers (0.5)',
    };
  }
  const fault = `it has no column ${shown(name)}, only ${list(fields)}`;
  if (fields.every((field) => field !== '' && Number.isFinite(Number(field)))) {
    return { fault, remedy: 'Put a line of column names above the first row' };
  }
  return {
    fault,
    remedy: trains
      ? 'Correct the name in data.label or data.columns'
      : 'Give it the columns that the model was trained on',
  };
}

/** A row that has more or fewer fields than the header. */
export const faultOfRow = ({ line, fields }: CsvRow, width: number): Fault => ({
  fault: `line ${line} has ${fields.length} fields, but the header has ${width}`,
  remedy:
    fields.length < width
      ? 'Complete the line, or delete it'
      : 'Put a field that holds a comma in quotes, and write decimal numbers with a point (0.5)',
});

/** What data sets write where a value is missing. */
const missing = /^(?:|\?|-+|n\/?a|nan|null|none)$/i;

/**
 * A field that is no number.
 * @param trains whether a column can be left out: a model needs all of its own
 */
export function faultOfCell(line: number, name: string, text: string, trains: boolean): Fault {
  const got = text === '' ? 'empty' : shown(text);
  const fault = `line ${line}, column ${shown(name)} must be a number, but is ${got}`;
  const orWithout = trains ? ', or leave the column out: data.columns names those to learn from' : '';
  if (missing.test(text)) return { fault, remedy: `Fill in the missing value, delete the line${orWithout}` };
  const point = text.replace(',', '.');
  if (point !== text && Number.isFinite(Number(point))) {
    return { fault, remedy: `Write decimal numbers with a point: ${point}` };
  }
  if (Number.isFinite(Number.parseFloat(text)) && Math.abs(Number(text)) > 3.4e38) {
    return {
      fault: `${fault}, and float32 ends at 3.4e38`,
      remedy: `Write the column in another unit${orWithout}`,
    };
  }
  return { fault, remedy: `Write numbers in this column${orWithout}` };
}
