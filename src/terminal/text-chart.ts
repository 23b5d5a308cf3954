/**
 * Curves drawn with characters, for a terminal without colour.
 * Not here: pictures (curves.ts).
 */
import { extent } from '../words/extent.ts';
import { displayWidth, padded, printable } from '../words/text.ts';

/** Values at even distances along the axis; one that is not finite leaves a gap. */
export interface TextCurve {
  readonly name: string;
  readonly values: readonly number[];
}

export interface TextAxis {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export interface TextChart {
  readonly title: string;
  /** Drawn as a line: validation or test. */
  readonly solid: TextCurve;
  /** Drawn as single dots: training. */
  readonly dotted?: TextCurve | undefined;
  /** What the first and the last value are of; epochs from 1 if absent. */
  readonly axis?: TextAxis | undefined;
  /** Characters of a line, labels included. */
  readonly width: number;
  /** Lines of the plot itself, without title and axis. */
  readonly height: number;
  /** How values are written. */
  readonly format: (value: number) => string;
}

/** Lines of a chart: title and legend, the plot with its largest and smallest value, and an axis of epochs. */
export function textChart({ title, solid, dotted, axis, width, height, format }: TextChart): string[] {
  const dottedValues = dotted?.values ?? [];
  const count = Math.max(solid.values.length, dottedValues.length);
  const [low, high] = extent([...solid.values, ...dottedValues]);
  if (count === 0 || low > high) return [printable(title), `(no finished ${axis?.name ?? 'epoch'})`];

  const labels = low === high ? new Map() : new Map([[height - 1, format(low)]]);
  labels.set(low === high ? Math.floor(height / 2) : 0, format(high));
  const labelWidth = Math.max(...[...labels.values()].map(displayWidth));
  const dots = new BrailleDots(Math.max(4, width - labelWidth - 2), height);
  const row = (value: number) => (low === high ? 0.5 : (high - value) / (high - low)) * (dots.height - 1);
  drawDots(dots, dottedValues.map(row), count);
  drawLine(dots, solid.values.map(row), count);

  const last = ({ name, values }: TextCurve) =>
    `${printable(name)} ${format(values.findLast(Number.isFinite) ?? Number.NaN)}`.trimStart();
  return [
    `${printable(title)}   ⠒⠒⠒ ${last(solid)}${dotted === undefined ? '' : `   ⠂ ⠂ ${last(dotted)}`}`,
    ...dots
      .lines()
      .map(
        (line, i) =>
          `${padded(labels.get(i) ?? '', labelWidth, 'right')} ${labels.has(i) ? '┤' : '│'}${line}`,
      ),
    `${' '.repeat(labelWidth)} └${'─'.repeat(dots.columns)}`,
    ' '.repeat(labelWidth + 2) + axisText(axis ?? { name: 'epoch', from: 1, to: count }, dots.columns),
  ];
}

/** `1        epoch        100` */
function axisText({ name, from, to }: TextAxis, columns: number): string {
  const start = String(from);
  const middle = start + name.padStart(Math.floor(columns / 2) + 2 - start.length);
  return from === to ? middle : middle + String(to).padStart(columns - middle.length);
}

/** Joins the values by a line; where several epochs share a column of dots, it spans all of them. */
function drawLine(dots: BrailleDots, rows: readonly number[], epochs: number): void {
  for (let x = 0; x < dots.width; x++) {
    const from = epochAt(x, dots.width, epochs);
    const to = epochAt(x + 1, dots.width, epochs);
    const inside = rows.slice(Math.ceil(from), Math.floor(to) + 1);
    const [top, bottom] = extent([between(rows, from), ...inside, between(rows, to)]);
    for (let y = Math.round(top); y <= Math.round(bottom); y++) dots.set(x, y);
    if (epochs === 1) return;
  }
}

/** One dot in every fourth column of dots. */
function drawDots(dots: BrailleDots, rows: readonly number[], epochs: number): void {
  for (let x = 0; x < dots.width; x += 4) {
    const y = between(rows, epochAt(x, dots.width, epochs));
    if (Number.isFinite(y)) dots.set(x, Math.round(y));
    if (epochs === 1) return;
  }
}

/** The (fractional) index of the epoch at a column of dots. */
function epochAt(x: number, width: number, epochs: number): number {
  return Math.min(x / (width - 1), 1) * (epochs - 1);
}

/** The value at a fractional index; not finite beside a gap. */
function between(values: readonly number[], index: number): number {
  const before = values[Math.floor(index)] ?? Number.NaN;
  const after = values[Math.ceil(index)] ?? Number.NaN;
  return before === after ? before : before + (after - before) * (index - Math.floor(index));
}

/** A grid of dots, 2 x 4 of them in each character. */
class BrailleDots {
  readonly columns: number;
  readonly width: number;
  readonly height: number;
  readonly #cells: Uint8Array;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.width = 2 * columns;
    this.height = 4 * rows;
    this.#cells = new Uint8Array(columns * rows);
  }

  set(x: number, y: number): void {
    // Unicode numbers a cell's dots down the left column, then the right one, and the bottom pair last.
    const bit = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80][2 * (y & 3) + (x & 1)] ?? 0;
    const cell = (y >> 2) * this.columns + (x >> 1);
    this.#cells[cell] = (this.#cells[cell] ?? 0) | bit;
  }

  lines(): string[] {
    return Array.from({ length: this.height / 4 }, (_, row) => {
      const cells = this.#cells.subarray(row * this.columns, (row + 1) * this.columns);
      return Array.from(cells, (dots) => (dots === 0 ? ' ' : String.fromCharCode(0x2800 + dots)))
        .join('')
        .trimEnd();
    });
  }
}
