/** Writes models and tables for other programs. */
import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { errors } from '../errors.ts';
import { type ModelFormat, modelAs, modelFormats } from '../export/model-formats.ts';
import { optunaStudyOf } from '../export/optuna.ts';
import { curvesTable, type NamedTable, trialsTable } from '../export/run-tables.ts';
import type { ReadOnlyResults } from '../store/open-results.ts';
import { type Experiment, isNetworkRun } from '../store/results.ts';
import { trialModel } from '../store/trial-model.ts';
import { jsonLines } from '../terminal/data-rows.ts';
import { columnsNamed, rowsAs } from '../terminal/rows.ts';
import { chosenTrial } from './chosen-trial.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption } from './options.ts';
import { writeOutput } from './output.ts';
import { withExperiment } from './with-experiment.ts';

const tableFormats = ['csv', 'jsonl', 'json'] as const;
const exportFormats = [...modelFormats, 'bytes', 'csv', 'jsonl', 'optuna'] as const;
type ExportFormat = (typeof exportFormats)[number];

/** The tables that can be exported; of networks they are views of the database, whose columns are public. */
const tables = {
  trials: 'SELECT * FROM leaderboard WHERE experiment_id = ? ORDER BY rank NULLS LAST, trial',
  curves: 'SELECT * FROM curves WHERE experiment_id = ? ORDER BY phase, trial, epoch',
} as const;

/** What goes out: one kind of thing has its own formats, the first of which is its default. */
const isTable = (what: string): what is keyof typeof tables => Object.hasOwn(tables, what);
const formatsOf = (what: string, run: Experiment): readonly ExportFormat[] => {
  if (what === 'trials') return [...tableFormats, 'optuna'];
  if (isTable(what)) return tableFormats;
  // Nobody but an objective knows what it has saved.
  return isNetworkRun(run) ? modelFormats : ['bytes'];
};
const isModelFormat = (format: ExportFormat): format is ModelFormat =>
  (modelFormats as readonly ExportFormat[]).includes(format);

export const exportCommand = defineCommand({
  usage: 'export [what]',
  summary: 'Write a model, the trials or their curves in the format of another program',
  examples: [
    ['export winner --format onnx', "the winner's best weights as results/winner.onnx"],
    ['export final -o mnist.safetensors', 'the final training, for PyTorch'],
    ['export 4 --format json', 'trial 4, as `coresweep predict` reads it'],
    ['export --format csv > trials.csv', 'the trials, the best first'],
    ['export curves --format jsonl', 'every epoch of every trial, a JSON object a line'],
    ['export winner --format bytes -o model.pkl', 'what an objective of your own has saved'],
    ['export --format optuna -o study.db', 'the trials as a study that Optuna can continue'],
  ],
  positionals: ['what'],
  options: {
    what: {
      type: 'string',
      defaultDescription: 'winner, or trials for csv, jsonl and optuna',
      describe: 'A model: the number of a trial, "winner" or "final". A table: "trials" or "curves"',
    },
    format: {
      type: 'string',
      choices: exportFormats,
      requiresArg: true,
      defaultDescription: "what the file's name ends in, else safetensors or csv",
      describe: 'The format of the file; bytes is what an objective of your own has saved',
    },
    output: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      defaultDescription: "stdout for a table, else a file in the database's folder",
      describe: 'The file to write, whose path is printed; - is stdout',
    },
    db: databaseOption,
    experiment: experimentOption,
  },
  run: (args, { out }) =>
    withExperiment(args, (results, experiment) => {
      const named = args.format ?? formatNamed(args.output);
      const what = args.what ?? (isOfModel(named) ? 'winner' : 'trials');
      const allowed = formatsOf(what, experiment);
      // An objective's model may have any ending.
      const isMeant = args.format !== undefined || !allowed.includes('bytes');
      const format = ((isMeant ? named : undefined) ?? allowed[0]) as ExportFormat;
      if (!allowed.includes(format)) throw errors.exportFormat(what, format, allowed);
      const content = contentOf(results, experiment, what, format);
      const file = args.output ?? defaultFile(args.db, what, format);
      // Another program may have continued the study.
      if (format === 'optuna' && existsSync(file)) throw errors.outputExists(file);
      writeOutput(out, file, content, args.db);
      return 0;
    }),
});

/** The format that a file's ending is the name of. */
const formatNamed = (file: string | undefined): ExportFormat | undefined =>
  exportFormats.find((format) => file !== undefined && extname(file).toLowerCase() === `.${format}`);

const isOfModel = (format: ExportFormat | undefined): boolean =>
  format === undefined || format === 'bytes' || isModelFormat(format);

function contentOf(
  results: ReadOnlyResults,
  experiment: Experiment,
  what: string,
  format: ExportFormat,
): string | Uint8Array {
  if (format === 'optuna') return optunaStudyOf(results, experiment);
  if (isTable(what)) {
    // What is asked in SQL is not held against its digests.
    const trials = results.trials(experiment.id);
    if (what === 'curves') for (const { id } of trials) results.reports(id);
    const { names, rows } = tableOf(results, experiment, what);
    const columns = columnsNamed(names, rows);
    if (format === 'jsonl') return jsonLines(columns, rows);
    // RFC 4180 ends the last line too.
    return format === 'csv' ? `${rowsAs('csv', columns, rows)}\r\n` : `${rowsAs('json', columns, rows)}\n`;
  }
  const trial = chosenTrial(results, experiment.id, what, Object.keys(tables));
  if (trial.state !== 'done') throw errors.trialWithoutModel(what, trial.state);
  if (format === 'bytes') {
    const saved = results.artifact(trial.id, 'model');
    if (saved?.kind !== 'bytes') throw errors.nothingSaved(what);
    return saved.bytes;
  }
  return modelAs(format as ModelFormat, trialModel(results, experiment, trial));
}

function tableOf(results: ReadOnlyResults, experiment: Experiment, what: keyof typeof tables): NamedTable {
  if (!isNetworkRun(experiment))
    return what === 'trials' ? trialsTable(results, experiment) : curvesTable(results, experiment);
  const { columns: names, rows } = results.query(tables[what], [experiment.id]);
  return { names, rows };
}

function defaultFile(database: string, what: string, format: ExportFormat): string {
  const folder = dirname(database);
  if (format === 'optuna') return join(folder, 'optuna.db');
  if (isTable(what)) return '-';
  return join(folder, `${/^\d/.test(what) ? `trial-${what}` : what}.${format === 'bytes' ? 'bin' : format}`);
}
