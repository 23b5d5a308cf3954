import { exitCodes } from '../errors.ts';
import { standingsAs } from '../report/leaderboard.ts';
import { paperOf } from '../report/paper.ts';
import { standingsOf } from '../report/standings.ts';
import { withSteps } from '../report/steps.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption, formatOption, wideOption } from './options.ts';
import { withExperiment } from './with-experiment.ts';

export const leaderboard = defineCommand({
  usage: 'leaderboard',
  summary: 'Print the trials of an experiment, the best first',
  examples: [
    ['leaderboard', 'the latest experiment in results/results.db'],
    ['leaderboard --wide', 'every column, where the terminal is too narrow for all'],
    ['leaderboard --replicates', 'each replicate by itself, in the order of its combination'],
    ['leaderboard --format markdown', 'as a table for GitHub'],
    ['leaderboard --db other/results.db --experiment 2', 'another experiment of another database'],
  ],
  positionals: [],
  options: {
    db: databaseOption,
    experiment: experimentOption,
    format: formatOption,
    wide: wideOption,
    replicates: {
      type: 'boolean',
      default: false,
      describe: 'A row a trial, where combinations were trained several times',
    },
  },
  run: (args, { out, err }) =>
    withExperiment(args, async (results, experiment) => {
      // Only people are shown curves, so only for them they are read.
      const isForPeople = args.format === 'table' || args.format === 'markdown';
      const { ranked, combinations, correct } = results;
      const standings = await withSteps(err, (step) => {
        step('reading trials');
        return standingsOf(isForPeople ? results : { ranked, combinations, correct }, experiment);
      });
      out.write(`${standingsAs(args.format, standings, paperOf(out, args), args)}\n`);
      return exitCodes.done;
    }),
});
