/**
 * Text from outside (names, reasons, query results), made safe to show, measured and cut to size.
 * Not here: quoting for one format, or colour (terminal).
 */
import { stripVTControlCharacters } from 'node:util';

import { displayWidth } from './display-width.ts';

export { cut, displayWidth, padded } from './display-width.ts';
export { printable, printableJson } from './printable.ts';

/**
 * A sentence in lines of at most `width` columns, all but the first behind `indent`. It breaks between words alone, and
 * never between a number and its percent sign; colours take no room.
 */
export function wrapped(text: string, width: number, indent = ''): string {
  const widthOf = (piece: string) => displayWidth(stripVTControlCharacters(piece));
  const lines: string[] = [];
  for (const word of text.match(/ *[^ ]+(?: %[^ ]*)*/g) ?? []) {
    const line = lines.at(-1);
    if (line === undefined) lines.push(word);
    else if (widthOf(line + word) <= width) lines[lines.length - 1] = line + word;
    else lines.push(indent + word.trimStart());
  }
  return lines.join('\n');
}
