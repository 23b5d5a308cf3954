import { leaderboardAs } from '../report/leaderboard.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption, formatOption } from './options.ts';
import { withExperiment } from './with-experiment.ts';

export const leaderboard = defineCommand({
  usage: 'leaderboard',
  summary: 'Print the trials of an experiment, the best first',
  examples: [
    ['leaderboard', 'the latest experiment in results/results.db'],
    ['leaderboard --format markdown', 'as a table for GitHub'],
    ['leaderboard --db other/results.db --experiment 2', 'another experiment of another database'],
  ],
  positionals: [],
  options: { db: databaseOption, experiment: experimentOption, format: formatOption },
  run: (args, { out }) =>
    withExperiment(args, (results, { id }) => {
      out.write(`${leaderboardAs(args.format, results.ranked(id))}\n`);
      return 0;
    }),
});
