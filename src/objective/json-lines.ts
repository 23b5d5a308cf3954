/**
 * What a program prints, told apart line by line: reports, checkpoints, models and text.
 * Pure. Not here: the program (execute/), and what is kept of its text (trial-log.ts).
 */
import { StringDecoder } from 'node:string_decoder';
import type { Metric } from '../metric.ts';

export type Line =
  /** `given` holds at least one metric. */
  | { readonly kind: 'report'; readonly step: unknown; readonly given: object }
  | { readonly kind: 'checkpoint' | 'save'; readonly bytes: Uint8Array }
  | { readonly kind: 'text' };

/** The most characters of a line that is read as JSON; of a longer one the beginning is text, and the rest is dropped. */
const mostCharacters = 16 * 2 ** 20;

/** Cuts a stream of bytes into lines; a line that does not end takes no more memory than `most` characters. */
export class LineReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string, isWhole: boolean) => void;
  readonly #most: number;
  /** The parts of the line so far. */
  #parts: string[] = [];
  #length = 0;
  /** Whether the line has been reported as too long, so that its rest is dropped. */
  #isTooLong = false;

  constructor(onLine: (line: string, isWhole: boolean) => void, most = mostCharacters) {
    this.#onLine = onLine;
    this.#most = most;
  }

  add(bytes: Uint8Array): void {
    const text = this.#decoder.write(bytes);
    let from = 0;
    for (;;) {
      const to = text.indexOf('\n', from);
      if (to < 0) break;
      this.#take(text.slice(from, to));
      this.#endLine();
      from = to + 1;
    }
    this.#take(text.slice(from));
  }

  /** A last line needs no end. */
  end(): void {
    this.#take(this.#decoder.end());
    if (this.#length > 0) this.#endLine();
  }

  #take(text: string): void {
    if (this.#isTooLong || text === '') return;
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length <= this.#most) return;
    this.#onLine(this.#parts.join('').slice(0, this.#most), false);
    this.#parts = [];
    this.#isTooLong = true;
  }

  #endLine(): void {
    if (!this.#isTooLong) this.#onLine(this.#parts.join(''), true);
    this.#parts = [];
    this.#length = 0;
    this.#isTooLong = false;
  }
}

/** What a line says. A JSON object that holds none of the metrics is text like any other. */
export function readLine(line: string, metrics: readonly Metric[]): Line {
  const given = objectOf(line);
  if (given === undefined) return { kind: 'text' };
  if (metrics.some(({ name }) => Object.hasOwn(given, name)))
    return { kind: 'report', step: given['step'], given };
  for (const kind of ['checkpoint', 'save'] as const) {
    const text = given[kind];
    if (typeof text === 'string' && Object.keys(given).length === 1)
      return { kind, bytes: new Uint8Array(Buffer.from(text, 'base64')) };
  }
  return { kind: 'text' };
}

function objectOf(line: string): Record<string, unknown> | undefined {
  const text = line.trim();
  if (!(text.startsWith('{') && text.endsWith('}'))) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Python writes NaN and Infinity, which JSON does not have; 1e999 is read as Infinity, which is as little a result.
    const finite = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
      found.startsWith('"') ? found : '1e999',
    );
    try {
      return JSON.parse(finite);
    } catch {
      return undefined;
    }
  }
}
