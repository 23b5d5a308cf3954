/**
 * Runs a definition as the command line asks for it, from its file to the exit code.
 * Not here: which options there are (run.ts), and what is left and printed in the end (run-report.ts, closing-remarks.ts).
 */
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { LiveFile } from '../dashboard/live-file.ts';
import type { LoadedData } from '../data/dataset.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { bytesPerThread, type ThreadPool } from '../execute/network/thread-pool.ts';
import { loadExperiment } from '../experiment/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { BudgetOptions } from '../sweep/budget.ts';
import type { SweepEvent } from '../sweep/events.ts';
import { runExperiment } from '../sweep/run-experiment.ts';
import type { RunOptions } from '../sweep/run-options.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import { LiveProgress } from '../terminal/live-progress.ts';
import type { Format } from '../words/formats.ts';
import type { Terminal } from './command.ts';
import type { DashboardProcess } from './dashboard-process.ts';

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
  const options = runOptions(args, experiment);
  const { baseFolder } = options;
  using page = args.dashboard ? await startDashboard(args.db, baseFolder, terminal) : undefined;
  using live = new LiveFile(args.db);
  // A program that asks for the search alone does not wait for pictures of half an experiment.
  const isDrawn =
    options.lastPhase === 2 || experiment.objective !== undefined || experiment.final === undefined;
  let data: LoadedData | undefined;
  let report: ReturnType<typeof loadReport> | undefined;
  const prepare = () => {
    report ??= loadReport(isDrawn);
    // A fault comes up again where the report is made.
    report.catch(() => {});
  };
  const result = await withProgress(err, remarks, (follow) => {
    const onEvent = (event: SweepEvent) => {
      follow(event);
      live.follow(event);
      // While this thread would only wait for the others, but not before: loading holds the event loop up, and a trial
      // that is suspected of ending the process must be saved as soon as it has got further.
      if (event.kind === 'trial finished' && report === undefined) setImmediate(prepare);
    };
    const onData = (read: LoadedData) => {
      data = read;
    };
    return runExperiment({ ...options, signal, onEvent }, { booted, onData });
  });
  const isStopped = result.state === 'stopped';
  const { runReport } = await (report ?? loadReport(false));
  // Somebody who stops a run does not want to wait either.
  const printed = { ...args, baseFolder, data };
  out.write(`${await runReport(printed, experiment, result, terminal, isDrawn && !isStopped)}\n`);
  const { closingRemarks } = await import('./closing-remarks.ts');
  for (const remark of closingRemarks(args, experiment, result, isDrawn, program)) err.write(`${remark}\n`);
  live[Symbol.dispose]();
  if (page !== undefined && !isStopped) {
    err.write('The dashboard stays until Ctrl-C.\n');
    await page.untilEnded(signal);
  }
  return exitCodeOf(result);
}

const runOptions = (args: RunArguments, experiment: Experiment): RunOptions => ({
  experiment,
  baseFolder: dirname(resolve(args.definition)),
  database: args.db,
  threads: args.threads,
  workers: args.workers === undefined ? undefined : { url: args.workers, isForced: args.insecure },
  lastPhase: args.phase === 1 ? 1 : 2,
  maxTrials: args['max-trials'],
  stopAfter: args['stop-after'],
  fresh: args.fresh,
  sameCode: args['same-code'],
  retryFailed: args['retry-failed'],
});

/** Not imported above: a sweep must not wait for what draws it. */
async function loadReport(isDrawn: boolean): Promise<typeof import('./run-report.ts')> {
  const report = await import('./run-report.ts');
  if (isDrawn) await report.prepareReport();
  return report;
}

async function startDashboard(database: string, base: string, terminal: Terminal): Promise<DashboardProcess> {
  const { startDashboardProcess } = await import('./dashboard-process.ts');
  return await startDashboardProcess(database, base, terminal);
}

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
