/**
 * What a model whose outputs are numbers makes of the rows of a data set, target by target, in the targets' own units.
 * Not here: how far off that is (evidence/regression.ts), and how it is drawn.
 */
import type { LoadedData } from '../data/dataset.ts';
import { type Regression, regression } from '../evidence/regression.ts';
import { type Target, targetsOf } from '../train/encoding.ts';
import type { RowRange } from '../train/model.ts';
import type { Network } from '../train/predict.ts';
import type { Column } from '../words/column.ts';
import { numberText, quantityText } from '../words/units.ts';
import { eachOutputs } from './model-outputs.ts';
import { rowsOf } from './model-predictions.ts';

/** Of one target. */
export interface TargetPredictions {
  readonly name: string;
  /** float64 (rows): what the rows have. */
  readonly actual: Float64Array;
  /** float64 (rows) */
  readonly predicted: Float64Array;
  readonly errors: Regression;
}

/** Shows every row of `range` to the model. */
export function numberPredictionsOf(
  all: LoadedData,
  range: RowRange,
  model: Omit<Network, 'encoding'>,
): readonly TargetPredictions[] {
  const data = rowsOf(all, range);
  const targets = targetsOf(data.encoding) ?? [];
  const rows = data.labels.length;
  const own = ({ offset, divisor }: Target, value: number) => value * divisor + offset;
  const columns = targets.map((target, at) => ({
    target,
    actual: Float64Array.from({ length: rows }, (_, row) =>
      own(target, data.targets?.[row * targets.length + at] as number),
    ),
    predicted: new Float64Array(rows),
  }));
  eachOutputs(data, model, (row, outputs) => {
    for (const [at, { target, predicted }] of columns.entries())
      predicted[row] = own(target, outputs[at] as number);
  });
  return columns.map(({ target: { name }, actual, predicted }) => ({
    ...{ name, actual, predicted },
    errors: regression(actual, predicted),
  }));
}

/** `1.93 to 2.31` */
export const rmseIntervalText = (interval: Regression['rmseInterval']): string =>
  interval === null ? '' : `${numberText(interval.low)} to ${numberText(interval.high)}`;

const number = (
  key: Exclude<keyof Regression, 'residuals' | 'r2' | 'rmseInterval'>,
  title: string,
): Column<TargetPredictions> => ({
  ...{ key, title, align: 'right' },
  value: ({ errors }) => errors[key],
  text: ({ errors }) => numberText(errors[key]),
});

export const errorColumns: readonly Column<TargetPredictions>[] = [
  { key: 'target', title: 'target', align: 'left', value: ({ name }) => name },
  number('rmse', 'RMSE'),
  {
    ...{ key: 'rmseInterval', title: '95 % interval', align: 'right' },
    value: () => null,
    text: ({ errors: { rmseInterval } }) => rmseIntervalText(rmseInterval),
  },
  number('mae', 'mean error'),
  number('maxError', 'largest error'),
  {
    ...{ key: 'r2', title: 'R²', align: 'right' },
    value: ({ errors }) => errors.r2,
    text: ({ errors: { r2 } }) => (r2 === null ? '' : quantityText.r2(r2)),
  },
  number('bias', 'bias'),
  number('rows', 'rows'),
];

/** What the terms mean, a sentence each. */
export const errorsExplained =
  "RMSE: the root of the mean squared error, in the target's own unit, as are all here but R²; its 95 % interval is from how much the squared errors vary among the rows (delta method). Mean error: of the errors without their signs. R²: the share of the target's variance that is explained. Bias: what the model is too low by in the mean.";
