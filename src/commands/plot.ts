import { dirname, join } from 'node:path';
import { exitCodes } from '../errors.ts';
import { plotFiles } from '../report/plot-files.ts';
import { writeWhole } from '../store/write-whole.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption } from './options.ts';
import { withExperiment } from './with-experiment.ts';

export const plot = defineCommand({
  usage: 'plot',
  summary: 'Draw the learning and accuracy curves of an experiment as SVG files',
  examples: [['plot', "four pictures in the database's folder; their paths are printed"]],
  positionals: [],
  options: { db: databaseOption, experiment: experimentOption },
  run: (args, { out }) =>
    withExperiment(args, async (results, experiment) => {
      for (const { name, svg } of await plotFiles(results, experiment)) {
        const path = join(dirname(args.db), name);
        writeWhole(path, svg);
        out.write(`${path}\n`);
      }
      return exitCodes.done;
    }),
});
