/**
 * How good a model is class by class, as columns that every format shares, and in a sentence.
 * Not here: the numbers (evidence/classification.ts).
 */
import type { Classification, ReliabilityBin, Scores } from '../evidence/classification.ts';
import type { Column } from '../words/column.ts';
import { countText, percent } from '../words/units.ts';

/** The scores of a class, or a mean over the classes. */
export interface ScoreRow extends Scores {
  readonly name: string;
  readonly rows: number;
}

/** A row a class, and below them the two means. */
export const scoreRows = ({ classes, macro, weighted, rows }: Classification): ScoreRow[] => [
  ...classes,
  { name: 'mean of classes', ...macro, rows },
  { name: 'weighted by rows', ...weighted, rows },
];

const share = (key: 'precision' | 'recall' | 'f1', title: string): Column<ScoreRow> => ({
  ...{ key, title, align: 'right' },
  value: (row) => row[key],
  text: (row) => percent(row[key]),
});

/** An area under a ROC curve. */
export const areaText = (area: number): string => area.toFixed(4);

export const scoreColumns: readonly Column<ScoreRow>[] = [
  { key: 'class', title: 'class', align: 'left', value: ({ name }) => name },
  share('precision', 'precision'),
  share('recall', 'recall'),
  share('f1', 'F1'),
  {
    ...{ key: 'rocAuc', title: 'ROC-AUC', align: 'right' },
    value: ({ rocAuc }) => rocAuc,
    text: ({ rocAuc }) => (rocAuc === null ? '' : areaText(rocAuc)),
  },
  {
    ...{ key: 'rows', title: 'rows', align: 'right' },
    value: ({ rows }) => rows,
    text: ({ rows }) => countText(rows),
  },
];

/** `accuracy 96.67 %; area under the ROC curve 0.9830; calibration error 3.10 %` */
export function scoresText({ accuracy, rocAuc, calibrationError }: Classification): string {
  const parts = [
    `accuracy ${percent(accuracy)}`,
    ...(rocAuc === null ? [] : [`area under the ROC curve ${areaText(rocAuc)}`]),
    `calibration error ${percent(calibrationError)}`,
  ];
  return parts.join('; ');
}

/** What the terms mean, a sentence each. */
export const scoresExplained =
  'Precision: of the rows predicted as the class, the share that is of it. Recall: of the rows of the class, the share predicted as it. F1: their harmonic mean. ROC-AUC: how often a row of the class looks more like it than another row does. Calibration error: how far the outputs lie from the share of rows that they get right.';

/** The bins of the highest output, and what is right in each. */
export const reliabilityColumns: readonly Column<ReliabilityBin>[] = [
  {
    ...{ key: 'output', title: 'output', align: 'right' },
    value: ({ to }) => to,
    text: ({ from, to }) => `${Math.round(100 * from)} to ${Math.round(100 * to)} %`,
  },
  {
    ...{ key: 'confidence', title: 'mean output', align: 'right' },
    value: ({ confidence }) => confidence,
    text: ({ confidence }) => (confidence === null ? '' : percent(confidence)),
  },
  {
    ...{ key: 'accuracy', title: 'right', align: 'right' },
    value: ({ accuracy }) => accuracy,
    text: ({ accuracy }) => (accuracy === null ? '' : percent(accuracy)),
  },
  {
    ...{ key: 'rows', title: 'rows', align: 'right' },
    value: ({ rows }) => rows,
    text: ({ rows }) => countText(rows),
  },
];

export const reliabilityExplained =
  'Rows by their confidence, the output of the predicted class: a model whose outputs are probabilities gets as many of them right as its mean output says. The expected calibration error is the mean distance of the two, weighted by rows.';
