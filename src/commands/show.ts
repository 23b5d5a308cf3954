import { recordedDefinition } from '../experiment/recorded.ts';
import { evaluationRows } from '../report/definition.ts';
import { evaluationName } from '../report/evaluation-name.ts';
import { epochColumns, likeWinner, stateColour, stateText } from '../report/leaderboard.ts';
import { chartWidth, inColour, type Paper, paperOf } from '../report/paper.ts';
import { rowsAs } from '../report/rows.ts';
import { significance } from '../report/standings.ts';
import { type Interval, mcnemarTest, wilsonInterval } from '../report/statistics.ts';
import { printable, wrapped } from '../report/text.ts';
import { textChart } from '../report/text-chart.ts';
import { intervalText, lossText, paramsText, percent, pSentence, secondsText } from '../report/units.ts';
import type { Experiment, Results } from '../store/results.ts';
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
    withExperiment(args, (results, experiment) => {
      const trial = chosenTrial(results, experiment.id, args.trial);
      const curve = results.curve(trial.id);
      const evidence = evidenceOf(results, experiment, trial);
      const lines = args.format === 'table' ? describe(trial, evidence, curve, paperOf(out, {})) : [];
      out.write(
        args.format === 'table'
          ? `${lines.join('\n')}\n`
          : `${rowsAs(args.format, epochColumns(trial.phase), curve)}\n`,
      );
      return 0;
    }),
});

interface Evidence {
  readonly interval: Interval | undefined;
  /** McNemar's test against the winner. */
  readonly p: number | undefined;
  readonly winner: number | undefined;
}

/** How sure the trial's accuracy is: at its best epoch in phase 1, at its last in phase 2. */
function evidenceOf(results: Results, experiment: Experiment, trial: Trial): Evidence {
  const rows = evaluationRows(recordedDefinition(experiment), trial.phase);
  const [winner] = trial.phase === 1 ? results.ranked(experiment.id) : [];
  if (trial.state !== 'done') return { interval: undefined, p: undefined, winner: undefined };
  const { evaluationAccuracy } = trial.phase === 1 ? trial.best : trial.last;
  const [own, its] = [results.correct(trial.id), winner && results.correct(winner.id)];
  const areComparable = own !== undefined && own.length === its?.length && winner?.id !== trial.id;
  return {
    interval: rows === undefined ? undefined : wilsonInterval(evaluationAccuracy, rows),
    p: areComparable ? mcnemarTest(its, own).p : undefined,
    winner: winner?.number,
  };
}

/** A trial in words, and its losses and accuracies as two small charts. */
function describe(trial: Trial, evidence: Evidence, curve: readonly EpochMetrics[], paper: Paper): string[] {
  const rows = evaluationName(trial.phase);
  const chart = (title: string, metric: 'Loss' | 'Accuracy', format: (value: number) => string) =>
    textChart({
      title,
      solid: { name: rows, values: curve.map((epoch) => epoch[`evaluation${metric}`]) },
      dotted: { name: 'training', values: curve.map((epoch) => epoch[`training${metric}`]) },
      width: chartWidth(paper),
      height: 10,
      format,
    });
  return [
    ...headline(trial, evidence, paper).map((line) => wrapped(line, paper.width, '  ')),
    '',
    ...chart('loss', 'Loss', lossText),
    '',
    ...chart('accuracy', 'Accuracy', percent),
  ];
}

function headline(trial: Trial, { interval, p, winner }: Evidence, paper: Paper): string[] {
  const name = trial.phase === 1 ? `trial ${trial.number}` : 'final training';
  const state = inColour(printable(stateText(trial)), stateColour(trial), paper);
  const first = `${name}: ${paramsText(trial.params)}, ${state}`;
  if (trial.state !== 'done') return [first];
  const isSearch = trial.phase === 1;
  const rows = evaluationName(trial.phase);
  const at = (title: string, { epoch, evaluationAccuracy, evaluationLoss }: EpochMetrics, sure = '') =>
    `${title} (epoch ${epoch}): ${rows} accuracy ${percent(evaluationAccuracy)}${sure}, ${rows} loss ${lossText(evaluationLoss)}`;
  const sure = interval === undefined ? '' : ` (95 %: ${intervalText(interval)})`;
  const likeness =
    p === undefined ? '' : p >= significance ? `${likeWinner} not distinguishable` : 'different';
  return [
    `${first} in ${secondsText(trial.seconds)}`,
    at('last', trial.last, isSearch ? '' : sure),
    at(isSearch ? 'best' : 'peak', trial.best, isSearch ? sure : ''),
    ...(p === undefined ? [] : [`against the winner, trial ${winner}: ${pSentence(p)}, ${likeness}`]),
    ...(isSearch && winner === trial.number ? ['the winner'] : []),
    `weights ${isSearch ? trial.weightsSha256 : trial.lastWeightsSha256}`,
  ];
}
