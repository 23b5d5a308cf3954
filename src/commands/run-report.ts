/** What a run leaves beside its database, and prints. */

import type { LoadedData } from '../data/dataset.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { FindingsOptions } from '../findings/findings.ts';
import { type Standings, standingsOf } from '../findings/standings.ts';
import { bestModelPath } from '../store/database-file.ts';
import { openReadOnly } from '../store/open-results.ts';
import { isNetworkRun, type Experiment as RecordedRun } from '../store/results.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import { standingsAs } from '../terminal/leaderboard.ts';
import { paperOf } from '../terminal/paper.ts';
import { type FinalModel, type RunPaths, runDocument } from '../terminal/run-document.ts';
import { withSteps } from '../terminal/steps.ts';
import { summary } from '../terminal/summary.ts';
import type { Format } from '../words/formats.ts';
import type { Terminal } from './command.ts';

/** Loads what runReport would otherwise have to load to draw: not imported above, for a search alone draws nothing. */
export async function prepareReport(): Promise<void> {
  const [{ loadCharts }] = await Promise.all([import('../figures/chart.ts'), import('./report-files.ts')]);
  await loadCharts();
}

export interface ReportArguments {
  readonly db: string;
  /** What the definition's relative paths start from. */
  readonly baseFolder: string;
  readonly format: Format;
  readonly wide: boolean;
  /** The rows that were trained and measured on. */
  readonly data: LoadedData | undefined;
}

/** Writes the report and the plots where they are to be drawn, and returns what is printed in `format`. */
export async function runReport(
  { db, baseFolder, format, wide, data }: ReportArguments,
  experiment: Experiment,
  result: SweepResult,
  { out, err }: Terminal,
  isDrawn: boolean,
): Promise<string> {
  const { paths, standings, ...model } = isDrawn
    ? await writeReport({ database: db, baseFolder, data }, result, err)
    : withoutPictures(db, result);
  switch (format) {
    case 'table': {
      const paper = paperOf(out, { wide });
      const table = standingsAs(format, standings, paper);
      return [table, '', ...summary(experiment, standings.tried, result, paths, paper.width)].join('\n');
    }
    case 'json':
      return runDocument(experiment, standings.tried, result, paths, model);
    case 'csv':
    case 'markdown':
      return standingsAs(format, standings);
    default:
      return format satisfies never;
  }
}

interface Written extends FinalModel {
  readonly paths: RunPaths;
  readonly standings: Standings;
}

/** What there is to report where nothing is drawn. */
function withoutPictures(database: string, { experimentId, winner, state }: SweepResult): Written {
  const results = openReadOnly(database);
  try {
    const experiment = results.experiments().find(({ id }) => id === experimentId);
    if (experiment === undefined) throw new Error(`Experiment ${experimentId} is gone.`);
    const standings = standingsOf(results, experiment, { reportsOf: results.reports });
    const bestModel = state === 'done' ? bestModelOf(database, experiment, winner) : null;
    return { paths: { database, bestModel, report: null, plots: [] }, standings };
  } finally {
    results.close();
  }
}

/** Of a network; what an objective has saved is in the database. */
const bestModelOf = (database: string, run: RecordedRun, winner: SweepResult['winner']): string | null =>
  winner === undefined || !isNetworkRun(run) ? null : bestModelPath(database);

/** Draws what the run leaves beside its database. */
async function writeReport(
  found: Pick<FindingsOptions, 'database' | 'baseFolder' | 'data'>,
  result: SweepResult,
  err: NodeJS.WriteStream,
): Promise<Written> {
  const { database } = found;
  const { writeReportFiles } = await import('./report-files.ts');
  const results = openReadOnly(database);
  try {
    const experiment = results.experiments().find(({ id }) => id === result.experimentId);
    if (experiment === undefined) throw new Error(`Experiment ${result.experimentId} is gone.`);
    const { report, plots, ...model } = await withSteps(err, (step) =>
      writeReportFiles({ ...found, results, experiment, step }),
    );
    const bestModel = bestModelOf(database, experiment, result.winner);
    return {
      paths: { database, bestModel, report, plots },
      standings: standingsOf(results, experiment, { reportsOf: results.reports }),
      ...model,
    };
  } finally {
    results.close();
  }
}
