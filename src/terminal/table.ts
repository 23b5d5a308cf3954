/** Rows as a table with a frame, no wider than its paper: what has no room is cut, or left out and named. */
import { getBorderCharacters, table } from 'table';
import { type Column, vital } from '../words/column.ts';
import { cut, displayWidth, printable } from '../words/text.ts';
import { texts, transposed, widest } from './cells.ts';
import { inColour, type Paper } from './paper.ts';

/** A wider cell is cut where lines have an end: in a pipe and with --wide each is whole, for what reads it to find. */
const widestCell = 80;

export function asTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], paper?: Paper): string {
  const width = paper?.width ?? Number.POSITIVE_INFINITY;
  const most = width === Number.POSITIVE_INFINITY ? width : widestCell;
  const all = columns
    .filter((column) => column.visible?.(rows) ?? true)
    .map((column): Drawn<Row> => cutTo(most, { column, cells: texts(column, rows) }));
  if (all.length === 0) return '';
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

/** A heading broken at its blanks so that it widens its column as little as possible. */
function folded(title: string, width: number): string {
  const words = title.split(' ');
  const room = Math.max(width, ...words.map(displayWidth));
  return words.reduce((lines, word) => {
    const lastLine = lines.slice(lines.lastIndexOf('\n') + 1);
    return lines + (displayWidth(`${lastLine} ${word}`) <= room ? ' ' : '\n') + word;
  });
}
