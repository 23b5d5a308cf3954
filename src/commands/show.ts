/** Prints one trial with its curve. */
import { errors, exitCodes } from '../errors.ts';
import { classification } from '../evidence/classification.ts';
import { recordedNetwork } from '../experiment/network.ts';
import {
  reliabilityColumns,
  reliabilityExplained,
  scoreColumns,
  scoreRows,
  scoresExplained,
  scoresText,
} from '../findings/class-scores.ts';
import { reportColumns } from '../findings/report-columns.ts';
import { trialPredictions } from '../findings/trial-predictions.ts';
import { isClassMetric } from '../metric.ts';
import { networkRun } from '../store/results.ts';
import { type Paper, paperOf } from '../terminal/paper.ts';
import { rowsAs } from '../terminal/rows.ts';
import { trialStory, trialText } from '../terminal/trial.ts';
import type { Format } from '../words/formats.ts';
import { triedBy } from '../words/measures.ts';
import { printable, printableJson, wrapped } from '../words/text.ts';
import { chosenTrial } from './chosen-trial.ts';
import { defineCommand } from './command.ts';
import { baseOption, databaseOption, experimentOption, formatOption } from './options.ts';
import { statesNow } from './states-now.ts';
import { withExperiment } from './with-experiment.ts';

export const show = defineCommand({
  usage: 'show <trial>',
  summary: 'Show one trial: its result, its curve and what it has written',
  examples: [
    ['show 4', 'trial 4 of the latest experiment'],
    ['show final', 'the final training'],
    ['show 4 --format csv', "the trial's curve, a row a report"],
    ['show 4 --log', 'what the trial has printed'],
    ['show final --classes', 'precision, recall and F1 of each class'],
  ],
  positionals: ['trial'],
  options: {
    trial: {
      type: 'string',
      demandOption: true,
      describe: 'Number of a trial, "winner", or "final" for the final training',
    },
    db: databaseOption,
    experiment: experimentOption,
    base: baseOption,
    format: formatOption,
    classes: {
      type: 'boolean',
      default: false,
      describe: 'Print how good its model is class by class, on the rows that measured it',
    },
    log: {
      type: 'boolean',
      default: false,
      describe: 'Print what the trial has written, as it is, and nothing else',
    },
  },
  run: (args, { out }) =>
    withExperiment(args, async (results, experiment) => {
      const trial = chosenTrial(results, experiment.id, args.trial);
      if (args.classes) {
        const run = networkRun(experiment);
        if (!isClassMetric(run.metric))
          throw errors.noClasses(args.trial, 'Its network gives numbers (model.output "linear").');
        const source = { results, database: args.db, baseFolder: args.base };
        const predictions = await trialPredictions(source, run, recordedNetwork(run), trial);
        out.write(`${classesText(args.trial, predictions, args.format, paperOf(out, {}))}\n`);
        return exitCodes.done;
      }
      if (args.log) {
        out.write(logText(results.log(trial.id) ?? ''));
        return exitCodes.done;
      }
      const tried = triedBy(experiment);
      const story = () =>
        trialStory(results, experiment, tried, trial, statesNow(results, args.db, experiment)(trial));
      const text =
        args.format === 'table'
          ? trialText(story(), paperOf(out, {})).join('\n')
          : rowsAs(args.format, reportColumns(tried, trial.role), results.reports(trial.id));
      out.write(`${text}\n`);
      return exitCodes.done;
    }),
});

/** @throws ERR_NO_CLASSES where nothing is known of them */
function classesText(
  given: string,
  predictions: Awaited<ReturnType<typeof trialPredictions>>,
  format: Format,
  paper: Paper,
): string {
  if (predictions === undefined) throw errors.noClasses(given, 'It has left no model of a network.');
  if ('reason' in predictions) throw errors.noClasses(given, predictions.reason);
  const found = classification(predictions);
  if (format === 'json') return printableJson(JSON.stringify(found, null, 2));
  const table = rowsAs(format, scoreColumns, scoreRows(found), paper);
  const filled = found.reliability.filter(({ rows }) => rows > 0);
  if (format !== 'table') return table;
  const calibration = rowsAs(format, reliabilityColumns, filled, paper);
  const words = (text: string) => wrapped(text, paper.width);
  return [
    scoresText(found),
    table,
    words(scoresExplained),
    '',
    calibration,
    words(reliabilityExplained),
  ].join('\n');
}

/** With its lines and tabs, and nothing that could play tricks on a terminal. */
const logText = (log: string): string => log.replace(/[^\n\t]+/g, printable);
