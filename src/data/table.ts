/**
 * A CSV file as numbers and classes.
 * Not here: which rows train, and scaling (table-rows.ts).
 */
import { existsSync } from 'node:fs';
import { errors, shown } from '../errors.ts';
import { type CsvRow, csvRows } from './csv.ts';
import { DataFile } from './data-file.ts';

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
  const files = [];
  for (const path of paths) files.push(await readFields(path, wanted));
  const [first] = files;
  const classes = classesOf(
    paths[0] as string,
    files.flatMap(({ labels }) => labels),
    wanted.label,
  );
  const places = new Map(classes.map((name, place) => [name, place]));
  return files.map(({ path, columns, values, labels }) => {
    const missing = first?.columns.find((name) => !columns.includes(name));
    if (missing !== undefined || columns.length !== first?.columns.length) {
      throw errors.table(
        path,
        `its columns are ${list(columns)}, but those of the other file ${list(first?.columns ?? [])}`,
      );
    }
    return {
      columns,
      values,
      classes,
      labels: Uint8Array.from(labels, (name) => places.get(name) as number),
    };
  });
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
  readonly path: string;
  readonly columns: readonly string[];
  readonly values: Float64Array;
  readonly labels: readonly string[];
}

async function readFields(path: string, wanted: Partial<TableColumns>): Promise<Fields> {
  const refuse = (fault: string): never => {
    throw errors.table(path, fault);
  };
  const rows = csvRows(await textOf(path), refuse);
  const { value: header } = rows.next();
  if (header === undefined) return refuse('it is empty, but must begin with a line of names');
  const places = placesOf(header as CsvRow, wanted, refuse);
  const labels: string[] = [];
  const values: number[] = [];
  for (const { line, fields } of rows) {
    if (fields.length !== header.fields.length) {
      return refuse(`line ${line} has ${fields.length} fields, but the header has ${header.fields.length}`);
    }
    for (const { name, place } of places.columns) {
      values.push(numberIn(fields[place] as string) ?? refuse(notANumber(line, name, fields[place])));
    }
    if (places.label === undefined) continue;
    const label = fields[places.label] as string;
    if (label === '')
      return refuse(`line ${line}, column ${shown(wanted.label)} must be a class, but is empty`);
    labels.push(label);
  }
  if (values.length === 0) return refuse('it has a header, but no rows');
  return { path, columns: places.columns.map(({ name }) => name), values: Float64Array.from(values), labels };
}

/** UTF-8, inflated where the name ends in .gz. */
async function textOf(path: string): Promise<string> {
  if (!existsSync(path)) throw errors.table(path, 'there is no such file');
  const file = await DataFile.open(path);
  try {
    const chunks: Uint8Array[] = [];
    for await (const { at, bytes } of file.read(0, Number.POSITIVE_INFINITY)) {
      if (at + bytes.length > maxFileBytes)
        throw errors.table(path, `it holds more than ${maxFileBytes} bytes`);
      chunks.push(bytes.slice());
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    if (error instanceof TypeError) throw errors.table(path, 'it is no text in UTF-8', error);
    throw error;
  } finally {
    await file.close();
  }
}

function placesOf({ fields }: CsvRow, wanted: Partial<TableColumns>, refuse: (fault: string) => never) {
  const twice = fields.find((name, place) => fields.indexOf(name) !== place);
  if (twice !== undefined) return refuse(`its header has the column ${shown(twice)} twice`);
  const placeOf = (name: string): number => {
    const place = fields.indexOf(name);
    return place >= 0 ? place : refuse(`it has no column ${shown(name)}, only ${list(fields)}`);
  };
  const label = wanted.label === undefined ? undefined : placeOf(wanted.label);
  const names = wanted.columns ?? fields.filter((_, place) => place !== label);
  const columns = names.map((name) => ({ name, place: placeOf(name) }));
  if (columns.some(({ place }) => place === label)) {
    return refuse(`the label's column ${shown(wanted.label)} cannot be learnt from as well`);
  }
  if (columns.length === 0 || columns.length > maxColumns) {
    return refuse(`it has ${columns.length} columns to learn from, but 1 to ${maxColumns} are allowed`);
  }
  return { label, columns };
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Undefined for anything that is no decimal number of float32's range. */
function numberIn(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(Math.fround(value)) ? value : undefined;
}

const notANumber = (line: number, name: string, got: string | undefined): string =>
  `line ${line}, column ${shown(name)} must be a number, but is ${got === '' ? 'empty' : shown(got)}`;

/** In order of number where all are whole numbers, else in order of their characters. */
function classesOf(path: string, labels: readonly string[], column: string): string[] {
  const classes = [...new Set(labels)];
  if (classes.length < 2 || classes.length > maxClasses) {
    throw errors.table(
      path,
      `its column ${shown(column)} holds ${classes.length === 1 ? 'one class' : `${classes.length} classes`}, but 2 to ${maxClasses} are allowed`,
    );
  }
  return classes.every((name) => /^-?\d+$/.test(name))
    ? classes.sort((a, b) => Number(a) - Number(b))
    : classes.sort((a, b) => (a < b ? -1 : 1));
}

/** Names in a message, not all of very many. */
const list = (names: readonly string[]): string =>
  names.slice(0, 12).map(shown).join(', ') + (names.length > 12 ? `, ... (${names.length} in all)` : '');
