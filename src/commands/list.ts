/** Prints the experiments of a database. */
import { exitCodes } from '../errors.ts';
import { openDashboardResults } from '../store/dashboard-results.ts';
import { runStateNow } from '../store/ownership.ts';
import { experimentsAs } from '../terminal/experiment-list.ts';
import { paperOf } from '../terminal/paper.ts';
import { defineCommand } from './command.ts';
import { databaseOption, formatOption, wideOption } from './options.ts';

export const list = defineCommand({
  usage: 'list',
  summary: 'List the experiments of a database, with the winner of each',
  examples: [
    ['list', 'all that results/results.db holds; their numbers are what --experiment takes'],
    ['list --format csv > experiments.csv', 'for a spreadsheet'],
  ],
  positionals: [],
  options: { db: databaseOption, format: formatOption, wide: wideOption },
  async run(args, { out }) {
    const results = openDashboardResults(args.db);
    try {
      const experiments = results
        .summaries()
        .map((summary) => ({ ...summary, state: runStateNow(args.db, summary.state) }));
      out.write(`${experimentsAs(args.format, experiments, paperOf(out, args))}\n`);
      return exitCodes.done;
    } finally {
      results.close();
    }
  },
});
