/**
 * Rows as a table, JSON, CSV or Markdown, all driven by one list of columns.
 * Not here: which columns a question has (leaderboard.ts, or a query's own names).
 */

import { getBorderCharacters, table } from 'table';
import { type Cell, type Column, vital, withDistinctKeys } from '../words/column.ts';
import type { Format } from '../words/formats.ts';
import { cut, displayWidth, padded, printable, printableJson } from '../words/text.ts';
import { inColour, type Paper } from './paper.ts';

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

// --- for people -------------------------------------------------------------------------------------------

/** A wider cell is cut in a table; the data formats have it whole. */
const widestCell = 80;

function asTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], paper?: Paper): string {
  const all = columns
    .filter((column) => column.visible?.(rows) ?? true)
    .map((column): Drawn<Row> => cutTo(widestCell, { column, cells: texts(column, rows) }));
  if (all.length === 0) return '';
  const width = paper?.width ?? Number.POSITIVE_INFINITY;
  const shown = fitting(all, width);
  const painted = shown.map(({ column, cells }) =>
    cells.map((text, row) => inColour(text, column.paint?.(rows[row] as Row), paper)),
  );
  const drawn = table([shown.map(({ head }) => head), ...transposed(painted, rows.length)], {
    border: getBorderCharacters('norc'),
    columns: shown.map(({ column }) => ({ alignment: column.align })),
    drawHorizontalLine: (line, lines) => line <= 1 || line === lines,
  }).trimEnd();
  const kept = new Set(shown.map(({ column }) => column));
  const left = all.flatMap(({ column }) => (kept.has(column) ? [] : [printable(column.title)]));
  return left.length === 0 ? drawn : `${drawn}\n${leftOut(left, width)}`;
}

/** Names what a table is without, in one line; how many there are, where their names do not fit. */
function leftOut(names: readonly string[], width: number): string {
  const line = `--wide adds ${names.join(', ')}`;
  return displayWidth(line) <= width
    ? line
    : cut(`--wide adds ${names.length} columns: ${names.join(', ')}`, width);
}

/** A column as it will stand in a table. */
interface Drawn<Row> {
  readonly column: Column<Row>;
  readonly head: string;
  readonly cells: readonly string[];
  /** Columns of the terminal, without the frame. */
  readonly width: number;
}

/** With no text wider than `width`. */
function cutTo<Row>(width: number, { column, cells }: Pick<Drawn<Row>, 'column' | 'cells'>): Drawn<Row> {
  const fitting = cells.map((text) => cut(text, width));
  const head = folded(cut(printable(column.title), width), widest(fitting));
  return { column, head, cells: fitting, width: Math.max(widest(fitting), widest(head.split('\n'))) };
}

/** Long texts are cut down to the first before a column is left out, and to the second before one without which the others say little. */
const shortTexts = [24, 12] as const;

/** What of a table fits `room`: at least one column. */
function fitting<Row>(all: readonly Drawn<Row>[], room: number): readonly Drawn<Row>[] {
  const excess = (drawn: readonly Drawn<Row>[]) =>
    drawn.reduce((sum, { width }) => sum + width + 3, 1) - room;
  /** Without columns that may go, from the least important, for as long as there is no room. */
  const without = (drawn: readonly Drawn<Row>[], mayGo: (one: Drawn<Row>) => boolean) => {
    const leaving = [...drawn.keys()].sort(
      (a, b) => importanceOf(drawn[a]) - importanceOf(drawn[b]) || b - a,
    );
    const gone = new Set<number>();
    const left = () => drawn.filter((_, index) => !gone.has(index));
    for (const index of leaving.slice(0, -1))
      if (excess(left()) > 0 && mayGo(drawn[index] as Drawn<Row>)) gone.add(index);
    return left();
  };
  const shorter = (drawn: readonly Drawn<Row>[], least: number) => {
    let shown = [...drawn];
    const isText = ({ column, width }: Drawn<Row>) => column.align === 'left' && width > least;
    while (excess(shown) > 0 && shown.some(isText)) {
      const longest = shown.filter(isText).reduce((a, b) => (b.width > a.width ? b : a));
      const cut = cutTo(Math.max(least, longest.width - excess(shown)), longest);
      shown = shown.map((drawn) => (drawn === longest ? cut : drawn));
      if (cut.width === longest.width) break;
    }
    return shown;
  };
  const [short, shortest] = shortTexts;
  const important = without(shorter(all, short), ({ column }) => (column.importance ?? vital) !== vital);
  const left = without(shorter(important, shortest), () => true);
  const [first, ...others] = left;
  return first !== undefined && others.length === 0 && excess([first]) > 0
    ? [cutTo(Math.max(1, first.width - excess([first])), first)]
    : left;
}

const importanceOf = <Row>(drawn: Drawn<Row> | undefined): number =>
  drawn?.column.importance ?? Number.MAX_VALUE;

function asMarkdown<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const shown = columns.filter((column) => column.visible?.(rows) ?? true);
  const bodies = shown.map((column) => [
    escapedMarkdown(printable(column.title)),
    ...texts(column, rows).map(escapedMarkdown),
  ]);
  const widths = bodies.map((body) => Math.max(3, widest(body)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head = [], ...body] = transposed(bodies, rows.length + 1).map((cells) =>
    cells.map((cell, index) => padded(cell, widths[index] ?? 0, shown[index]?.align)),
  );
  const rule = shown.map(({ align }, index) => {
    const dashes = '-'.repeat((widths[index] ?? 3) - 1);
    return align === 'right' ? `${dashes}:` : `:${dashes}`;
  });
  return [head, rule, ...body].map(line).join('\n');
}

/** By a loop: a query's rows can be more than a call has arguments. */
function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0);
}

/** What people read in one column, row by row, decimal points below each other. */
function texts<Row>(column: Column<Row>, rows: readonly Row[]): string[] {
  const plain = rows.map((row) => printable(column.text?.(row) ?? cellText(column.value(row))));
  return column.align === 'right' ? pointsAligned(plain) : plain;
}

function cellText(cell: Cell): string {
  if (cell instanceof Uint8Array) return `${cell.byteLength} bytes`;
  return cell === null ? '' : String(cell);
}

const plainNumber = /^-?\d+(\.\d+)?$/;

function pointsAligned(numbers: readonly string[]): string[] {
  const tail = (text: string) => (plainNumber.test(text) ? text.length - `${text}.`.indexOf('.') : 0);
  const longest = numbers.reduce((most, text) => Math.max(most, tail(text)), 0);
  return numbers.map((text) => (plainNumber.test(text) ? text + ' '.repeat(longest - tail(text)) : text));
}

/** A heading broken at its blanks so that it widens its column as little as possible. */
function folded(title: string, width: number): string {
  const words = title.split(' ');
  const room = Math.max(width, ...words.map(displayWidth));
  return words.reduce((lines, word) => {
    const lastLine = lines.slice(lines.lastIndexOf('\n') + 1);
    return lines + (displayWidth(`${lastLine} ${word}`) <= room ? ' ' : '\n') + word;
  });
}

function transposed(columns: readonly (readonly string[])[], rows: number): string[][] {
  return Array.from({ length: rows }, (_, row) => columns.map((column) => column[row] ?? ''));
}

/** Every character that GitHub could read as markup, a column or an entity, escaped. */
function escapedMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~&]/g, '\\$&');
}

// --- for programs -----------------------------------------------------------------------------------------

function asJson<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const objects = rows.map((row) => jsonObject(columns, row));
  return printableJson(JSON.stringify(objects, null, 2));
}

/** One JSON object a row, each ended by a newline. */
export function jsonLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return rows.map((row) => `${printableJson(JSON.stringify(jsonObject(columns, row)))}\n`).join('');
}

const jsonObject = <Row>(columns: readonly Column<Row>[], row: Row) =>
  Object.fromEntries(columns.map(({ key, value }) => [key, jsonValue(value(row))]));

/** JSON has no bytes (hexadecimal here), no infinity (null) and no integer that every reader keeps above 2^53 (text). */
function jsonValue(cell: Cell): string | number | boolean | null {
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('hex');
  if (typeof cell !== 'bigint') return cell;
  return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
}

/** RFC 4180: a header, lines ended by CR LF. */
function asCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
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
