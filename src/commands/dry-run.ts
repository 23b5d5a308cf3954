/** Prints what `run` would do, and does nothing of it. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type ExitCode, exitCodes } from '../errors.ts';
import { replicateNameOf } from '../experiment/replicates.ts';
import type { Experiment } from '../experiment/schema.ts';
import { openReadOnly } from '../store/open-results.ts';
import { type Forecast, forecast } from '../sweep/forecast.ts';
import { objectiveIdentity } from '../sweep/open-objective.ts';
import { expectAtMost } from '../sweep/plan.ts';
import { paperOf } from '../terminal/paper.ts';
import { rowsAs } from '../terminal/rows.ts';
import type { Column } from '../words/column.ts';
import type { Format } from '../words/formats.ts';
import { commonText, parameterColumns } from '../words/parameters.ts';
import { wrapped } from '../words/text.ts';
import { durationText } from '../words/units.ts';
import type { Terminal } from './command.ts';

export interface DryRunArguments {
  readonly definition: string;
  readonly experiment: Experiment;
  readonly notes: readonly string[];
  readonly db: string;
  readonly threads: number | undefined;
  readonly 'max-trials': number | undefined;
  readonly fresh: boolean;
  readonly 'retry-failed': boolean;
  readonly format: Format;
  readonly wide: boolean;
}

/** More trials than these are counted only. */
const shown = 20;

export function dryRun(args: DryRunArguments, { out, err }: Terminal): ExitCode {
  const { experiment, db, format } = args;
  for (const note of args.notes) err.write(`${note}\n`);
  expectAtMost(args['max-trials'], experiment);
  // A module that cannot be read would end the run before its first trial.
  if (experiment.objective !== undefined) objectiveIdentity(experiment, dirname(resolve(args.definition)));
  const results = existsSync(db) ? openReadOnly(db) : undefined;
  try {
    const expected = forecast(experiment, {
      ...{ results, isFresh: args.fresh, retriesFailed: args['retry-failed'] },
      shown: format === 'table' ? shown : 1_000,
    });
    const threads = args.threads ?? availableParallelism();
    out.write(`${printed(expected, experiment, { ...args, threads, paper: paperOf(out, args) })}\n`);
    return exitCodes.done;
  } finally {
    results?.close();
  }
}

interface Place {
  readonly threads: number;
  readonly format: Format;
  readonly paper: ReturnType<typeof paperOf>;
}

type Next = Forecast['next'][number];

/** A column for each parameter that one of them has. */
function columnsOf(next: readonly Next[], experiment: Experiment): Column<Next>[] {
  return [
    { key: 'number', title: 'trial', align: 'right', value: ({ number }) => number },
    ...parameterColumns(next, ({ params }) => params),
    {
      ...{ key: 'replicate', title: replicateNameOf(experiment), align: 'right' },
      value: ({ replicate }) => replicate,
      visible: (trials) => trials.some(({ replicate }) => replicate > 0),
    },
  ];
}

function printed(expected: Forecast, experiment: Experiment, { threads, format, paper }: Place): string {
  const { run, total, recorded, next } = expected;
  const left = total - recorded;
  const seconds = secondsOf(expected, threads);
  if (format === 'json') {
    const { trialSeconds = null } = expected;
    return JSON.stringify(
      {
        experiment: { name: experiment.name, seed: experiment.seed, goesOnWith: run?.id ?? null },
        // JSON has no infinity: null is a search that only a budget ends.
        trials: {
          total: Number.isFinite(total) ? total : null,
          recorded,
          left: Number.isFinite(left) ? left : null,
        },
        next: next.map(({ number, params, replicate }) => ({ number, params, replicate })),
        ...{ threads, seconds: seconds ?? null, trialSeconds },
      },
      null,
      2,
    );
  }
  if (format !== 'table') return rowsAs(format, columnsOf(next, experiment), next);
  const lines = [
    run === undefined
      ? `${experiment.name} would be a new run of ${count(total)}.`
      : `${experiment.name} would go on with experiment ${run.id}: ${recorded} of ${count(total)} are recorded.`,
    left === 0 ? 'There is nothing left to try.' : guess(expected, left, seconds, threads),
  ].map((line) => wrapped(line, paper.width, ''));
  const more = left - next.length;
  return [
    ...lines,
    ...(next.length === 0 ? [] : [rowsAs('table', columnsOf(next, experiment), next, paper)]),
    ...[commonText(next)].filter((text) => text !== ''),
    ...(more > 0 && Number.isFinite(more) ? [`and ${count(more)} more`] : []),
    'Nothing was run (--dry-run).',
  ].join('\n');
}

const count = (trials: number): string =>
  Number.isFinite(trials) ? `${trials} ${trials === 1 ? 'trial' : 'trials'}` : 'trials without end';

function secondsOf({ total, recorded, trialSeconds }: Forecast, threads: number): number | undefined {
  const left = total - recorded;
  if (trialSeconds === undefined || !Number.isFinite(left) || left === 0) return undefined;
  // Trials are whole: the last round may leave threads without one.
  return Math.ceil(left / threads) * trialSeconds.mean;
}

function guess(
  { trialSeconds }: Forecast,
  left: number,
  seconds: number | undefined,
  threads: number,
): string {
  const on = `on ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  if (trialSeconds === undefined)
    return `How long ${count(left)} would take ${on} is not known: none of the kind is recorded.`;
  const { mean, trials, experimentId } = trialSeconds;
  const basis = `one takes ${mean < 60 ? `${mean.toPrecision(2)} s` : durationText(mean)}, the mean of ${count(trials)} of experiment ${experimentId}`;
  return seconds === undefined
    ? `How long the search takes is up to its budget: ${basis}.`
    : `${count(left)} ${on} would take about ${durationText(seconds)}: ${basis}.`;
}
