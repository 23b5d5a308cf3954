/** What a finished run says in words under its leaderboard. */
import type { NetworkExperiment as Experiment } from '../experiment/schema.ts';
import { areReplicated, spreadText } from '../findings/combinations.ts';
import { decisive, metricFacts } from '../metric.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import { deciding, networksBy } from '../words/measures.ts';
import { reportTexts, resultText } from '../words/result-text.ts';
import { wrapped } from '../words/text.ts';
import { stateText } from '../words/trial-state.ts';
import { percent, quantityText, secondsText, settingsText } from '../words/units.ts';
import type { RunPaths } from './run-document.ts';

/** The winner, the final training, published figures beside ours, and where the files are, in lines of `width`. */
export function summary(
  { published, data, search: { metric } }: Experiment,
  result: SweepResult,
  paths: RunPaths,
  width: number,
): string[] {
  const { winner, combinations, final, state, seconds } = result;
  const tried = networksBy(metric);
  const best = areReplicated(combinations) ? combinations[0] : undefined;
  const beside = (accuracy: number | undefined) =>
    accuracy === undefined ? '' : `, published ${percent(accuracy)}`;
  const rowsOf = (range: readonly [number, number] | undefined) => range && range[1] - range[0];
  const lines: string[] = [];
  if (winner === undefined) {
    lines.push('No trial was finished, so there is no winner and no model.');
  } else {
    const result = resultText(tried, 'search', winner.best, rowsOf(data.validation));
    lines.push(
      `${state === 'stopped' ? 'so far ' : 'winner '}   trial ${winner.number}, ${settingsText(winner)}: ${result} at epoch ${winner.best.step}${beside(published?.validationAccuracy)}`,
      ...(best === undefined
        ? []
        : [`          the best replicate of its combination: ${spreadText(deciding(tried), best)}`]),
    );
  }
  if (final?.state === 'done') {
    const { last, best } = final;
    const { quantity, extreme } = metricFacts[metric];
    const [first, second] = reportTexts(tried, 'final', last, rowsOf(data.test));
    const compared = beside(published?.testAccuracy);
    const [besideFirst, besideSecond] = quantity === 'accuracy' ? [compared, ''] : ['', compared];
    lines.push(
      `final     ${first} after ${last.step} epochs${besideFirst}, ${second}${besideSecond}`,
      `          ${extreme} ${quantityText[quantity](decisive(best))} at epoch ${best.step}, for information: test rows choose nothing`,
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
