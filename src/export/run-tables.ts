/**
 * The trials and the curves of a run of an objective as tables: a column a parameter and a metric, by their names.
 * Not here: those of networks, which are views of the database.
 */
import { leaderboardColumns } from '../findings/leaderboard.ts';
import { reportColumns } from '../findings/report-columns.ts';
import { standingsOf } from '../findings/standings.ts';
import type { Experiment, Results } from '../store/results.ts';
import type { Report, Trial } from '../trial.ts';
import { type Cell, type Column, withDistinctKeys } from '../words/column.ts';
import { triedBy } from '../words/measures.ts';
import { parameterColumns } from '../words/parameters.ts';

export interface NamedTable {
  readonly names: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): NamedTable {
  const data = columns.filter(({ forPeople }) => forPeople !== true);
  return { names: data.map(({ key }) => key), rows: rows.map((row) => data.map(({ value }) => value(row))) };
}

/** As the leaderboard has them. */
export function trialsTable(results: Results, run: Experiment): NamedTable {
  const { tried, trials } = standingsOf(results, run);
  return tableOf(leaderboardColumns(tried, trials), trials);
}

/** A row a report. */
export function curvesTable(results: Results, run: Experiment): NamedTable {
  type Row = { readonly trial: Trial; readonly report: Report };
  const rows = results
    .trials(run.id)
    .flatMap((trial): Row[] => results.reports(trial.id).map((report) => ({ trial, report })));
  const about: Column<Row>[] = [
    { key: 'role', title: 'role', align: 'left', value: ({ trial }) => trial.role },
    { key: 'trial', title: 'trial', align: 'right', value: ({ trial }) => trial.number },
    { key: 'replicate', title: 'replicate', align: 'right', value: ({ trial }) => trial.replicate },
    { key: 'state', title: 'state', align: 'left', value: ({ trial }) => trial.state },
    ...parameterColumns(rows, ({ trial }) => trial.params),
  ];
  const reported = reportColumns(triedBy(run), 'search').map(
    ({ key, title, align, value }): Column<Row> => ({
      key,
      title,
      align,
      value: ({ report }) => value(report),
    }),
  );
  return tableOf(withDistinctKeys([...about, ...reported]), rows);
}
