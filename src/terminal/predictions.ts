/** Predictions as a table, JSON, CSV or Markdown. */
import { className, type Encoding } from '../train/encoding.ts';
import type { Prediction } from '../train/predict.ts';
import { type Column, withDistinctKeys } from '../words/column.ts';
import type { Format } from '../words/formats.ts';
import { printableJson } from '../words/text.ts';
import { numberText } from '../words/units.ts';
import type { Paper } from './paper.ts';
import { rowsAs } from './rows.ts';

/** What a model says of a row, and where that row is. */
export interface PredictedRow {
  /** The file. */
  readonly source: string;
  /** Its place in the file, counted from 0; null where the file is one picture. */
  readonly row: number | null;
  /** The class, or the numbers by the names of targets. */
  readonly prediction: Prediction | Readonly<Record<string, number>>;
}

const isClass = (prediction: PredictedRow['prediction']): prediction is Prediction =>
  prediction['outputs'] instanceof Float32Array;

/** Without a newline at the end; JSON has each row's outputs as a list, and numbers by their names. */
export function predictionsAs(
  format: Format,
  encoding: Encoding,
  rows: readonly PredictedRow[],
  paper: Paper,
): string {
  if (format !== 'json') return rowsAs(format, columnsFor(encoding, rows), rows, paper);
  const documents = rows.map(({ source, row, prediction }) =>
    isClass(prediction)
      ? { source, row, class: prediction.name, outputs: [...prediction.outputs] }
      : { source, row, targets: prediction },
  );
  return printableJson(JSON.stringify(documents, null, 2));
}

function columnsFor(encoding: Encoding, rows: readonly PredictedRow[]): Column<PredictedRow>[] {
  const prediction = rows[0]?.prediction;
  return [
    {
      ...{ key: 'source', title: 'file', align: 'left', value: ({ source }) => source },
      // A user who named a single file knows its name, which may be longer than all else.
      visible: (all) => all.some(({ source, row }) => row === null || source !== all[0]?.source),
    },
    {
      key: 'row',
      title: 'row',
      align: 'right',
      value: ({ row }) => row,
      visible: (all) => all.some(({ row }) => row !== null),
    },
    ...(prediction === undefined || isClass(prediction)
      ? classColumns(encoding, prediction?.outputs.length ?? 0)
      : withDistinctKeys(Object.keys(prediction).map(numberColumn))),
  ];
}

function numberColumn(name: string): Column<PredictedRow> {
  const value = ({ prediction }: PredictedRow) => (isClass(prediction) ? null : (prediction[name] ?? null));
  return {
    ...{ key: name, title: name, align: 'right', value },
    text: (row) => numberText(value(row) ?? Number.NaN),
  };
}

function classColumns(encoding: Encoding, outputs: number): Column<PredictedRow>[] {
  const outputOf = ({ prediction }: PredictedRow, index: number) =>
    isClass(prediction) ? (prediction.outputs[index] ?? null) : null;
  return [
    {
      ...{ key: 'class', title: 'class', align: 'left' },
      value: ({ prediction }) => (isClass(prediction) ? prediction.name : null),
    },
    ...Array.from({ length: outputs }, (_, index): Column<PredictedRow> => {
      const name = className(encoding, index);
      return {
        key: `output ${name}`,
        title: name,
        align: 'right',
        value: (row) => outputOf(row, index),
        text: (row) => (outputOf(row, index) ?? 0).toFixed(4),
      };
    }),
  ];
}
