/** Predictions as a table, JSON, CSV or Markdown. */
import { className, type Encoding } from '../train/encoding.ts';
import type { Prediction } from '../train/predict.ts';
import type { Column } from '../words/column.ts';
import type { Format } from '../words/formats.ts';
import { printableJson } from '../words/text.ts';
import type { Paper } from './paper.ts';
import { rowsAs } from './rows.ts';

/** A prediction and the row it is about. */
export interface PredictedRow {
  /** The file. */
  readonly source: string;
  /** Its place in the file, counted from 0; null where the file is one picture. */
  readonly row: number | null;
  readonly prediction: Prediction;
}

/** Without a newline at the end; JSON has each row's outputs as a list. */
export function predictionsAs(
  format: Format,
  encoding: Encoding,
  rows: readonly PredictedRow[],
  paper: Paper,
): string {
  if (format !== 'json') return rowsAs(format, columnsFor(encoding, rows), rows, paper);
  const documents = rows.map(({ source, row, prediction }) => {
    return { source, row, class: prediction.name, outputs: [...prediction.outputs] };
  });
  return printableJson(JSON.stringify(documents, null, 2));
}

function columnsFor(encoding: Encoding, rows: readonly PredictedRow[]): Column<PredictedRow>[] {
  const [first] = rows;
  return [
    { key: 'source', title: 'file', align: 'left', value: ({ source }) => source },
    {
      key: 'row',
      title: 'row',
      align: 'right',
      value: ({ row }) => row,
      visible: (all) => all.some(({ row }) => row !== null),
    },
    { key: 'class', title: 'class', align: 'left', value: ({ prediction }) => prediction.name },
    ...Array.from(first?.prediction.outputs ?? [], (_, index): Column<PredictedRow> => {
      const name = className(encoding, index);
      return {
        key: `output ${name}`,
        title: name,
        align: 'right',
        value: ({ prediction }) => prediction.outputs[index] ?? null,
        text: ({ prediction }) => (prediction.outputs[index] ?? 0).toFixed(4),
      };
    }),
  ];
}
