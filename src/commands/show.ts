import { epochColumns, evaluationName, stateText } from '../report/leaderboard.ts';
import { rowsAs } from '../report/rows.ts';
import { textChart } from '../report/text-chart.ts';
import { lossText, paramsText, percent, secondsText } from '../report/units.ts';
import type { EpochMetrics, Trial } from '../trial.ts';
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
    withExperiment(args, (results, { id }) => {
      const trial = chosenTrial(results, id, args.trial);
      const curve = results.curve(trial.id);
      const lines = args.format === 'table' ? describe(trial, curve, out.columns ?? 80) : [];
      out.write(
        args.format === 'table'
          ? `${lines.join('\n')}\n`
          : `${rowsAs(args.format, epochColumns(trial.phase), curve)}\n`,
      );
      return 0;
    }),
});

/** A trial in words, and its losses and accuracies as two small charts. */
function describe(trial: Trial, curve: readonly EpochMetrics[], columns: number): string[] {
  const rows = evaluationName(trial.phase);
  const chart = (title: string, metric: 'Loss' | 'Accuracy', format: (value: number) => string) =>
    textChart({
      title,
      solid: { name: rows, values: curve.map((epoch) => epoch[`evaluation${metric}`]) },
      dotted: { name: 'training', values: curve.map((epoch) => epoch[`training${metric}`]) },
      width: Math.min(columns, 100),
      height: 10,
      format,
    });
  return [
    ...headline(trial),
    '',
    ...chart('loss', 'Loss', lossText),
    '',
    ...chart('accuracy', 'Accuracy', percent),
  ];
}

function headline(trial: Trial): string[] {
  const name = trial.phase === 1 ? `trial ${trial.number}` : 'final training';
  const first = `${name}: ${paramsText(trial.params)}, ${stateText(trial)}`;
  if (trial.state !== 'done') return [first];
  const rows = evaluationName(trial.phase);
  const at = (title: string, { epoch, evaluationAccuracy, evaluationLoss }: EpochMetrics) =>
    `${title} (epoch ${epoch}): ${rows} accuracy ${percent(evaluationAccuracy)}, ${rows} loss ${lossText(evaluationLoss)}`;
  return [
    `${first} in ${secondsText(trial.seconds)}`,
    at('last', trial.last),
    at(trial.phase === 1 ? 'best' : 'peak', trial.best),
    `weights ${trial.phase === 1 ? trial.weightsSha256 : trial.lastWeightsSha256}`,
  ];
}
