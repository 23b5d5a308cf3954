/** What each pruner would have saved and lost on recorded curves. */
import { exitCodes } from '../errors.ts';
import { replayOf } from '../findings/replay.ts';
import { standingsOf } from '../findings/standings.ts';
import { paperOf } from '../terminal/paper.ts';
import { replayText } from '../terminal/replay.ts';
import { withSteps } from '../terminal/steps.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption, formatOption, wideOption } from './options.ts';
import { withExperiment } from './with-experiment.ts';

export const replayCommand = defineCommand({
  usage: 'replay',
  summary: 'Find a pruner: what each would have saved on the recorded curves, and which trial would have won',
  examples: [
    ['replay', 'the latest experiment in results/results.db'],
    ['replay --format json', 'with the settings of each, as a definition has them'],
  ],
  positionals: [],
  options: { db: databaseOption, experiment: experimentOption, format: formatOption, wide: wideOption },
  run: (args, { out, err }) =>
    withExperiment(args, async (results, experiment) => {
      const replayed = await withSteps(err, (step) => {
        step('reading curves');
        const { trials } = standingsOf(results, experiment);
        return replayOf({ standings: trials, experiment, reportsOf: results.reports });
      });
      out.write(`${replayText(args.format, replayed, paperOf(out, args))}\n`);
      return exitCodes.done;
    }),
});
