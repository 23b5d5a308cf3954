/**
 * Progress on a stream: bars redrawn in place on a terminal, plain lines anywhere else.
 * Not here: what the lines say (progress.ts), and the clock.
 */
import { styleText } from 'node:util';
import type { ProgressState } from '../findings/progress-state.ts';
import { displayWidth, wrapped } from '../words/text.ts';
import { renderProgress } from './progress.ts';

/** What is needed of process.stderr. */
export type ProgressStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number;
  readonly rows?: number;
};

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const eraseLineEnd = '\u001b[K';
const eraseBelow = '\u001b[J';
const upBy = (rows: number) => (rows > 0 ? `\u001b[${rows}A` : '');

/**
 * Owns the lines below the cursor of `stream` until it is closed; close() leaves the screen as if no bar had been.
 *
 * ```ts
 * using progress = new ProgressLines(process.stderr);
 * progress.render(state, Date.now());
 * progress.line('[1/9] trial 1 done');
 * ```
 */
export class ProgressLines implements Disposable {
  /** Whether bars are drawn: only on a terminal that can move its cursor. */
  readonly live: boolean;
  readonly #stream: ProgressStream;
  /** What stands on the screen now, without colour. */
  #drawn: readonly string[] = [];
  readonly #restore = () => this.close();

  constructor(stream: ProgressStream, env: NodeJS.ProcessEnv = process.env) {
    this.#stream = stream;
    this.live = stream.isTTY === true && env['TERM'] !== 'dumb';
  }

  /** Draws the state in place of the one before; nothing without a terminal. The caller decides how often. */
  render(state: ProgressState, now: number): void {
    if (!this.live) return;
    const lines = renderProgress(state, this.#size(), now);
    // A process that ends between two frames must not leave the person without a cursor.
    if (this.#drawn.length === 0) process.once('exit', this.#restore);
    this.#stream.write(hideCursor + this.#toTop() + this.#frame(lines) + eraseBelow);
    this.#drawn = lines;
  }

  /** Writes a line that stays: above the bars on a terminal. */
  line(text: string): void {
    const erase = this.#drawn.length > 0 ? this.#toTop() + eraseBelow : '';
    const lines = this.live ? wrapped(text, this.#size().columns, '  ') : text;
    this.#stream.write(`${erase}${this.#coloured(lines)}\n${this.#frame(this.#drawn)}`);
  }

  /** Takes the bars away and shows the cursor again; rendering may start anew. */
  close(): void {
    if (this.#drawn.length === 0) return;
    this.#stream.write(this.#toTop() + eraseBelow + showCursor);
    this.#drawn = [];
    process.removeListener('exit', this.#restore);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #frame(lines: readonly string[]): string {
    return lines.map((line) => this.#coloured(line) + eraseLineEnd).join('\n');
  }

  #size() {
    // A terminal that does not tell its size says 0.
    return { columns: this.#stream.columns || 80, rows: this.#stream.rows || 24 };
  }

  /** To the first column of the first line drawn; a terminal made narrower since has folded the lines. */
  #toTop(): string {
    if (this.#drawn.length === 0) return '';
    const { columns } = this.#size();
    const rows = this.#drawn.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)),
      0,
    );
    return `\r${upBy(rows - 1)}`;
  }

  /** The only colours: failed in red, diverged in yellow. styleText knows NO_COLOR and what is no terminal. */
  #coloured(line: string): string {
    const paint = (colour: 'red' | 'yellow') => (words: string) =>
      styleText(colour, words, { stream: this.#stream });
    return line
      .replace(/\b(?:\d+ )?failed\b/, paint('red'))
      .replace(/\b(?:\d+ )?diverged\b/, paint('yellow'));
  }
}
