/** Prints one trial with its curve. */
import { reportColumns } from '../findings/report-columns.ts';
import { paperOf } from '../terminal/paper.ts';
import { rowsAs } from '../terminal/rows.ts';
import { trialStory, trialText } from '../terminal/trial.ts';
import { triedBy } from '../words/measures.ts';
import { printable } from '../words/text.ts';
import { chosenTrial } from './chosen-trial.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption, formatOption } from './options.ts';
import { withExperiment } from './with-experiment.ts';

export const show = defineCommand({
  usage: 'show <trial>',
  summary: 'Show one trial: its result, its curve and what it has written',
  examples: [
    ['show 4', 'trial 4 of the latest experiment'],
    ['show final', 'the final training'],
    ['show 4 --format csv', "the trial's curve, a row a report"],
    ['show 4 --log', 'what the trial has printed'],
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
    format: formatOption,
    log: {
      type: 'boolean',
      default: false,
      describe: 'Print what the trial has written, as it is, and nothing else',
    },
  },
  run: (args, { out }) =>
    withExperiment(args, (results, experiment) => {
      const trial = chosenTrial(results, experiment.id, args.trial);
      if (args.log) {
        out.write(logText(results.log(trial.id) ?? ''));
        return 0;
      }
      const tried = triedBy(experiment);
      const text =
        args.format === 'table'
          ? trialText(trialStory(results, experiment, tried, trial), paperOf(out, {})).join('\n')
          : rowsAs(args.format, reportColumns(tried, trial.role), results.reports(trial.id));
      out.write(`${text}\n`);
      return 0;
    }),
});

/** With its lines and tabs, and nothing that could play tricks on a terminal. */
const logText = (log: string): string => log.replace(/[^\n\t]+/g, printable);
