/**
 * One CSV or TSV file: the columns that are wanted of it, as numbers and texts.
 * Not here: which rows train (table-parts.ts), what is learnt from them (table-rows.ts); classes (table.ts).
 */
import { existsSync } from 'node:fs';
import { errors, shown } from '../errors.ts';
import { type CsvRow, csvRows, type Separator } from './csv.ts';
import { DataFile } from './data-file.ts';
import {
  type Fault,
  faultOfCell,
  faultOfHeader,
  faultOfRow,
  faultOfTarget,
  isMissing,
  type Reader,
} from './table-faults.ts';

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
}

export type Missing = 'refuse' | 'mean';

/** What is wanted of one file. */
export interface Wanted {
  /** None for rows to predict. */
  readonly label?: string | undefined;
  readonly targets?: readonly string[] | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly separator: Separator;
  /** The texts of each column of categories, by their places; those that are met first here are added. */
  readonly texts: ReadonlyMap<string, Map<string, number>>;
  mayMiss(column: string): boolean;
}

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
/** As for pictures (idx.ts). */
export const maxColumns = 65_535;
/** An output each. */
export const maxTargets = 1_000;

/** @param text the whole of the file, as textOf() gives it */
export function readFields(path: string, text: string, wanted: Wanted): TableFile {
  const refuse = refusal(path);
  const rows = rowsIn(path, text, wanted.separator);
  const reader: Reader = {
    trains: wanted.label !== undefined || wanted.targets !== undefined,
    separator: wanted.separator,
  };
  const { value: header } = rows.next();
  if (header === undefined) {
    return refuse({ fault: 'it is empty', remedy: 'Begin it with a line of column names' });
  }
  const width = header.fields.length;
  const places = placesOf(header as CsvRow, wanted, reader, refuse);
  const labels: string[] = [];
  const values: number[] = [];
  const targets: number[] = [];
  for (const row of rows) {
    const { line, fields } = row;
    if (fields.length !== width) return refuse(faultOfRow(row, width, reader));
    for (const { name, place, texts, mayMiss } of places.columns) {
      const field = fields[place] as string;
      if (mayMiss && isMissing(field)) values.push(Number.NaN);
      else if (texts === undefined)
        values.push(numberIn(field) ?? refuse(faultOfCell(line, name, field, reader)));
      else if (field !== '') values.push(placeOf(field, texts));
      else refuse(faultOfCell(line, name, field, reader, 'a category'));
    }
    for (const { name, place } of places.targets) {
      const field = fields[place] as string;
      targets.push(numberIn(field) ?? refuse(faultOfTarget(line, name, field)));
    }
    if (places.label === undefined) continue;
    const label = fields[places.label] as string;
    if (label === '') {
      return refuse({
        fault: `line ${line}, column ${shown(wanted.label)} must be a class, but is empty`,
        remedy: 'Fill it in, or delete the line',
      });
    }
    labels.push(label);
  }
  if (values.length === 0) {
    return refuse({
      fault: 'it has a header, but no rows',
      remedy: 'Write a line for each row below the line of column names',
    });
  }
  const columns = places.columns.map(({ name }) => name);
  return { columns, width, values: Float64Array.from(values), labels, targets: Float64Array.from(targets) };
}

const refusal =
  (path: string) =>
  ({ fault, remedy }: Fault): never => {
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

/** UTF-8, inflated where the name ends in .gz. */
export async function textOf(path: string): Promise<string> {
  if (!existsSync(path))
    throw errors.table(
      path,
      'there is no such file',
      "Correct its name: in a definition it starts from the definition's folder, which verify takes as --base",
    );
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

function placesOf(header: CsvRow, wanted: Wanted, reader: Reader, refuse: (fault: Fault) => never) {
  const { fields } = header;
  const twice = firstTwice(fields);
  if (twice !== undefined) {
    return refuse({ fault: `its header has the column ${shown(twice)} twice`, remedy: 'Rename one of them' });
  }
  const all = new Map(fields.map((name, place) => [name, place]));
  const placeOf = (name: string): number => all.get(name) ?? refuse(faultOfHeader(fields, name, reader));
  const label = wanted.label === undefined ? undefined : placeOf(wanted.label);
  const targets = (wanted.targets ?? []).map((name) => ({ name, place: placeOf(name) }));
  const answers = new Set([label, ...targets.map(({ place }) => place)]);
  const names = wanted.columns ?? fields.filter((_, place) => !answers.has(place));
  const columns = names.map((name) => {
    return { name, place: placeOf(name), texts: wanted.texts.get(name), mayMiss: wanted.mayMiss(name) };
  });
  if (columns.some(({ place }) => place === label)) {
    return refuse({
      fault: `the label's column ${shown(wanted.label)} cannot be learnt from as well`,
      remedy: 'Take it out of data.columns, or name another in data.label',
    });
  }
  const learnt = targets.find((target) => columns.some(({ place }) => place === target.place));
  if (learnt !== undefined) {
    return refuse({
      fault: `the target's column ${shown(learnt.name)} cannot be learnt from as well`,
      remedy: 'Take it out of data.columns, or out of data.targets',
    });
  }
  const named = new Set(names);
  for (const name of wanted.texts.keys()) {
    if (named.has(name)) continue;
    placeOf(name);
    return refuse({
      fault: `data.oneHot names ${shown(name)}, which is not among the columns to learn from`,
      remedy: 'Add it to data.columns, or take it out of data.oneHot',
    });
  }
  if (columns.length === 0 || columns.length > maxColumns) {
    return refuse({
      fault: `it has ${columns.length} columns to learn from, but 1 to ${maxColumns} are allowed`,
      remedy: columns.length === 0 ? 'Add columns of numbers' : 'Name fewer in data.columns',
    });
  }
  return { label, targets, columns };
}

/** The first name that stands there before. */
export function firstTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
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
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Undefined for anything that is no decimal number of float32's range. */
function numberIn(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(Math.fround(value)) ? value : undefined;
}
