/**
 * CSV as RFC 4180 has it: fields apart by commas, quoted where they hold commas, quotes or line breaks; a header line.
 * Not here: what the fields mean.
 */

export interface CsvRow {
  /** Where it begins in the file, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

// A field, quoted or not, and what follows it: a comma, a line's end, or the end of the file.
const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|\r|$)/y;

/**
 * The rows of a text, empty lines left out; a byte order mark is passed over.
 * @param refuse is given a fault as the rest of a sentence; it throws
 */
export function* csvRows(text: string, refuse: (fault: string) => never): Generator<CsvRow> {
  let fields: string[] = [];
  let [line, firstLine] = [1, 1];
  field.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  while (field.lastIndex < text.length || fields.length > 0) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (match === null) return refuse(`line ${line} holds a quote that is not closed, or text beside one`);
    const [whole, quoted, plain = '', end] = match;
    fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    if (quoted !== undefined) line += whole.slice(0, -1).split('\n').length - 1;
    // The sticky expression matches nothing at the end of the text, again and again.
    field.lastIndex = at + whole.length;
    if (end === ',') continue;
    if (fields.length > 1 || fields[0] !== '') yield { line: firstLine, fields };
    fields = [];
    firstLine = ++line;
  }
}
