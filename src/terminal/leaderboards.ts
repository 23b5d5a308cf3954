/**
 * The leaderboards of several experiments, one after the other; for programs a row a trial in one table.
 * Not here: what is better across experiments, which were measured on rows of their own.
 */

import { type LeaderboardRow, leaderboardColumns } from '../findings/leaderboard.ts';
import type { Standings } from '../findings/standings.ts';
import { type Column, withDistinctKeys } from '../words/column.ts';
import type { Format } from '../words/formats.ts';
import { printable } from '../words/text.ts';
import { type LeaderboardOptions, standingsAs } from './leaderboard.ts';
import type { Paper } from './paper.ts';
import { rowsAs } from './rows.ts';

export interface NamedStandings {
  readonly experiment: { readonly id: number; readonly name: string };
  readonly standings: Standings;
}

interface Row extends Pick<NamedStandings, 'experiment'> {
  readonly row: LeaderboardRow;
  /** The columns of its own experiment, by their keys. */
  readonly columns: ReadonlyMap<string, Column<LeaderboardRow>>;
}

export function leaderboardsAs(
  format: Format,
  all: readonly NamedStandings[],
  paper: Paper,
  options: LeaderboardOptions,
): string {
  switch (format) {
    case 'json':
    case 'csv': {
      const rows = all.flatMap(rowsOf);
      return rowsAs(format, columns(rows), rows);
    }
    case 'table':
    case 'markdown': {
      const blank = format === 'markdown' ? '\n' : '';
      const title = ({ experiment: { id, name } }: NamedStandings) =>
        `${format === 'markdown' ? '## ' : ''}${printable(name)} (run ${id})`;
      const parts = all.map(
        (one) => `${title(one)}\n${blank}${standingsAs(format, one.standings, paper, options)}`,
      );
      return parts.join('\n\n');
    }
    default:
      return format satisfies never;
  }
}

const rowsOf = ({ experiment, standings: { tried, trials } }: NamedStandings): Row[] => {
  const columns = new Map(
    leaderboardColumns(tried, trials)
      .filter(({ forPeople }) => forPeople !== true)
      .map((column) => [column.key, column]),
  );
  return trials.map((row) => ({ experiment, row, columns }));
};

/** Each column that any of the experiments has; a row is without those that its own does not have. */
function columns(rows: readonly Row[]): Column<Row>[] {
  const keys = new Set([...new Set(rows.map((row) => row.columns))].flatMap((own) => [...own.keys()]));
  return withDistinctKeys([
    { key: 'experiment', title: 'experiment', align: 'right', value: ({ experiment }) => experiment.id },
    { key: 'experimentName', title: 'name', align: 'left', value: ({ experiment }) => experiment.name },
    ...[...keys].map(
      (key): Column<Row> => ({
        ...{ key, title: key, align: 'left' },
        value: ({ row, columns }) => columns.get(key)?.value(row) ?? null,
      }),
    ),
  ]);
}
