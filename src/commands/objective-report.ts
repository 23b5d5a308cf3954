/** What a run of an objective of a person's own leaves beside its database, and prints: its trials as a table, the best first. */
import { dirname, resolve } from 'node:path';
import type { ObjectiveExperiment } from '../experiment/schema.ts';
import { openReadOnly } from '../store/open-results.ts';
import type { TrialTable } from '../store/trial-table.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import { paperOf } from '../terminal/paper.ts';
import { rowsAs } from '../terminal/rows.ts';
import { withSteps } from '../terminal/steps.ts';
import type { Cell, Column } from '../words/column.ts';
import type { Format } from '../words/formats.ts';
import { secondsText } from '../words/units.ts';
import type { Terminal } from './command.ts';
import { writeReportFiles } from './report-files.ts';

type Row = TrialTable['rows'][number];

export interface ObjectiveReportArguments {
  readonly definition: string;
  readonly db: string;
  readonly format: Format;
  readonly wide: boolean;
  /** Whether the report and the curves are drawn. */
  readonly isDrawn: boolean;
}

/** Writes the report and the plots where they are to be drawn, and returns what is printed in `format`. */
export async function objectiveReport(
  { definition, db, format, wide, isDrawn }: ObjectiveReportArguments,
  { name, seed, metrics }: ObjectiveExperiment,
  { experimentId, trials, winner, final, state, seconds }: SweepResult,
  { out, err }: Terminal,
): Promise<string> {
  const results = openReadOnly(db);
  try {
    const experiment = results.experiments().find(({ id }) => id === experimentId);
    const baseFolder = dirname(resolve(definition));
    const { report, plots } =
      isDrawn && experiment !== undefined
        ? await withSteps(err, (step) =>
            writeReportFiles({ results, experiment, database: db, baseFolder, step }),
          )
        : { report: undefined, plots: [] };
    const { columns, rows } = results.table(experimentId);
    switch (format) {
      case 'table': {
        const table = rowsAs('table', columns.map(columnAt(rows)), rows, paperOf(out, { wide }));
        const won =
          winner === undefined ? 'No trial was finished, so there is no winner.' : `trial ${winner.number}`;
        const files = [db, ...(report === undefined ? [] : [report]), ...plots];
        const lines = [
          `winner    ${won}`,
          `time      ${secondsText(seconds)}`,
          `files     ${files.join('\n          ')}`,
        ];
        const isStopped = state === 'stopped' ? ['The run was stopped before its end.'] : [];
        return [table, '', ...isStopped, ...lines].join('\n');
      }
      case 'json':
        return JSON.stringify(
          {
            experiment: { id: experimentId, name, seed, metrics, state, seconds, database: db },
            trials,
            winner: winner ?? null,
            final: final ?? null,
            report: report ?? null,
            plots,
          },
          null,
          2,
        );
      case 'csv':
      case 'markdown':
        return rowsAs(format, columns.map(columnAt(rows)), rows);
      default:
        return format satisfies never;
    }
  } finally {
    results.close();
  }
}

const columnAt =
  (rows: readonly Row[]) =>
  (name: string, place: number): Column<Row> => ({
    key: name,
    title: name,
    align: rows.every((row) => typeof (row[place] ?? 0) === 'number') ? 'right' : 'left',
    value: (row) => cellOf(row[place] ?? null),
    // Said only where it says something.
    visible: (all) =>
      (name !== 'role' && name !== 'replicate') || new Set(all.map((row) => row[place])).size > 1,
  });

const cellOf = (value: Row[number]): Cell =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
