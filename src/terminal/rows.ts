/**
 * Rows as a table, JSON, CSV or Markdown, all driven by one list of columns.
 * Not here: which columns a question has (leaderboard.ts, or a query's own names).
 */
import { type Cell, type Column, withDistinctKeys } from '../words/column.ts';
import type { Format } from '../words/formats.ts';
import { asCsv, asJson } from './data-rows.ts';
import { asMarkdown } from './markdown.ts';
import type { Paper } from './paper.ts';
import { asTable } from './table.ts';

/** The rows in that format, without a newline at the end. */
export function rowsAs<Row>(
  format: Format,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paper?: Paper,
): string {
  switch (format) {
    case 'table':
      return asTable(columns, rows, paper);
    case 'json':
      return asJson(columns.filter(isData), rows);
    case 'csv':
      return asCsv(columns.filter(isData), rows);
    case 'markdown':
      return asMarkdown(columns, rows);
    default:
      return format satisfies never;
  }
}

const isData = <Row>({ forPeople }: Column<Row>): boolean => forPeople !== true;

/** Columns for rows that are lists of cells, named only at run time: a query's answer. Equal names become name, name_2. */
export function columnsNamed(
  names: readonly string[],
  rows: readonly (readonly Cell[])[],
): Column<readonly Cell[]>[] {
  return withDistinctKeys(
    names.map((name, index) => {
      const numeric = rows.every((row) => ['number', 'bigint'].includes(typeof (row[index] ?? 0)));
      return {
        key: name,
        title: name,
        align: numeric ? 'right' : 'left',
        value: (row) => row[index] ?? null,
      };
    }),
  );
}
