/**
 * Text from outside with everything escaped that could play tricks on a terminal or a page; browsers load this file too.
 * Not here: how wide a text is, and cutting it (text.ts).
 */
/** Control characters, lone surrogates, and the invisible characters that reverse or break a line. */
const unprintable = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const shortEscapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with everything escaped that could move a cursor, start a line or reorder letters: `a\u001b[31m`. */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/** A JSON text with the same characters escaped; it still parses to the same values. */
export function printableJson(json: string): string {
  return json.replace(unprintable, (character) => (character === '\n' ? character : escaped(character)));
}

function escaped(character: string): string {
  return shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
