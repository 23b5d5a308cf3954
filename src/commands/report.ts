/** Writes the report. */
import { exitCodes } from '../errors.ts';
import { withSteps } from '../terminal/steps.ts';
import { defineCommand } from './command.ts';
import { baseOption, databaseOption, experimentOption } from './options.ts';
import { writeOutput } from './output.ts';
import { statesNow } from './states-now.ts';
import { withExperiment } from './with-experiment.ts';

export const report = defineCommand({
  usage: 'report',
  summary: 'Write an experiment as one HTML file that works anywhere',
  examples: [
    ['report', "report.html in the database's folder; its path is printed"],
    ['report --output paper.html --experiment 2', 'another experiment, somewhere else'],
  ],
  positionals: [],
  options: {
    db: databaseOption,
    experiment: experimentOption,
    base: baseOption,
    output: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      defaultDescription: "report.html in the database's folder",
      describe: 'The file to write, whose path is printed; - is stdout',
    },
  },
  run: (args, { out, err }) =>
    withExperiment(args, async (results, experiment) => {
      const [{ findingsOf }, { reportPage }, { reportPath }] = await Promise.all([
        import('../findings/findings.ts'),
        import('../report/report-page.ts'),
        import('./report-files.ts'),
      ]);
      const stateOf = statesNow(results, args.db, experiment);
      const page = await withSteps(err, async (step) =>
        reportPage(
          await findingsOf({ results, experiment, database: args.db, baseFolder: args.base, step, stateOf }),
          step,
        ),
      );
      writeOutput(out, args.output ?? reportPath(args.db), page, args.db);
      return exitCodes.done;
    }),
});
