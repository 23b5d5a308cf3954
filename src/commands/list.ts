/** Prints the experiments of a database. */
import { exitCodes } from '../errors.ts';
import { listedRuns } from '../findings/listed-runs.ts';
import { runStateNow } from '../findings/run-state.ts';
import { openReadOnly } from '../store/open-results.ts';
import { isOwned } from '../store/ownership.ts';
import { experimentsAs } from '../terminal/experiment-list.ts';
import { paperOf } from '../terminal/paper.ts';
import { defineCommand } from './command.ts';
import { databaseOption, formatOption, wideOption } from './options.ts';

export const list = defineCommand({
  usage: 'list',
  summary: 'List the experiments of a database, with the best trial of each',
  examples: [
    ['list', 'all that results/results.db holds; their numbers are what --experiment takes'],
    ['list --format csv > experiments.csv', 'for a spreadsheet'],
  ],
  positionals: [],
  options: { db: databaseOption, format: formatOption, wide: wideOption },
  async run(args, { out }) {
    const results = openReadOnly(args.db);
    try {
      const runs = listedRuns(results, (run) => runStateNow(run, () => isOwned(args.db)));
      out.write(`${experimentsAs(args.format, runs, paperOf(out, args))}\n`);
      return exitCodes.done;
    } finally {
      results.close();
    }
  },
});
