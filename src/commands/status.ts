/** What runs, what has finished, who leads. */

import { readLive } from '../dashboard/read-live.ts';
import { exitCodes } from '../errors.ts';
import { runStateNow } from '../findings/run-state.ts';
import { statusOf } from '../findings/status.ts';
import { isOwned } from '../store/ownership.ts';
import { machinesAs } from '../terminal/machines.ts';
import { paperOf } from '../terminal/paper.ts';
import { statusText } from '../terminal/status.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption, formatOption, wideOption } from './options.ts';
import { withExperiment } from './with-experiment.ts';

export const status = defineCommand({
  usage: 'status',
  summary: 'Show how far an experiment is: running trials, the latest results, the winner so far',
  examples: [
    ['status', 'the latest experiment, also while it runs elsewhere'],
    ['status --format json', 'for a program'],
    ['status --machines --format json', 'who works, who was lost when'],
  ],
  positionals: [],
  options: {
    db: databaseOption,
    experiment: experimentOption,
    format: formatOption,
    wide: wideOption,
    machines: {
      type: 'boolean',
      default: false,
      describe: 'The machines of the run in place of its trials',
    },
  },
  run: (args, { out }) =>
    withExperiment(args, (results, experiment) => {
      const state = runStateNow(experiment, () => isOwned(args.db));
      const status = statusOf(results, experiment, state, readLive(args.db), Date.now());
      const text = args.machines ? machinesAs : statusText;
      out.write(`${text(args.format, status, paperOf(out, args))}\n`);
      return exitCodes.done;
    }),
});
