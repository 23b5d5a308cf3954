/**
 * What people read tables and sentences on: how wide it is, and whether it has colours.
 * Not here: what stands on it (rows.ts).
 */

import { styleText } from 'node:util';
import type { Colour } from '../words/column.ts';

export interface Paper {
  /** Decides on colours: a terminal has them, unless NO_COLOR says otherwise. */
  readonly stream: NodeJS.WritableStream;
  /** The columns of a line; infinite where lines have no end. */
  readonly width: number;
}

/**
 * A terminal is as wide as it says. In a pipe or a file lines have no end, so that a search finds whole rows, unless the
 * environment's COLUMNS says where it is.
 * @param wide whether to be wide whatever the terminal is
 */
export function paperOf(
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number },
  { wide = false }: { readonly wide?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): Paper {
  // A terminal that does not tell its size says 0.
  const columns = stream.isTTY ? stream.columns || 80 : Number(env['COLUMNS']);
  return { stream, width: wide || !(columns >= 1) ? Number.POSITIVE_INFINITY : columns };
}

export const inColour = (text: string, colour: Colour | undefined, paper: Paper | undefined): string =>
  paper === undefined || colour === undefined ? text : styleText(colour, text, { stream: paper.stream });

/** Characters of a chart on this paper, which gains nothing by being wider. */
export const chartWidth = ({ width }: Paper): number => Math.min(width, 100);
