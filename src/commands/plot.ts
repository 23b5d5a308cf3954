/** Draws the figures. */
import { dirname, join } from 'node:path';
import { exitCodes } from '../errors.ts';
import { pictureFormats } from '../report/picture-formats.ts';
import { withSteps } from '../terminal/steps.ts';
import { defineCommand } from './command.ts';
import { baseOption, databaseOption, experimentOption } from './options.ts';
import { writeOutput } from './output.ts';
import { withExperiment } from './with-experiment.ts';

export const plot = defineCommand({
  usage: 'plot',
  summary: 'Draw the figures of an experiment, as SVG or PNG files',
  examples: [
    ['plot', "every figure, in the database's folder; their paths are printed"],
    ['plot --format png', 'twice as large, with a font of this machine'],
  ],
  positionals: [],
  options: {
    db: databaseOption,
    experiment: experimentOption,
    base: baseOption,
    format: {
      type: 'string',
      choices: pictureFormats,
      default: 'svg',
      requiresArg: true,
      describe: 'What to draw',
    },
  },
  run: (args, { out, err }) =>
    withExperiment(args, async (results, experiment) => {
      const [{ findingsOf }, { plotFiles }] = await Promise.all([
        import('../findings/findings.ts'),
        import('../report/plot-files.ts'),
      ]);
      const files = await withSteps(err, async (step) =>
        plotFiles(
          await findingsOf({ results, experiment, database: args.db, baseFolder: args.base, step }),
          args.format,
          step,
        ),
      );
      for (const { name, content } of files) {
        writeOutput(out, join(dirname(args.db), name), content, args.db);
      }
      return exitCodes.done;
    }),
});
