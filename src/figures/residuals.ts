/** How far the final model is off a target over what it predicts: a pattern among these errors is one that it has not learnt. */
import type { TargetPredictions } from '../findings/number-predictions.ts';
import { printable } from '../words/text.ts';
import { numberText } from '../words/units.ts';
import type { Figure } from './figure.ts';
import { dotsHeight, dotsOption, dotTips, type TargetDots } from './target-dots.ts';

/** @param place of the target among all */
export function residualsFigure(target: TargetPredictions, place: number): Figure {
  const { predicted, errors } = target;
  const name = printable(target.name);
  const dots: TargetDots = {
    target,
    placeOf: (row) => [predicted[row] as number, errors.residuals[row] as number],
    ...{ across: `predicted ${name}`, up: 'true - predicted' },
    isSquare: false,
    lineAt: () => 0,
  };
  const side = errors.bias < 0 ? 'high' : 'low';
  return {
    name: `residuals-${place + 1}`,
    title: `Residuals of ${name}`,
    subtitle: `true - predicted, over what is predicted: ${numberText(errors.mae)} off in the mean, ${numberText(errors.maxError)} at most; ${numberText(Math.abs(errors.bias))} too ${side} in the mean`,
    height: dotsHeight,
    option: (look) => dotsOption(dots, look),
    tips: dotTips(dots),
  };
}
