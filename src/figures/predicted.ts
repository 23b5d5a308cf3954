/** What the final model predicts of a target over what the test rows have. */
import { rmseIntervalText, type TargetPredictions } from '../findings/number-predictions.ts';
import { printable } from '../words/text.ts';
import { countText, numberText, quantityText } from '../words/units.ts';
import type { Figure } from './figure.ts';
import { dotsHeight, dotsOption, dotTips, type TargetDots } from './target-dots.ts';

/** @param place of the target among all */
export function predictedFigure(target: TargetPredictions, place: number): Figure {
  const { actual, predicted, errors } = target;
  const name = printable(target.name);
  const { r2 } = errors;
  const explained = r2 === null ? '' : `, R² ${quantityText.r2(r2)}`;
  const interval = rmseIntervalText(errors.rmseInterval);
  const sure = interval === '' ? '' : ` (95 %: ${interval})`;
  const dots: TargetDots = {
    target,
    placeOf: (row) => [actual[row] as number, predicted[row] as number],
    ...{ across: `true ${name}`, up: `predicted ${name}` },
    isSquare: true,
    lineAt: (at) => at,
  };
  return {
    name: `predicted-${place + 1}`,
    title: `Predicted ${name} against the true one`,
    subtitle: `${countText(errors.rows)} test rows, RMSE ${numberText(errors.rmse)}${sure}${explained}; what is predicted without error lies on the dashed line`,
    height: dotsHeight,
    option: (look) => dotsOption(dots, look),
    tips: dotTips(dots),
  };
}
