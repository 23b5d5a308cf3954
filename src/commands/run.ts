import { availableParallelism } from 'node:os';
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
    fresh: {
      type: 'boolean',
      default: false,
      describe: 'Begin a new run, even where one of the same definition could go on',
    },
    'retry-failed': {
      type: 'boolean',
      default: false,
      describe: 'Try trials again that failed in an earlier session',
    },
    'force-model': {
      type: 'boolean',
      default: false,
      describe: "Start phase 2 from bestmodel.json even if it does not hold the winner's weights",
    },
    dashboard: {
      type: 'boolean',
      default: false,
      describe: 'Show the sweep in the browser too; the page stays until Ctrl-C',
    },
    format: formatOption,
  },
  async run(args, terminal) {
    const { out, err, signal, program } = terminal;
    const seed = args.seed === undefined ? [] : [`seed=${args.seed}`];
    const { experiment, notes } = await loadExperiment(args.definition, [...args.set, ...seed]);
    const remarks = [...notes, ...threadRemarks(args.threads)];
    using page = args.dashboard ? await startDashboardProcess(args.db, terminal) : undefined;
    using live = new LiveFile(args.db);
    const result = await withProgress(err, remarks, (follow) =>
      runExperiment({
        experiment,
        baseFolder: dirname(resolve(args.definition)),
        database: args.db,
        threads: args.threads,
        lastPhase: args.phase === 1 ? 1 : 2,
        maxTrials: args['max-trials'],
        fresh: args.fresh,
        retryFailed: args['retry-failed'],
        forceModel: args['force-model'],
        signal,
        onEvent: (event) => {
          follow(event);
          live.follow(event);
        },
      }),
    );
    const baseFolder = dirname(resolve(args.definition));
    const isStopped = result.state === 'stopped';
    // Whoever stops a run does not want to wait for pictures.
    const { paths, standings } = isStopped
      ? stoppedReport(args.db, result)
      : await writeReport(args.db, baseFolder, result, err);
    out.write(`${report(args.format, experiment, result, paths, standings, out)}\n`);
    if (isStopped) err.write(`Stopped. To go on: ${program} ${resumingWords(args).map(quoted).join(' ')}\n`);
    live[Symbol.dispose]();
    if (page !== undefined && !isStopped) {
      err.write('The dashboard stays until Ctrl-C.\n');
      await page.untilEnded(signal);
    }
    return exitCodeOf(result);
  },
});

/** The arguments that go on with the run that these ran; a fresh one would begin anew. */
function resumingWords(args: {
  definition: string;
  db: string;
  threads: number | undefined;
  seed: number | undefined;
  phase: number | undefined;
  set: readonly string[];
  'max-trials': number | undefined;
  format: Format;
}): string[] {
  const given = (option: string, value: unknown, usual?: unknown) =>
    value === undefined || value === usual ? [] : [option, String(value)];
  return [
    'run',
    args.definition,
    ...given('--db', args.db, databaseOption.default),
    ...given('--threads', args.threads),
    ...given('--seed', args.seed),
    ...args.set.flatMap((override) => ['--set', override]),
    ...given('--phase', args.phase),
    ...given('--max-trials', args['max-trials']),
    ...given('--format', args.format, formatOption.default),
  ];
}

/** A word as a POSIX shell takes it whole. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

function threadRemarks(threads: number | undefined): string[] {
  const cores = availableParallelism();
  if (threads === undefined || threads <= cores) return [];
  return [
    `${threads} threads share ${cores} cores here: the results are the same, but it takes no less time.`,
  ];
}

async function withProgress<Answer>(
  stream: NodeJS.WriteStream,
  notes: readonly string[],
  act: (onEvent: LiveProgress['follow']) => Promise<Answer>,
): Promise<Answer> {
  using progress = new LiveProgress(stream);
  for (const note of notes) progress.line(note);
  return await act((event) => progress.follow(event));
}

/** What there is to report of a run that was stopped: its trials, and no pictures. */
function stoppedReport(
  database: string,
  { experimentId }: SweepResult,
): { paths: RunPaths; standings: LeaderboardRow[] } {
  const results = openReadOnly(database);
  try {
    const experiment = results.experiments().find(({ id }) => id === experimentId);
    const standings = experiment === undefined ? [] : standingsOf(results, experiment);
    return { paths: { database, bestModel: null, report: null, plots: [] }, standings };
  } finally {
    results.close();
  }
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
