/**
 * The columns of a table as inputs of a network: a number each, or a one for the category that a text is.
 * Not here: scaling (scaling.ts), and reading.
 */
import { shown } from '../errors.ts';
import type { TableField } from '../train/encoding.ts';
import type { Table } from './table.ts';

/** What a column's values in the training rows say of it. */
export interface Learning {
  /** Whether what is missing is filled in. */
  readonly fills: boolean;
  /** @throws where no training row has a value in the column */
  refuseEmpty(column: string): never;
}

/** The fields that these rows of a table, the training rows, teach. */
export function learntFields(table: Table, { fills, refuseEmpty }: Learning): TableField[] {
  const { columns, values, texts } = table;
  return columns.map((name, column): TableField => {
    const known: number[] = [];
    for (let at = column; at < values.length; at += columns.length)
      if (!Number.isNaN(values[at])) known.push(values[at] as number);
    if (known.length === 0) return refuseEmpty(name);
    const names = texts.get(name);
    if (names === undefined) {
      return fills
        ? { name, missing: known.reduce((sum, value) => sum + value, 0) / known.length }
        : { name };
    }
    const counts = new Map<string, number>();
    for (const place of known) {
      const text = names[place] as string;
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    const categories = inOrder([...counts.keys()]);
    const often = (text: string) => counts.get(text) as number;
    // Of equally frequent ones the first.
    const mode = categories.reduce((most, text) => (often(text) > often(most) ? text : most));
    return fills ? { name, categories, missing: mode } : { name, categories };
  });
}

/** In order of number where all are whole numbers, else in order of their characters. */
export const inOrder = (names: string[]): string[] =>
  names.every((name) => /^-?\d+$/.test(name))
    ? names.sort((a, b) => Number(a) - Number(b))
    : names.sort((a, b) => (a < b ? -1 : 1));

/** The names of the inputs that the fields become. */
export const inputNames = (fields: readonly TableField[]): string[] =>
  fields.flatMap((field) =>
    'categories' in field ? field.categories.map((category) => `${field.name}=${category}`) : [field.name],
  );

/** Whether each input is a column of numbers that must be there: then there is nothing to say of fields. */
export const arePlain = (fields: readonly TableField[]): boolean =>
  fields.every((field) => !('categories' in field) && field.missing === undefined);

export interface TableInputs {
  /** float64 (rows x inputs) */
  readonly values: Float64Array;
  /** What no training row has: such a row's inputs are 0 for all of the column's categories. */
  readonly unseen: readonly Unseen[];
}

export interface Unseen {
  readonly row: number;
  readonly column: string;
  readonly text: string;
}

/** Every field must be a column of the table. */
export function inputValues(fields: readonly TableField[], table: Table): TableInputs {
  const { columns, values, texts } = table;
  const rows = values.length / columns.length;
  const width = inputNames(fields).length;
  const inputs = new Float64Array(rows * width);
  const unseen: Unseen[] = [];
  const placeOf = new Map(columns.map((name, place) => [name, place]));
  let first = 0;
  for (const field of fields) {
    const column = placeOf.get(field.name) as number;
    const valueAt = (row: number) => values[row * columns.length + column] as number;
    if (!('categories' in field)) {
      for (let row = 0; row < rows; row++) {
        const value = valueAt(row);
        inputs[row * width + first] = Number.isNaN(value) ? (field.missing as number) : value;
      }
      first += 1;
      continue;
    }
    const names = texts.get(field.name) as readonly string[];
    const places = new Map(field.categories.map((category, place) => [category, place]));
    for (let row = 0; row < rows; row++) {
      const value = valueAt(row);
      const text = Number.isNaN(value) ? (field.missing as string) : (names[value] as string);
      const place = places.get(text);
      if (place === undefined) unseen.push({ row, column: field.name, text });
      else inputs[row * width + first + place] = 1;
    }
    first += field.categories.length;
  }
  return { values: inputs, unseen };
}

/** `2 rows of data.test hold in column "island" what no training row has ("Dream"): ...`, a sentence a column. */
export function unseenRemarks(what: string, unseen: readonly Unseen[]): string[] {
  return [...Map.groupBy(unseen, ({ column }) => column)].map(([column, cells]) => {
    const texts = [...new Set(cells.map(({ text }) => text))];
    const some = texts.slice(0, 5).map(shown).join(', ') + (texts.length > 5 ? ', ...' : '');
    const [rows, hold] = cells.length === 1 ? ['1 row', 'holds'] : [`${cells.length} rows`, 'hold'];
    return `${rows} of ${what} ${hold} in column ${shown(column)} what no training row has (${some}): none of its categories.`;
  });
}
