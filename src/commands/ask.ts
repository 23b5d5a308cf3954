/** Hands out the next trial of a search to a shell, which runs it and tells of it. Not here: telling (tell.ts). */
import { exitCodes } from '../errors.ts';
import { loadExperiment } from '../experiment/load.ts';
import type { ObjectiveExperiment } from '../experiment/schema.ts';
import { askTrial, withToldObjective } from '../sweep/study.ts';
import { columnsNamed, rowsAs } from '../terminal/rows.ts';
import type { Cell } from '../words/column.ts';
import { defineCommand } from './command.ts';
import { databaseOption, formatOption, setOption } from './options.ts';

export const ask = defineCommand({
  usage: 'ask <definition>',
  summary: 'Hand out the next trial of a search, for the caller to run',
  examples: [
    [
      'ask study.yaml --format json',
      '{"number":1,"params":{"alpha":0.3}}; exit code 1 when the search is over',
    ],
    ['tell 1 --values \'{"loss": 0.3}\'', 'how it ended'],
  ],
  positionals: ['definition'],
  options: {
    definition: {
      type: 'string',
      demandOption: true,
      describe: 'A .ts, .js, .json or .yaml file; an objective that it names is not run',
    },
    set: setOption,
    db: databaseOption,
    format: { ...formatOption, default: 'json' },
  },
  async run({ definition, set, db, format }, { out, err }) {
    const { experiment, notes } = await loadExperiment(definition, set, withToldObjective);
    for (const note of notes) err.write(`${note}\n`);
    const handed = await askTrial(db, experiment as ObjectiveExperiment);
    if (handed === undefined) {
      err.write('The search is over.\n');
      return exitCodes.someTrialFailed;
    }
    const { number, params } = handed;
    const cells = Object.values(params).map(
      (value) => (Array.isArray(value) ? JSON.stringify(value) : value) as Cell,
    );
    const rows = [[number, ...cells]];
    out.write(
      format === 'json'
        ? `${JSON.stringify({ number, params })}\n`
        : `${rowsAs(format, columnsNamed(['number', ...Object.keys(params)], rows), rows)}\n`,
    );
    return exitCodes.done;
  },
});
