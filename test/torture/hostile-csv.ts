/**
 * Tables with bytes changed, cut off, and with what parsers stumble over: refused, or read as a plain reader reads them.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadData } from '../../src/data/dataset.ts';
import { answerOf, type HostileFiles, hostileFiles } from './hostile-files.ts';

const nasty = [
  ...['"', '""', '"""', ',', ',,', '\n', '\r\n', '\r', '\n\n', ';', '\t', ' ', '\u00a0', '\uFEFF', '\u0000'],
  ...[
    '"a""b"',
    '"a,b"',
    '"a\nb"',
    '"5"',
    ' "5"',
    '"5" ',
    '5"',
    '-0',
    '1e400',
    '1e-400',
    '.5',
    '5.',
    '.',
    '+1',
    '1_0',
    '0x10',
  ],
  ...[
    'NaN',
    'Infinity',
    '3.5e38',
    '1'.repeat(400),
    '__proto__',
    'constructor',
    '\u001b[31m',
    '\u202e',
    '\ud800',
    '\u{1f600}',
  ],
];

/** A megabyte of each: what takes the square of its length takes minutes. */
const long = ['"', '""', ',', '\n', '1', 'x', ' ', '\r', '"\n', '1,', '1.', 'e', '"a",'].map((part) =>
  part.repeat(2 ** 20 / part.length),
);

const good = 'long,kind,"wi""de"\n1,b,10\r\n3,a,30\n"5",b,-20\n7,"c, d",2e1\n9,"e\nf",.5\n2,b,6\n';

export const hostile: HostileFiles = {
  unit: 'changed tables',
  shortRounds: 300,
  longRounds: 100_000,
  attempts: (folder, random, rounds) =>
    Array.from({ length: rounds }, (_, round) => async () => {
      const separator = among(random, [',', ',', ';', '\t', '|'] as const);
      const text = changed(random, round % 25 === 0 ? long : nasty, separator);
      const isPacked = random() < 0.2;
      const file = join(folder, isPacked ? 'a.csv.gz' : 'a.csv');
      writeFileSync(file, isPacked ? gzipSync(text) : text);
      const reading = {
        ...{ separator, missing: among(random, ['refuse', 'mean'] as const) },
        oneHot: among(random, [undefined, ['long'], ['wi"de']]),
      };
      const what = `table ${JSON.stringify(text.slice(0, 500))} by ${JSON.stringify(reading)}`;
      const ranges = { train: [0, 2], validation: [2, 3] } as const;
      const given = { source: 'csv', file, label: 'kind', scaling: 'none', ...reading, ...ranges } as const;
      const { value, fault } = await answerOf(what, () => loadData(given, folder));
      if (fault !== undefined || value === undefined) return fault;
      const { values, labels, encoding } = value as Awaited<ReturnType<typeof loadData>>;
      const [header = [], ...rows] = plainRows(Buffer.from(text).toString(), separator);
      if (encoding.kind !== 'table') return `${what} was taken for pictures`;
      const kind = header.indexOf('kind');
      const columns = header.flatMap((name, place) => (place === kind ? [] : [{ name, place }]));
      const read = columns.map(({ name, place }) => {
        const cells = rows.slice(0, 3).map((row) => row[place] as string);
        const blank = reading.missing === 'mean' ? cells.map((cell) => noValue.has(cell.toLowerCase())) : [];
        return reading.oneHot?.includes(name)
          ? plainOnes(name, cells, blank)
          : { names: [name], rows: plainNumbers(cells, blank).map((number) => [number]) };
      });
      const names = read.flatMap(({ names }) => names);
      if (encoding.columns.join('|') !== names.join('|'))
        return `${what} has the columns ${encoding.columns}`;
      const expected = [0, 1, 2].flatMap((row) => [
        rows[row]?.[kind],
        ...read.flatMap(({ rows }) => rows[row]?.map((number) => String(Math.fround(number)))),
      ]);
      const width = names.length;
      const got = [...labels].flatMap((label, row) => {
        const numbers = values.slice(row * width, (row + 1) * width);
        return [encoding.classes?.[label], ...Array.from(numbers, String)];
      });
      return got.join('|') === expected.join('|') ? undefined : `${what} was read as ${got}, not ${expected}`;
    }),
};

const among = <Item>(random: () => number, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item;

const noValue = new Set(['', '?', '-', '--', '---', 'na', 'n/a', 'nan', 'null', 'none']);

/** The numbers of a column; the first two rows train. */
function plainNumbers(cells: readonly string[], blank: readonly boolean[]): number[] {
  const known = cells.slice(0, 2).filter((_, row) => !blank[row]);
  const mean = known.reduce((sum, cell) => sum + Number(cell), 0) / known.length;
  return cells.map((cell, row) => (blank[row] ? mean : Number(cell)));
}

/** The ones of a column of categories. */
function plainOnes(name: string, cells: readonly string[], blank: readonly boolean[]) {
  const [one, other] = cells.slice(0, 2).filter((_, row) => !blank[row]) as [string, string | undefined];
  const areWhole = [one, other ?? one].every((text) => /^-?\d+$/.test(text));
  const isInOrder = other === undefined || (areWhole ? Number(one) <= Number(other) : one < other);
  const both = other === undefined || other === one ? [one] : isInOrder ? [one, other] : [other, one];
  return {
    names: both.map((category) => `${name}=${category}`),
    rows: cells.map((cell, row) =>
      both.map((category) => ((blank[row] ? both[0] : cell) === category ? 1 : 0)),
    ),
  };
}

export const hostileCsv = hostileFiles(import.meta.url, hostile);

function changed(random: () => number, words: readonly string[], separator: string): string {
  let text = good.replaceAll(/,(?! )/g, separator);
  for (let change = 0; change < 1 + 2 * random(); change++) {
    const at = Math.floor(random() * text.length);
    const word = words[Math.floor(random() * words.length)] as string;
    const until = at + Math.floor(random() * (random() < 0.7 ? 2 : 20));
    text =
      text.slice(0, at) + (random() < 0.8 ? word : String.fromCharCode(256 * random())) + text.slice(until);
  }
  return random() < 0.1 ? text.slice(0, Math.floor(random() * text.length)) : text;
}

/** One character after the other: another way to the rows of a table that is sound. */
function plainRows(text: string, separator: string): string[][] {
  const rows: string[][] = [[]];
  let [field, wasQuoted, isQuoted] = ['', false, false];
  const endField = () => {
    rows.at(-1)?.push(wasQuoted ? field : field.trim());
    [field, wasQuoted] = ['', false];
  };
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at] as string;
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] !== '"') isQuoted = false;
      else field += text[++at];
    } else if (character === '"') [isQuoted, wasQuoted] = [true, true];
    else if (character === separator) endField();
    else if (character === '\n' || character === '\r') {
      endField();
      rows.push([]);
    } else field += character;
  }
  endField();
  return rows.filter((row) => row.length > 1 || row[0] !== '');
}
