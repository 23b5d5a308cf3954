/** The cells of a table as people read them, column by column. Not here: how a table is drawn (table.ts, markdown.ts). */
import type { Cell, Column } from '../words/column.ts';
import { displayWidth, printable } from '../words/text.ts';
import { countText } from '../words/units.ts';

/** What people read in one column, row by row, decimal points below each other. */
export function texts<Row>(column: Column<Row>, rows: readonly Row[]): string[] {
  const plain = rows.map((row) => printable(column.text?.(row) ?? cellText(column.value(row))));
  return column.align === 'right' ? pointsAligned(plain) : plain;
}

function cellText(cell: Cell): string {
  if (cell instanceof Uint8Array)
    return `${countText(cell.byteLength)} ${cell.byteLength === 1 ? 'byte' : 'bytes'}`;
  return cell === null ? '' : String(cell);
}

function pointsAligned(numbers: readonly string[]): string[] {
  const tail = (text: string) => (plainNumber.test(text) ? text.length - `${text}.`.indexOf('.') : 0);
  const longest = numbers.reduce((most, text) => Math.max(most, tail(text)), 0);
  return numbers.map((text) => (plainNumber.test(text) ? text + ' '.repeat(longest - tail(text)) : text));
}

/** A number as it is written: no formula, and with a point to align by. */
export const plainNumber = /^-?\d+(\.\d+)?$/;

/** By a loop: a query's rows can be more than a call has arguments. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0);
}

export function transposed(columns: readonly (readonly string[])[], rows: number): string[][] {
  return Array.from({ length: rows }, (_, row) => columns.map((column) => column[row] ?? ''));
}
