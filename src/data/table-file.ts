/**
 * One CSV or TSV file: the columns that are wanted of it, as numbers and texts.
 * Not here: which rows train (table-parts.ts), what is learnt from them (table-rows.ts); classes (table.ts).
 */
import { existsSync } from 'node:fs';
import { errors, shown } from '../errors.ts';
import { type CsvRow, csvRows, type DecimalMark, type Separator } from './csv.ts';
import { DataFile } from './data-file.ts';
import {
  faultOfCell,
  faultOfRow,
  faultOfTarget,
  isMissing,
  type Reader,
  type Refuse,
} from './table-faults.ts';
import { type Column, type Place, type Wanted, wantedColumns } from './table-header.ts';

/** Which columns of a file are read, and how. */
export interface TableColumns {
  /** The column of classes; undefined where there are targets. */
  readonly label?: string | undefined;
  /** The columns of numbers to learn, in place of a label. */
  readonly targets?: readonly string[] | undefined;
  /** Those to learn from; all others if undefined. */
  readonly columns?: readonly string[] | undefined;
  /** Those among them that hold categories, each an input of its own: all others hold numbers. */
  readonly oneHot?: readonly string[] | undefined;
  /** What becomes of a value that is missing: an error, or what the training rows have in the mean (most often, of categories). */
  readonly missing?: Missing | undefined;
  /** What stands between two fields; if undefined, a tab in files whose name ends in .tsv, else a comma. */
  readonly separator?: Separator | undefined;
  /** A point if undefined. */
  readonly decimal?: DecimalMark | undefined;
}

export type Missing = 'refuse' | 'mean';

export interface TableFile {
  readonly columns: readonly string[];
  /** How many columns the file has, whether they are read or not. */
  readonly width: number;
  /** float64 (rows x columns): a number, the place of a text, or NaN where a value is missing. */
  readonly values: Float64Array;
  /** None where no label is wanted. */
  readonly labels: readonly string[];
  /** float64 (rows x targets) */
  readonly targets: Float64Array;
}

const maxFileBytes = 2 ** 28;
/** An output each. */
export const maxTargets = 1_000;

/** @param text the whole of the file, as textOf() gives it */
export function readFields(path: string, text: string, wanted: Wanted): TableFile {
  const refuse = refusal(path);
  const rows = rowsIn(path, text, wanted.separator);
  const reader: Reader = {
    trains: wanted.label !== undefined || wanted.targets !== undefined,
    separator: wanted.separator,
    decimal: wanted.decimal,
  };
  const { value: header } = rows.next();
  if (header === undefined) {
    return refuse({ fault: 'it is empty', remedy: 'Begin it with a line of column names' });
  }
  const width = header.fields.length;
  const { columns, targets, label } = wantedColumns(header, wanted, reader, refuse);
  const values: number[] = [];
  const answers: number[] = [];
  const labels: string[] = [];
  for (const row of rows) {
    if (row.fields.length !== width) return refuse(faultOfRow(row, width, reader));
    for (const column of columns) values.push(valueIn(row, column, reader, refuse));
    for (const target of targets) answers.push(targetIn(row, target, reader, refuse));
    if (label !== undefined) labels.push(labelIn(row, label, refuse));
  }
  if (values.length === 0) {
    return refuse({
      fault: 'it has a header, but no rows',
      remedy: 'Write a line for each row below the line of column names',
    });
  }
  return {
    columns: columns.map(({ name }) => name),
    ...{ width, labels, values: Float64Array.from(values), targets: Float64Array.from(answers) },
  };
}

function valueIn(
  { line, fields }: CsvRow,
  { name, place, texts, mayMiss }: Column,
  reader: Reader,
  refuse: Refuse,
): number {
  const field = fields[place] as string;
  if (mayMiss && isMissing(field)) return Number.NaN;
  if (texts === undefined)
    return numberIn(field, reader.decimal) ?? refuse(faultOfCell(line, name, field, reader));
  return field === '' ? refuse(faultOfCell(line, name, field, reader, 'a category')) : placeOf(field, texts);
}

function targetIn({ line, fields }: CsvRow, { name, place }: Place, reader: Reader, refuse: Refuse): number {
  const field = fields[place] as string;
  return numberIn(field, reader.decimal) ?? refuse(faultOfTarget(line, name, field, reader));
}

function labelIn({ line, fields }: CsvRow, { name, place }: Place, refuse: Refuse): string {
  const label = fields[place] as string;
  if (label !== '') return label;
  return refuse({
    fault: `line ${line}, column ${shown(name)} must be a class, but is empty`,
    remedy: 'Fill it in, or delete the line',
  });
}

const refusal =
  (path: string): Refuse =>
  ({ fault, remedy }) => {
    throw errors.table(path, fault, remedy);
  };

/** The rows of the file's text, the header first. */
export const rowsIn = (path: string, text: string, separator: Separator): Generator<CsvRow> =>
  csvRows(
    text,
    (fault) =>
      refusal(path)({
        fault,
        remedy: 'Put a field that holds a quote in quotes, and write the quote within it twice ("")',
      }),
    separator,
  );

/** By the ending of a file's name. */
export const usualSeparator = (path: string): Separator => (/\.tsv(?:\.gz)?$/i.test(path) ? '\t' : ',');

/**
 * UTF-8, inflated where the name ends in .gz.
 * @param remedy what to do where there is no such file
 */
export async function textOf(path: string, remedy: string): Promise<string> {
  if (!existsSync(path)) throw errors.table(path, 'there is no such file', remedy);
  const file = await DataFile.open(path);
  try {
    const chunks: Uint8Array[] = [];
    for await (const { at, bytes } of file.read(Number.POSITIVE_INFINITY)) {
      if (at + bytes.length > maxFileBytes)
        throw errors.table(path, `it holds more than ${maxFileBytes} bytes`, 'Leave out rows or columns');
      chunks.push(bytes.slice());
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks.splice(0)));
  } catch (error) {
    if (error instanceof TypeError)
      throw errors.table(path, 'it is no text in UTF-8', 'Save it as UTF-8', error);
    throw error;
  } finally {
    await file.close();
  }
}

/** Where a text stands among those of its column, as the last one where it is new. */
function placeOf(text: string, texts: Map<string, number>): number {
  const known = texts.get(text);
  if (known !== undefined) return known;
  texts.set(text, texts.size);
  return texts.size - 1;
}

// Each digit can be matched in one way only: where there are two, a long number that ends badly takes the square of its
// length.
const withPoint = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const withComma = /^[+-]?(?:\d+(?:,\d*)?|,\d+)(?:e[+-]?\d+)?$/i;

/** Undefined for anything that is no decimal number of float32's range. */
function numberIn(text: string, mark: DecimalMark): number | undefined {
  const isNumber = (mark === '.' ? withPoint : withComma).test(text);
  const value = isNumber ? Number(text.replace(',', '.')) : Number.NaN;
  return Number.isFinite(Math.fround(value)) ? value : undefined;
}
