/** What a finished run says in words under its leaderboard. */
import type { Experiment } from '../experiment/schema.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import { stateText } from './leaderboard.ts';
import type { RunPaths } from './run-document.ts';
import { wilsonInterval } from './statistics.ts';
import { wrapped } from './text.ts';
import { intervalText, lossText, paramsText, percent, secondsText } from './units.ts';

/** The winner, the final training, published figures beside ours, and where the files are, in lines of `width`. */
export function summary(
  { published, data }: Experiment,
  result: SweepResult,
  paths: RunPaths,
  width: number,
): string[] {
  const { winner, final, state, seconds } = result;
  const beside = (accuracy: number | undefined) =>
    accuracy === undefined ? '' : `, published ${percent(accuracy)}`;
  const sure = (accuracy: number, [from, to]: readonly [number, number]) =>
    `${percent(accuracy)} (95 %: ${intervalText(wilsonInterval(accuracy, to - from))})`;
  const lines: string[] = [];
  if (winner === undefined) {
    lines.push('No trial was finished, so there is no winner and no model.');
  } else {
    const { epoch, evaluationAccuracy } = winner.best;
    lines.push(
      `${state === 'stopped' ? 'so far ' : 'winner '}   trial ${winner.number}, ${paramsText(winner.params)}: validation accuracy ${sure(evaluationAccuracy, data.validation)} at epoch ${epoch}${beside(published?.validationAccuracy)}`,
    );
  }
  if (final?.state === 'done') {
    const { last, best } = final;
    lines.push(
      `final     test accuracy ${data.test === undefined ? percent(last.evaluationAccuracy) : sure(last.evaluationAccuracy, data.test)} after ${last.epoch} epochs${beside(published?.testAccuracy)}, test loss ${lossText(last.evaluationLoss)}`,
      `          peak ${percent(best.evaluationAccuracy)} at epoch ${best.epoch}, for information: test rows choose nothing`,
    );
  } else if (final !== undefined) {
    lines.push(`final     ${stateText(final)}`);
  }
  if (state === 'stopped') lines.push('The run was stopped before its end.');
  const files = [paths.report, paths.database, paths.bestModel, ...paths.plots].filter(
    (path) => path !== null,
  );
  return [
    ...lines.map((line) => wrapped(line, width, ' '.repeat(10))),
    `time      ${secondsText(seconds)}`,
    ...files.map((path, i) => `${i === 0 ? 'files     ' : '          '}${path}`),
  ];
}
