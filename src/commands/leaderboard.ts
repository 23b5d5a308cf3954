/** Prints the trials, the best first. */

import { exitCodes } from '../errors.ts';
import { areReplicated } from '../findings/combinations.ts';
import { type Standings, standingsOf } from '../findings/standings.ts';
import { openReadOnly } from '../store/open-results.ts';
import { standingsAs } from '../terminal/leaderboard.ts';
import { leaderboardsAs } from '../terminal/leaderboards.ts';
import { paperOf } from '../terminal/paper.ts';
import { withSteps } from '../terminal/steps.ts';
import { countText } from '../words/units.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption, formatOption, wholeNumber, wideOption } from './options.ts';
import { statesNow } from './states-now.ts';
import { experimentOf } from './with-experiment.ts';

export const leaderboard = defineCommand({
  usage: 'leaderboard',
  summary: 'Print the trials of an experiment, the best first',
  examples: [
    ['leaderboard', 'the latest experiment in results/results.db'],
    ['leaderboard --wide', 'every column, where the terminal is too narrow for all'],
    ['leaderboard --replicates', 'each replicate or fold by itself'],
    ['leaderboard --all --top 3', 'the best three of each experiment'],
    ['leaderboard --format markdown', 'as a table for GitHub'],
    ['leaderboard --db other/results.db --experiment 2', 'another experiment of another database'],
  ],
  positionals: [],
  options: {
    db: databaseOption,
    experiment: experimentOption,
    all: {
      type: 'boolean',
      conflicts: 'experiment',
      describe: 'Every experiment of the database, one after the other',
    },
    top: {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--top', 1, Number.MAX_SAFE_INTEGER),
      defaultDescription: 'all',
      describe: 'Print only so many, the best ones; a point that was proposed again counts once',
    },
    format: formatOption,
    wide: wideOption,
    replicates: {
      type: 'boolean',
      default: false,
      describe: 'A row a trial, where combinations have replicates or folds',
    },
  },
  async run(args, { out, err }) {
    const results = openReadOnly(args.db);
    try {
      const experiments = args.all
        ? results.experiments()
        : [experimentOf(results, args.db, args.experiment)];
      // Only people are shown curves, so only for them they are read.
      const isForPeople = args.format === 'table' || args.format === 'markdown';
      const reportsOf = isForPeople ? results.reports : undefined;
      const found = await withSteps(err, (step) => {
        step('reading trials');
        return experiments.map((experiment) => ({
          experiment,
          standings: first(
            standingsOf(results, experiment, {
              reportsOf,
              stateOf: statesNow(results, args.db, experiment),
            }),
            args,
          ),
        }));
      });
      const [only] = found;
      const paper = paperOf(out, args);
      const text =
        args.all || only === undefined
          ? leaderboardsAs(args.format, found, paper, args)
          : standingsAs(args.format, only.standings, paper, args);
      out.write(`${text}\n`);
      return exitCodes.done;
    } finally {
      results.close();
    }
  },
});

/**
 * The best of them; what is known of each was worked out among all. A point that was proposed again takes one place: whoever
 * asks for the best three wants three points.
 */
function first(
  standings: Standings,
  { top, replicates }: { readonly top: number | undefined; readonly replicates: boolean },
): Standings {
  if (top === undefined) return standings;
  const { trials, combinations, remarks = [] } = standings;
  const shown = trials.filter(({ copyOf }) => copyOf === undefined).slice(0, top);
  const numbers = new Set(shown.map(({ trial }) => trial.number));
  const copies = trials.filter(({ copyOf }) => copyOf !== undefined && numbers.has(copyOf)).length;
  const isByTrial = replicates || !areReplicated(combinations);
  return {
    ...standings,
    trials: shown,
    combinations: combinations.slice(0, top),
    remarks: copies > 0 && isByTrial ? [...remarks, leftOutText(copies)] : remarks,
  };
}

const leftOutText = (copies: number): string =>
  copies === 1
    ? 'One copy of these, a point that was proposed again, is left out.'
    : `${countText(copies)} copies of these, points that were proposed again, are left out.`;
