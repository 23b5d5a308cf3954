/**
 * CSV and TSV files as numbers, categories and classes.
 * Not here: one file (table-file.ts); which rows train (table-parts.ts), what is learnt from them (table-rows.ts).
 */
import { errors, shown } from '../errors.ts';
import { maxClasses, type TableEncoding, type TableField } from '../train/encoding.ts';
import { type DecimalMark, type Separator, separators } from './csv.ts';
import { inOrder, inputValues, type TableInputs } from './table-fields.ts';
import { readFields, rowsIn, type TableColumns, textOf, usualSeparator } from './table-file.ts';
import { firstTwice } from './table-header.ts';

/** Rows of numbers and categories. */
export interface Table {
  readonly columns: readonly string[];
  /** float64 (rows x columns): a number, a place in `texts`, or NaN where a value is missing. */
  readonly values: Float64Array;
  /** The texts of each column of categories. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/** The same, each row with what is to be learnt of it: a class, or a number of each target. */
export interface LabelledTable extends Table {
  /** uint8 (rows): places in `classes`; 0 where there are targets. */
  readonly labels: Uint8Array;
  readonly classes: readonly string[];
  readonly targets?: TargetColumns | undefined;
}

export interface TargetColumns {
  readonly names: readonly string[];
  /** float64 (rows x names) */
  readonly values: Float64Array;
}

const ofDefinition =
  "Correct its name: in a definition it starts from the definition's folder, which the verbs that need it later take as --base";

/** Files of one table: to train on and, where there is one, to test on. Their classes are one list. */
export async function readTables(paths: readonly string[], wanted: TableColumns): Promise<LabelledTable[]> {
  const [first] = paths as [string];
  for (const key of ['columns', 'oneHot', 'targets'] as const) {
    const twice = firstTwice(wanted[key] ?? []);
    if (twice === undefined) continue;
    throw errors.table(first, `data.${key} names ${shown(twice)} more than once`, 'Name each column once');
  }
  const places = new Map((wanted.oneHot ?? []).map((name) => [name, new Map<string, number>()]));
  const files: ReturnType<typeof readFields>[] = [];
  for (const path of paths) {
    const file = readFields(path, await textOf(path, ofDefinition), {
      ...{ label: wanted.label, targets: wanted.targets },
      // In the order of the first file's columns, whatever the order in the others.
      columns: wanted.columns ?? files[0]?.columns,
      separator: wanted.separator ?? usualSeparator(path),
      decimal: wanted.decimal ?? '.',
      texts: places,
      mayMiss: () => wanted.missing === 'mean',
    });
    if (wanted.columns === undefined && file.width !== (files[0]?.width ?? file.width)) {
      throw errors.table(
        path,
        `it has ${file.width} columns, but the file of the training rows has ${files[0]?.width}`,
        'Give both files the same columns, or name those to learn from in data.columns',
      );
    }
    files.push(file);
  }
  const texts = listed(places);
  if (wanted.label === undefined) {
    const names = wanted.targets ?? [];
    return files.map(({ columns, values, targets }) => ({
      ...{ columns, values, texts, classes: [] },
      labels: new Uint8Array(values.length / columns.length),
      targets: { names, values: targets },
    }));
  }
  const labels = files.flatMap(({ labels }) => labels);
  const classes = classesOf(first, labels, wanted.label);
  const labelOf = new Map(classes.map((name, place) => [name, place]));
  return files.map(({ columns, values, labels }) => ({
    ...{ columns, values, texts, classes },
    labels: Uint8Array.from(labels, (name) => labelOf.get(name) as number),
  }));
}

/**
 * The inputs of a trained network out of a file that has its columns, among others, whatever the separator.
 * @param decimal how the numbers of the file are written
 * @throws ERR_TABLE with the line and column of a field that it cannot take
 */
export async function readInputs(
  path: string,
  encoding: TableEncoding,
  decimal: DecimalMark = '.',
): Promise<TableInputs> {
  const fields: readonly TableField[] = encoding.fields ?? encoding.columns.map((name) => ({ name }));
  const columns = fields.map(({ name }) => name);
  const text = await textOf(path, 'Check the path');
  const fieldsBy = (separator: Separator): readonly string[] =>
    rowsIn(path, text, separator).next().value?.fields ?? [];
  const fits = separators.find((separator) => columns.every((name) => fieldsBy(separator).includes(name)));
  const widest = separators.toSorted(
    (one, other) => fieldsBy(other).length - fieldsBy(one).length,
  )[0] as Separator;
  const places = new Map(
    fields.flatMap((field) => ('categories' in field ? [[field.name, new Map<string, number>()]] : [])),
  );
  const filled = new Set(fields.flatMap(({ name, missing }) => (missing === undefined ? [] : [name])));
  const { values } = readFields(path, text, {
    ...{ columns, separator: fits ?? widest, decimal, texts: places },
    mayMiss: (name) => filled.has(name),
  });
  return inputValues(fields, { columns, values, texts: listed(places) });
}

/** The texts of each column in the order of their places. */
const listed = (places: ReadonlyMap<string, ReadonlyMap<string, number>>) =>
  new Map([...places].map(([name, texts]) => [name, [...texts.keys()]]));

function classesOf(path: string, labels: readonly string[], column: string): string[] {
  const classes = [...new Set(labels)];
  if (classes.length < 2 || classes.length > maxClasses) {
    throw errors.table(
      path,
      `its column ${shown(column)} holds ${classes.length === 1 ? 'one class' : `${classes.length} classes`}, but 2 to ${maxClasses} are allowed`,
      classes.length < 2
        ? 'Add rows of another class'
        : 'Name the column of classes in data.label, or join rare classes',
    );
  }
  return inOrder(classes);
}
