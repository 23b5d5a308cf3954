/** Two trials side by side. */
import { exitCodes } from '../errors.ts';
import { errorTestsOf } from '../findings/error-tests.ts';
import { comparisonOf, comparisonText } from '../terminal/comparison.ts';
import { paperOf } from '../terminal/paper.ts';
import { chosenTrial } from './chosen-trial.ts';
import { defineCommand } from './command.ts';
import { baseOption, databaseOption, experimentOption, formatOption, wideOption } from './options.ts';
import { statesNow } from './states-now.ts';
import { withExperiment } from './with-experiment.ts';

export const compare = defineCommand({
  usage: 'compare <first> <second>',
  summary: 'Compare two trials: parameters, metrics, curves, and whether chance can explain the difference',
  examples: [
    ['compare 7 8', 'two trials of the latest experiment'],
    ['compare 7 8 --format markdown', 'as a table for GitHub'],
  ],
  positionals: ['first', 'second'],
  options: {
    first: {
      type: 'string',
      demandOption: true,
      describe: 'Number of a trial, "winner", or "final" for the final training',
    },
    second: { type: 'string', demandOption: true, describe: 'The other trial' },
    db: databaseOption,
    experiment: experimentOption,
    base: baseOption,
    format: formatOption,
    wide: wideOption,
  },
  run: (args, { out }) =>
    withExperiment(args, async (results, experiment) => {
      const first = chosenTrial(results, experiment.id, args.first);
      const second = chosenTrial(results, experiment.id, args.second);
      const comparison = {
        ...comparisonOf(results, experiment, [first, second], statesNow(results, args.db, experiment)),
        errorTests: await errorTestsOf(
          { results, database: args.db, baseFolder: args.base },
          experiment,
          first,
          second,
        ),
      };
      out.write(`${comparisonText(args.format, comparison, paperOf(out, args))}\n`);
      return exitCodes.done;
    }),
});
