/** Rows as JSON and CSV, for programs: whole values under their keys. */
import type { Cell, Column } from '../words/column.ts';
import { printable, printableJson } from '../words/text.ts';
import { plainNumber } from './cells.ts';

export function asJson<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const objects = rows.map((row) => jsonObject(columns, row));
  return printableJson(JSON.stringify(objects, null, 2));
}

/** One JSON object a row, each ended by a newline. */
export function jsonLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return rows.map((row) => `${printableJson(JSON.stringify(jsonObject(columns, row)))}\n`).join('');
}

const jsonObject = <Row>(columns: readonly Column<Row>[], row: Row) =>
  Object.fromEntries(columns.map(({ key, value, json }) => [key, json ? json(row) : jsonValue(value(row))]));

/** JSON has no bytes (hexadecimal here), no infinity (null) and no integer that every reader keeps above 2^53 (text). */
function jsonValue(cell: Cell): string | number | boolean | null {
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('hex');
  if (typeof cell !== 'bigint') return cell;
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
}

/** RFC 4180: a header, lines ended by CR LF. */
export function asCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ key }) => csvText(key)),
    ...rows.map((row) => columns.map(({ value }) => csvCell(value(row)))),
  ];
  return lines.map((cells) => cells.join(',')).join('\r\n');
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('hex');
  return typeof cell === 'string' ? csvText(cell) : String(cell);
}

/** Text in a field. A spreadsheet must not run it as a formula, and "" stays apart from no value at all. */
function csvText(text: string): string {
  const formula = /^[=+\-@\t\r]/.test(text) && !plainNumber.test(text);
  // RFC 4180 knows line breaks in a quoted field, but no other control character.
  const safe = (formula ? `'${text}` : text).replace(/[^\r\n\t]+/g, printable);
  return safe === '' || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
