/**
 * How much room a text takes where every letter is equally wide, and a text cut to it; browsers load this file too.
 * Not here: sentences in lines (text.ts).
 */

let segmenter: Intl.Segmenter | undefined;

/** Made for the first text that needs it: what the engine knows of all languages takes 10 to 20 ms to load. */
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Letters, signs, frames and charts of one column each, none of which joins another one: most of what is ever shown. */
const plain = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2500-\u259f\u2800-\u28ff]*$/;
const zeroWidth = /^[\p{M}\p{Cf}]+$/u;
/** East Asian wide and fullwidth letters, and pictures. */
const wide =
  /\ufe0f|\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** Columns that a printable text takes on a terminal. */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (wide.test(grapheme)) return 2;
  return zeroWidth.test(grapheme) ? 0 : 1;
}

/** The text, or as much of its beginning as fits `width` columns with an ellipsis. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let room = width - 1;
  for (const { segment } of graphemes(text)) {
    room -= graphemeWidth(segment);
    if (room < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** The text filled up with blanks to `width` columns; a longer text stays as it is. */
export function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}
