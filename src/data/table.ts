/**
 * A CSV file as numbers and classes.
 * Not here: which rows train, and scaling (table-rows.ts).
 */
import { existsSync } from 'node:fs';
import { errors, shown } from '../errors.ts';
import { type CsvRow, csvRows } from './csv.ts';
import { DataFile } from './data-file.ts';
import { type Fault, faultOfCell, faultOfHeader, faultOfRow } from './table-faults.ts';

/** Rows of numbers, each with a class. */
export interface LabelledTable {
  readonly columns: readonly string[];
  /** float64 (rows x columns) */
  readonly values: Float64Array;
  /** uint8 (rows): places in `classes` */
  readonly labels: Uint8Array;
  readonly classes: readonly string[];
}

/** Which columns of a file are read. */
export interface TableColumns {
  /** The column of classes. */
  readonly label: string;
  /** Those of numbers; all but the label's if undefined. */
  readonly columns?: readonly string[] | undefined;
}

/** Files of one table: to train on and, where there is one, to test on. Their classes are one list. */
export async function readTables(paths: readonly string[], wanted: TableColumns): Promise<LabelledTable[]> {
  const twice = firstTwice(wanted.columns ?? []);
  if (twice !== undefined) {
    throw errors.table(
      paths[0] as string,
      `data.columns names ${shown(twice)} more than once`,
      'Name each column once',
    );
  }
  const files: Fields[] = [];
  for (const path of paths) {
    // In the order of the first file's columns, whatever the order in the others.
    const columns = wanted.columns ?? files[0]?.columns;
    const file = await readFields(path, { ...wanted, columns });
    if (wanted.columns === undefined && file.width !== (files[0]?.width ?? file.width)) {
      throw errors.table(
        path,
        `it has ${file.width} columns, but the file of the training rows has ${files[0]?.width}`,
        'Give both files the same columns, or name those to learn from in data.columns',
      );
    }
    files.push(file);
  }
  const labels = files.flatMap(({ labels }) => labels);
  const classes = classesOf(paths[0] as string, labels, wanted.label);
  const places = new Map(classes.map((name, place) => [name, place]));
  return files.map(({ columns, values, labels }) => ({
    columns,
    values,
    classes,
    labels: Uint8Array.from(labels, (name) => places.get(name) as number),
  }));
}

/** The numbers of these columns alone: float64 (rows x columns), for predicting. */
export async function readNumbers(path: string, columns: readonly string[]): Promise<Float64Array> {
  return (await readFields(path, { columns })).values;
}

/** Classes are bytes, and a network has an output for each. */
const maxClasses = 256;
const maxFileBytes = 2 ** 28;
/** As for pictures (idx.ts). */
const maxColumns = 65_535;

interface Fields {
  readonly columns: readonly string[];
  /** How many columns the file has, whether they are read or not. */
  readonly width: number;
  readonly values: Float64Array;
  readonly labels: readonly string[];
}

async function readFields(path: string, wanted: Partial<TableColumns>): Promise<Fields> {
  const refuse = ({ fault, remedy }: Fault): never => {
    throw errors.table(path, fault, remedy);
  };
  const rows = csvRows(await textOf(path), (fault) =>
    refuse({
      fault,
      remedy: 'Put a field that holds a quote in quotes, and write the quote within it twice ("")',
    }),
  );
  const { value: header } = rows.next();
  if (header === undefined) {
    return refuse({ fault: 'it is empty', remedy: 'Begin it with a line of column names' });
  }
  const width = header.fields.length;
  const places = placesOf(header as CsvRow, wanted, refuse);
  const labels: string[] = [];
  const values: number[] = [];
  for (const row of rows) {
    const { line, fields } = row;
    if (fields.length !== width) return refuse(faultOfRow(row, width));
    for (const { name, place } of places.columns) {
      const text = fields[place] as string;
      values.push(numberIn(text) ?? refuse(faultOfCell(line, name, text, wanted.label !== undefined)));
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
  return { columns, width, values: Float64Array.from(values), labels };
}

/** UTF-8, inflated where the name ends in .gz. */
async function textOf(path: string): Promise<string> {
  if (!existsSync(path))
    throw errors.table(
      path,
      'there is no such file',
      "Correct its name: in a definition it starts from the definition's folder",
    );
  const file = await DataFile.open(path);
  try {
    const chunks: Uint8Array[] = [];
    for await (const { at, bytes } of file.read(0, Number.POSITIVE_INFINITY)) {
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

function placesOf(header: CsvRow, wanted: Partial<TableColumns>, refuse: (fault: Fault) => never) {
  const { fields } = header;
  const twice = firstTwice(fields);
  if (twice !== undefined) {
    return refuse({ fault: `its header has the column ${shown(twice)} twice`, remedy: 'Rename one of them' });
  }
  const all = new Map(fields.map((name, place) => [name, place]));
  const placeOf = (name: string): number =>
    all.get(name) ?? refuse(faultOfHeader(fields, name, wanted.label !== undefined));
  const label = wanted.label === undefined ? undefined : placeOf(wanted.label);
  const names = wanted.columns ?? fields.filter((_, place) => place !== label);
  const columns = names.map((name) => ({ name, place: placeOf(name) }));
  if (columns.some(({ place }) => place === label)) {
    return refuse({
      fault: `the label's column ${shown(wanted.label)} cannot be learnt from as well`,
      remedy: 'Take it out of data.columns, or name another in data.label',
    });
  }
  if (columns.length === 0 || columns.length > maxColumns) {
    return refuse({
      fault: `it has ${columns.length} columns to learn from, but 1 to ${maxColumns} are allowed`,
      remedy: columns.length === 0 ? 'Add columns of numbers' : 'Name fewer in data.columns',
    });
  }
  return { label, columns };
}

/** The first name that stands there before. */
export function firstTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

// Each digit can be matched in one way only: where there are two, a long number that ends badly takes the square of its
// length.
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Undefined for anything that is no decimal number of float32's range. */
function numberIn(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(Math.fround(value)) ? value : undefined;
}

/** In order of number where all are whole numbers, else in order of their characters. */
function classesOf(path: string, labels: readonly string[], column: string): string[] {
  const classes = [...new Set(labels)];
  if (classes.length < 2 || classes.length > maxClasses) {
    throw errors.table(
      path,
      `its column ${shown(column)} holds ${classes.length === 1 ? 'one class' : `${classes.length} classes`}, but 2 to ${maxClasses} are allowed`,
      classes.length < 2 ? 'Add rows of another class' : 'Name the column of classes in data.label',
    );
  }
  return classes.every((name) => /^-?\d+$/.test(name))
    ? classes.sort((a, b) => Number(a) - Number(b))
    : classes.sort((a, b) => (a < b ? -1 : 1));
}
