/**
 * The leaderboards of several experiments, one after the other; for programs a row a trial in one table.
 * Not here: what is better across experiments, which were measured on rows of their own.
 */
import type { Format } from './formats.ts';
import {
  type LeaderboardOptions,
  type LeaderboardRow,
  leaderboardColumns,
  standingsAs,
} from './leaderboard.ts';
import type { Paper } from './paper.ts';
import { type Column, rowsAs } from './rows.ts';
import type { Standings } from './standings.ts';
import { printable } from './text.ts';

export interface NamedStandings {
  readonly experiment: { readonly id: number; readonly name: string };
  readonly standings: Standings;
}

interface Row extends LeaderboardRow, Pick<NamedStandings, 'experiment'> {}

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

const rowsOf = ({ experiment, standings }: NamedStandings): Row[] =>
  standings.trials.map((row) => ({ ...row, experiment }));

/** The same for every experiment, whatever decided it. */
const columns = (rows: readonly Row[]): Column<Row>[] => [
  { key: 'experiment', title: 'experiment', align: 'right', value: ({ experiment }) => experiment.id },
  { key: 'experimentName', title: 'name', align: 'left', value: ({ experiment }) => experiment.name },
  ...leaderboardColumns('validationAccuracy', rows),
];
