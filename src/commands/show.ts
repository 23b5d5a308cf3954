/** Prints one trial with its curve. */
import { recordedNetwork } from '../experiment/network.ts';
import { evaluationRows } from '../findings/definition.ts';
import { epochColumns, stateColour, stateText } from '../findings/leaderboard.ts';
import { standingsOf } from '../findings/standings.ts';
import { type EpochMetrics, epochOf, metricFacts, type NetworkMetric, type Quantity } from '../metric.ts';
import { type NetworkRun, networkRun, type Results } from '../store/results.ts';
import { chartWidth, inColour, type Paper, paperOf } from '../terminal/paper.ts';
import { rowsAs } from '../terminal/rows.ts';
import { textChart } from '../terminal/text-chart.ts';
import type { Report, Trial } from '../trial.ts';
import { evaluationName } from '../words/evaluation-name.ts';
import { isLikeWinner, likeWinner } from '../words/likeness.ts';
import { bothTexts } from '../words/result-text.ts';
import { printable, wrapped } from '../words/text.ts';
import { pSentence, quantityText, secondsText, settingsText } from '../words/units.ts';
import { chosenTrial } from './chosen-trial.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption, formatOption } from './options.ts';
import { withExperiment } from './with-experiment.ts';

export const show = defineCommand({
  usage: 'show <trial>',
  summary: 'Show one trial: its result and its curve',
  examples: [
    ['show 4', 'trial 4 of the latest experiment'],
    ['show final', 'the final training, phase 2'],
    ['show 4 --format csv', "the trial's curve, a row an epoch"],
  ],
  positionals: ['trial'],
  options: {
    trial: {
      type: 'string',
      demandOption: true,
      describe: 'Number of a trial, "winner", or "final" for phase 2',
    },
    db: databaseOption,
    experiment: experimentOption,
    format: formatOption,
  },
  run: (args, { out }) =>
    withExperiment(args, (results, experiment) => {
      const trial = chosenTrial(results, experiment.id, args.trial);
      const run = networkRun(experiment);
      const curve = results.reports(trial.id).map((report) => epochOf(run.metric, report));
      const evidence = evidenceOf(results, run, trial);
      const lines = args.format === 'table' ? describe(trial, evidence, curve, paperOf(out, {})) : [];
      out.write(
        args.format === 'table'
          ? `${lines.join('\n')}\n`
          : `${rowsAs(args.format, epochColumns(trial.role), curve)}\n`,
      );
      return 0;
    }),
});

interface Evidence {
  /** What decided. */
  readonly metric: NetworkMetric;
  /** How many rows the trial was measured on. */
  readonly rows: number | undefined;
  /** As in the leaderboard: McNemar's test against the winner, corrected for how many there are. */
  readonly p: number | undefined;
  readonly winner: number | undefined;
}

function evidenceOf(results: Results, experiment: NetworkRun, trial: Trial): Evidence {
  const { metric } = experiment;
  const rows = evaluationRows(recordedNetwork(experiment), trial.role);
  if (trial.role === 'final' || trial.state !== 'done')
    return { metric, rows, p: undefined, winner: undefined };
  const { ranked, combinations, correct } = results;
  const { trials } = standingsOf({ ranked, combinations, correct }, experiment);
  const row = trials.find((standing) => standing.trial.id === trial.id);
  return { metric, rows, p: row?.p, winner: trials[0]?.trial.number };
}

/** A trial in words, and its losses and accuracies as two small charts. */
function describe(trial: Trial, evidence: Evidence, curve: readonly EpochMetrics[], paper: Paper): string[] {
  const rows = evaluationName(trial.role);
  const chart = (quantity: Quantity, metric: 'Loss' | 'Accuracy') =>
    textChart({
      title: quantity,
      solid: { name: rows, values: curve.map((epoch) => epoch[`evaluation${metric}`]) },
      dotted: { name: 'training', values: curve.map((epoch) => epoch[`training${metric}`]) },
      width: chartWidth(paper),
      height: 10,
      format: quantityText[quantity],
    });
  return [
    ...headline(trial, evidence, paper).map((line) => wrapped(line, paper.width, '  ')),
    '',
    ...chart('loss', 'Loss'),
    '',
    ...chart('accuracy', 'Accuracy'),
  ];
}

function headline(trial: Trial, { metric, rows, p, winner }: Evidence, paper: Paper): string[] {
  const name = trial.role === 'search' ? `trial ${trial.number}` : 'final training';
  const state = inColour(printable(stateText(trial)), stateColour(trial), paper);
  const first = `${name}: ${settingsText(trial)}, ${state}`;
  if (trial.state !== 'done') return [first];
  const isSearch = trial.role === 'search';
  const at = (title: string, report: Report, isHeadline: boolean) =>
    `${title} (epoch ${report.step}): ${bothTexts(trial.role, metric, report, isHeadline ? rows : undefined).join(', ')}`;
  const likeness = isLikeWinner({ p }) ? `${likeWinner} not distinguishable` : 'different';
  return [
    `${first} in ${secondsText(trial.seconds)}`,
    at('last', trial.last, !isSearch),
    at(isSearch ? 'best' : metricFacts[metric].extreme, trial.best, isSearch),
    ...(p === undefined ? [] : [`against the winner, trial ${winner}: ${pSentence(p)}, ${likeness}`]),
    ...(isSearch && winner === trial.number ? ['the winner'] : []),
    `weights ${isSearch ? trial.artifacts.best : trial.artifacts.last}`,
  ];
}
