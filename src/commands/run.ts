import { dirname, resolve } from 'node:path';
import { LiveFile } from '../dashboard/live-file.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { loadExperiment } from '../experiment/load.ts';
import { type Experiment, limits } from '../experiment/schema.ts';
import { type LeaderboardRow, standingsAs } from '../report/leaderboard.ts';
import { LiveProgress } from '../report/live-progress.ts';
import type { Format } from '../report/rows.ts';
import { type RunPaths, runDocument } from '../report/run-document.ts';
import { standingsOf } from '../report/standings.ts';
import { Steps } from '../report/steps.ts';
import { summary } from '../report/summary.ts';
import { openReadOnly } from '../store/open-results.ts';
import { bestModelPath, defaultMaxTrials, runExperiment } from '../sweep/run-experiment.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import { defineCommand } from './command.ts';
import { startDashboardProcess } from './dashboard-process.ts';
import { databaseOption, formatOption, maxThreads, wholeNumber } from './options.ts';

export const run = defineCommand({
  usage: 'run <definition>',
  summary: 'Run an experiment: search, leaderboard, final training, plots',
  examples: [
    ['run experiments/paper.ts', 'the paper, both phases'],
    ['run experiments/quickstart.yaml --threads 2', 'a small one, on two threads'],
    [
      'run experiments/paper.ts --set training.epochs=20 --set space.learningRate=0.01,0.1',
      'with other values',
    ],
    ['run experiments/paper.ts --phase 1 --format json > run.json', 'the search alone, for a program'],
    ['run experiments/paper.ts --dashboard', 'with a live page in the browser'],
  ],
  positionals: ['definition'],
  options: {
    definition: { type: 'string', demandOption: true, describe: 'A .ts, .js, .json or .yaml file' },
    db: databaseOption,
    threads: {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--threads', 1, maxThreads),
      defaultDescription: 'the cores available',
      describe: 'Trials to run at once, each on a thread of its own',
    },
    seed: {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--seed', limits.seed.min, limits.seed.max),
      defaultDescription: "the definition's",
      describe: 'Seed of every random number',
    },
    set: {
      type: 'string',
      array: true,
      nargs: 1,
      default: [],
      describe: 'Override a value of the definition: path=value',
    },
    phase: {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--phase', 1, 2),
      defaultDescription: '2',
      describe: 'The last phase to run',
    },
    'max-trials': {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--max-trials', 1, 1_000_000),
      defaultDescription: String(defaultMaxTrials),
      describe: 'Refuse a grid of more trials',
    },
    dashboard: {
      type: 'boolean',
      default: false,
      describe: 'Show the sweep in the browser too; the page stays until Ctrl-C',
    },
    format: formatOption,
  },
  async run(args, terminal) {
    const { out, err, signal } = terminal;
    const seed = args.seed === undefined ? [] : [`seed=${args.seed}`];
    const { experiment, notes } = await loadExperiment(args.definition, [...args.set, ...seed]);
    using page = args.dashboard ? await startDashboardProcess(args.db, terminal) : undefined;
    using live = new LiveFile(args.db);
    const result = await withProgress(err, notes, (follow) =>
      runExperiment({
        experiment,
        baseFolder: dirname(resolve(args.definition)),
        database: args.db,
        threads: args.threads,
        lastPhase: args.phase === 1 ? 1 : 2,
        maxTrials: args['max-trials'],
        signal,
        onEvent: (event) => {
          follow(event);
          live.follow(event);
        },
      }),
    );
    const { paths, standings } = await writeReport(args.db, dirname(resolve(args.definition)), result, err);
    out.write(`${report(args.format, experiment, result, paths, standings, out)}\n`);
    live[Symbol.dispose]();
    if (page !== undefined) err.write('The dashboard stays until Ctrl-C.\n');
    await page?.untilEnded(signal);
    return exitCodeOf(result);
  },
});

async function withProgress<Answer>(
  stream: NodeJS.WriteStream,
  notes: readonly string[],
  act: (onEvent: LiveProgress['follow']) => Promise<Answer>,
): Promise<Answer> {
  using progress = new LiveProgress(stream);
  for (const note of notes) progress.line(note);
  return await act((event) => progress.follow(event));
}

/** Draws what the run leaves beside its database. */
async function writeReport(
  database: string,
  baseFolder: string,
  result: SweepResult,
  err: NodeJS.WriteStream,
): Promise<{ paths: RunPaths; standings: LeaderboardRow[] }> {
  // Imported only now: a sweep must not wait for what draws it.
  const { writeReportFiles } = await import('./report-files.ts');
  const results = openReadOnly(database);
  try {
    const experiment = results.experiments().find(({ id }) => id === result.experimentId);
    if (experiment === undefined) throw new Error(`Experiment ${result.experimentId} is gone.`);
    using steps = new Steps(err);
    const step = (what: string) => steps.step(what);
    const written = await writeReportFiles({ results, experiment, database, baseFolder, step });
    const bestModel = result.winner === undefined ? null : bestModelPath(database);
    return { paths: { database, bestModel, ...written }, standings: standingsOf(results, experiment) };
  } finally {
    results.close();
  }
}

function report(
  format: Format,
  experiment: Experiment,
  result: SweepResult,
  paths: RunPaths,
  standings: readonly LeaderboardRow[],
  out: NodeJS.WriteStream,
): string {
  switch (format) {
    case 'table': {
      const table = standingsAs(format, standings, out);
      return [table, '', ...summary(experiment, result, paths)].join('\n');
    }
    case 'json':
      return runDocument(experiment, result, paths);
    case 'csv':
    case 'markdown':
      return standingsAs(format, standings);
    default:
      return format satisfies never;
  }
}

function exitCodeOf({ trials, final }: SweepResult): ExitCode {
  const ended = final === undefined ? trials : [...trials, final];
  const isFaulty = ended.some(({ state }) => state === 'failed' || state === 'diverged');
  return isFaulty ? exitCodes.someTrialFailed : exitCodes.done;
}
