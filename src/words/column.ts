/**
 * One column of rows: its name, its heading, and how its values are written; terminal, page and data formats share it.
 * Not here: which columns a question has, how a table is drawn.
 */

import type { Value } from '../trial.ts';

/** A value as the database or a trial holds it; null where there is none. */
export type Cell = string | number | bigint | boolean | null | Uint8Array;

/** The importance of a column without which the others say little: it goes after those that have none. */
export const vital = Number.POSITIVE_INFINITY;

export interface Column<Row> {
  /** Its name in JSON and CSV; stable. */
  readonly key: string;
  /** Its heading for people. */
  readonly title: string;
  readonly align: 'left' | 'right';
  /** The full value, for JSON and CSV. */
  readonly value: (row: Row) => Cell;
  /** The value in JSON, where that is a list or an object and no cell. */
  readonly json?: (row: Row) => Value | object | null;
  /** The value with its unit, for people; without it the value as it is. */
  readonly text?: (row: Row) => string;
  /** Whether people see the column; JSON and CSV always have it. */
  readonly visible?: (rows: readonly Row[]) => boolean;
  /** A column that says nothing which the others do not: JSON and CSV are without it. */
  readonly forPeople?: true;
  /**
   * In a table too wide for its paper the columns of least importance are left out first; then, from the right, those
   * without any, and last of all `vital` ones.
   */
  readonly importance?: number;
  /** A colour that means something, on a terminal that has colours. */
  readonly paint?: (row: Row) => Colour | undefined;
}

/** What a value can be painted in, where colours mean something. */
export type Colour = 'red' | 'yellow' | 'green';

/** The columns with each key once: of equal ones the later become name_2, name_3. */
export function withDistinctKeys<Row>(columns: readonly Column<Row>[]): Column<Row>[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let { key } = column;
    for (let n = 2; taken.has(key); n++) key = `${column.key}_${n}`;
    taken.add(key);
    return { ...column, key };
  });
}
