/**
 * Runs a definition as the command line asks for it, from its file to the exit code.
 * Not here: which options there are (run.ts), and what is left and printed in the end (run-report.ts).
 */
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { LiveFile } from '../dashboard/live-file.ts';
import type { LoadedData } from '../data/dataset.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { bytesPerThread, type ThreadPool } from '../execute/network/thread-pool.ts';
import { loadExperiment } from '../experiment/load.ts';
import type { BudgetOptions } from '../sweep/budget.ts';
import { runExperiment } from '../sweep/run-experiment.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import { LiveProgress } from '../terminal/live-progress.ts';
import type { Format } from '../words/formats.ts';
import type { Terminal } from './command.ts';
import type { DashboardProcess } from './dashboard-process.ts';
import { databaseOption, formatOption } from './options.ts';

export interface RunArguments {
  readonly definition: string;
  readonly db: string;
  readonly threads: number | undefined;
  readonly workers: string | undefined;
  readonly insecure: boolean;
  readonly seed: number | undefined;
  readonly set: readonly string[];
  readonly phase: number | undefined;
  readonly 'max-trials': number | undefined;
  readonly 'stop-after': BudgetOptions | undefined;
  readonly 'dry-run': boolean;
  readonly fresh: boolean;
  readonly 'same-code': boolean;
  readonly 'retry-failed': boolean;
  readonly dashboard: boolean;
  readonly format: Format;
  readonly wide: boolean;
}

/** @param booted threads that boot already; they are ended with the run */
export async function runDefinition(
  args: RunArguments,
  terminal: Terminal,
  booted: ThreadPool | undefined,
): Promise<ExitCode> {
  const { out, err, signal, program } = terminal;
  const seed = args.seed === undefined ? [] : [`seed=${args.seed}`];
  const { experiment, notes } = await loadExperiment(args.definition, [...args.set, ...seed]);
  const remarks = [...notes, ...threadRemarks(args.threads)];
  if (args['dry-run']) {
    const { dryRun } = await import('./dry-run.ts');
    return dryRun({ ...args, experiment, notes: remarks }, terminal);
  }
  using page = args.dashboard ? await startDashboard(args.db, terminal) : undefined;
  using live = new LiveFile(args.db);
  const lastPhase = args.phase === 1 ? 1 : 2;
  // A program that asks for the search alone does not wait for pictures of half an experiment.
  const isDrawn = lastPhase === 2 || experiment.objective !== undefined || experiment.final === undefined;
  let data: LoadedData | undefined;
  let report: ReturnType<typeof loadReport> | undefined;
  const prepare = () => {
    report ??= loadReport(isDrawn);
    // A fault comes up again where the report is made.
    report.catch(() => {});
  };
  const result = await withProgress(err, remarks, (follow) =>
    runExperiment(
      {
        experiment,
        baseFolder: dirname(resolve(args.definition)),
        database: args.db,
        threads: args.threads,
        workers: args.workers === undefined ? undefined : { url: args.workers, isForced: args.insecure },
        lastPhase,
        maxTrials: args['max-trials'],
        stopAfter: args['stop-after'],
        fresh: args.fresh,
        sameCode: args['same-code'],
        retryFailed: args['retry-failed'],
        signal,
        onEvent: (event) => {
          follow(event);
          live.follow(event);
          // While this thread would only wait for the others, but not before: loading holds the event loop up, and a trial
          // that is suspected of ending the process must be saved as soon as it has got further.
          if (event.kind === 'trial finished' && report === undefined) setImmediate(prepare);
        },
      },
      {
        booted,
        onData: (read) => {
          data = read;
        },
      },
    ),
  );
  const isStopped = result.state === 'stopped';
  const { runReport } = await (report ?? loadReport(false));
  // Whoever stops a run does not want to wait either.
  out.write(`${await runReport({ ...args, data }, experiment, result, terminal, isDrawn && !isStopped)}\n`);
  if (!isDrawn && !isStopped) {
    const which = ['--experiment', String(result.experimentId)];
    const words = ['report', ...which, ...given('--db', args.db, databaseOption.default)];
    err.write(
      `No report was drawn of the search alone. To draw it: ${program} ${words.map(quoted).join(' ')}\n`,
    );
  }
  if (isStopped) err.write(`Stopped. To go on: ${program} ${resumingWords(args).map(quoted).join(' ')}\n`);
  const { trials: most } = experiment.search;
  if (!isStopped && result.trials.length === most) {
    const had = most === 1 ? 'only trial' : `${most} trials`;
    err.write(`The search has had its ${had} (search.trials); with more, it goes on.\n`);
  }
  live[Symbol.dispose]();
  if (page !== undefined && !isStopped) {
    err.write('The dashboard stays until Ctrl-C.\n');
    await page.untilEnded(signal);
  }
  return exitCodeOf(result);
}

/** Not imported above: a sweep must not wait for what draws it. */
async function loadReport(isDrawn: boolean): Promise<typeof import('./run-report.ts')> {
  const report = await import('./run-report.ts');
  if (isDrawn) await report.prepareReport();
  return report;
}

async function startDashboard(database: string, terminal: Terminal): Promise<DashboardProcess> {
  const { startDashboardProcess } = await import('./dashboard-process.ts');
  return await startDashboardProcess(database, terminal);
}

/** The arguments that go on with the run that these ran; a fresh one would begin anew. */
function resumingWords(args: RunArguments): string[] {
  return [
    'run',
    args.definition,
    ...given('--db', args.db, databaseOption.default),
    ...given('--threads', args.threads),
    // Not its address, in which a password may stand.
    ...(args.workers === undefined ? [] : ['--workers', '…']),
    ...given('--seed', args.seed),
    ...args.set.flatMap((override) => ['--set', override]),
    ...given('--phase', args.phase),
    ...given('--max-trials', args['max-trials']),
    ...(args['same-code'] ? ['--same-code'] : []),
    ...given('--stop-after', wordOf(args['stop-after'])),
    ...given('--format', args.format, formatOption.default),
    ...(args.wide ? ['--wide'] : []),
  ];
}

const wordOf = (budget: BudgetOptions | undefined): string | undefined =>
  budget && (budget.seconds === undefined ? String(budget.trials) : `${budget.seconds}s`);

const given = (option: string, value: unknown, usual?: unknown): string[] =>
  value === undefined || value === usual ? [] : [option, String(value)];

/** A word as a POSIX shell takes it whole. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

function threadRemarks(threads: number | undefined): string[] {
  const cores = availableParallelism();
  if (threads === undefined || threads <= cores) return [];
  return [
    `${threads} threads share ${cores} cores here: the results are the same, but it takes no less time, and about ${Math.ceil((threads * bytesPerThread) / 2 ** 20)} MiB of memory.`,
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

function exitCodeOf({ trials, final }: SweepResult): ExitCode {
  const ended = final === undefined ? trials : [...trials, final];
  const isFaulty = ended.some(({ state }) => state === 'failed' || state === 'diverged');
  return isFaulty ? exitCodes.someTrialFailed : exitCodes.done;
}
