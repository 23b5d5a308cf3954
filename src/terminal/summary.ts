/** What a finished run says in words under its leaderboard. */
import type { Experiment } from '../experiment/schema.ts';
import { areReplicated, spreadText } from '../findings/combinations.ts';
import { evaluationRows } from '../findings/definition.ts';
import { judgedAmong, winsBy } from '../findings/judged.ts';
import { metricFacts } from '../metric.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import type { DoneTrial, Trial } from '../trial.ts';
import { deciding, measureText, type Tried, valueIn } from '../words/measures.ts';
import { reportTexts, resultText } from '../words/result-text.ts';
import { wrapped } from '../words/text.ts';
import { stateText } from '../words/trial-state.ts';
import { percent, secondsText, settingsText } from '../words/units.ts';
import type { RunPaths } from './run-document.ts';

/** The winner, the final training, published figures beside ours, and where the files are, in lines of `width`. */
export function summary(
  experiment: Experiment,
  tried: Tried,
  result: SweepResult,
  paths: RunPaths,
  width: number,
): string[] {
  const { winner, final, state, seconds } = result;
  const lines = [
    ...(winner === undefined
      ? ['No trial was finished, so there is no winner and no model.']
      : winnerLines(experiment, tried, winner, result)),
    ...(final === undefined ? [] : finalLines(experiment, tried, final)),
    ...(state === 'stopped' ? ['The run was stopped before its end.'] : []),
  ];
  const files = [paths.report, paths.database, paths.bestModel, ...paths.plots].filter(
    (path) => path !== null,
  );
  return [
    ...lines.map((line) => wrapped(line, width, ' '.repeat(10))),
    `time      ${secondsText(seconds)}`,
    ...files.map((path, i) => `${i === 0 ? 'files     ' : '          '}${path}`),
  ];
}

/** What a network is compared with. */
const networkIn = (experiment: Experiment) => (experiment.objective === undefined ? experiment : undefined);

const beside = (accuracy: number | undefined): string =>
  accuracy === undefined ? '' : `, published ${percent(accuracy)}`;

function winnerLines(
  experiment: Experiment,
  tried: Tried,
  winner: DoneTrial,
  { combinations, state }: SweepResult,
): string[] {
  const network = networkIn(experiment);
  const result = resultText(tried, 'search', winner.best, evaluationRows(network, 'search'));
  const at = tried.kind === 'network' || winner.best.step > 1 ? ` at ${tried.step} ${winner.best.step}` : '';
  const best = areReplicated(combinations) ? combinations[0] : undefined;
  const judged = judgedAmong(tried, experiment.objective === undefined ? [] : experiment.search.metrics);
  return [
    `${state === 'stopped' ? 'so far ' : 'winner '}   trial ${winner.number}${winsBy(judged)}, ${settingsText(winner, tried)}: ${result}${at}${beside(network?.published?.validationAccuracy)}`,
    ...(best === undefined
      ? []
      : [`          the best ${tried.replicateName} of its combination: ${spreadText(tried, best)}`]),
  ];
}

function finalLines(experiment: Experiment, tried: Tried, final: Trial): string[] {
  if (final.state !== 'done') return [`final     ${stateText(final, tried.step)}`];
  const { last, best } = final;
  if (tried.kind === 'objective') return [`final     ${reportTexts(tried, 'final', last).join(', ')}`];
  const network = networkIn(experiment);
  const { extreme } = metricFacts[tried.metric];
  const [first, second] = reportTexts(tried, 'final', last, evaluationRows(network, 'final'));
  const compared = beside(network?.published?.testAccuracy);
  const main = deciding(tried);
  const [besideFirst, besideSecond] = main.written === 'accuracy' ? [compared, ''] : ['', compared];
  return [
    `final     ${first} after ${last.step} epochs${besideFirst}, ${second}${besideSecond}`,
    `          ${extreme} ${measureText(main, valueIn(main, best))} at epoch ${best.step}, for information: test rows choose nothing`,
  ];
}
