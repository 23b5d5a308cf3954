import { PassThrough } from 'node:stream';
import t from 'tap';
import { columnsNamed, rowsAs } from '../../src/terminal/rows.ts';
import type { Cell, Column } from '../../src/words/column.ts';
import { type Format, formats } from '../../src/words/formats.ts';

const answer = (format: Format, names: string[], rows: Cell[][]) =>
  rowsAs(format, columnsNamed(names, rows), rows);

t.test('a table is as wide on every line, its numbers right and their points below each other', async (t) => {
  const lines = answer(
    'table',
    ['name', 'x'],
    [
      ['a', 1.5],
      ['模型', 10],
      ['c', 0.25],
    ],
  ).split('\n');
  t.match(lines[3], '│  1.5  │');
  t.match(lines[4], '│ 10    │');
  t.match(lines[5], '│  0.25 │');
  t.equal(lines.length, 7);
});

t.test('a table shows control characters and cuts a long cell, but where lines have no end', async (t) => {
  const rows = [['\u001b[2J\n'], ['x'.repeat(500)]];
  const columns = columnsNamed(['a\u001b'], rows);
  const [cut, whole] = [200, Number.POSITIVE_INFINITY].map((width) =>
    rowsAs('table', columns, rows, { stream: new PassThrough(), width }),
  );
  t.match(cut, '\\u001b[2J\\n');
  t.match(cut, `${'x'.repeat(79)}… │`);
  t.match(whole, `│ ${'x'.repeat(500)} │`, 'as in a pipe, for whoever searches it');
});

t.test(
  'a table too wide for its paper first cuts long texts, then leaves out what matters least',
  async (t) => {
    const column = (key: string, importance?: number): Column<number> => ({
      ...{ key, title: key, align: 'right', value: (row) => row * 1_000_000 },
      ...(importance === undefined ? {} : { importance }),
    });
    const columns = [column('first'), column('least', 1), column('less', 2), column('last')];
    const drawn = (width: number) => rowsAs('table', columns, [1, 2], { stream: new PassThrough(), width });
    t.notMatch(drawn(41), '--wide', 'it fits');
    t.match(drawn(40), /│ +first │ +less │ +last │\n(?:.*\n)+--wide adds least$/);
    t.match(drawn(21), /│ +first │ +last │\n(?:.*\n)+--wide adds 2 colum.*…$/);
    t.match(drawn(20), /│ +first │\n/, 'from the right, where none matters less');
    t.match(drawn(8), '│ 100… │', 'the only one left is cut');
    const texts: Column<string>[] = [
      { key: 'name', title: 'name', align: 'left', value: () => 'ab' },
      { key: 'text', title: 'text', align: 'left', value: (row) => row },
    ];
    const cutText = rowsAs('table', texts, ['x'.repeat(70)], { stream: new PassThrough(), width: 40 });
    t.match(cutText, `│ ab   │ ${'x'.repeat(28)}… │`);
    t.notMatch(cutText, '--wide');
  },
);

t.test('CSV follows RFC 4180: CR LF, quotes doubled, nothing for null, "" for an empty text', async (t) => {
  t.equal(
    answer(
      'csv',
      ['a', 'b,c'],
      [
        ['say "hi"', 1.25],
        ['two\nlines', null],
        ['', 3n],
      ],
    ),
    'a,"b,c"\r\n"say ""hi""",1.25\r\n"two\nlines",\r\n"",3',
  );
});

t.test('CSV keeps a spreadsheet from running text as a formula, and leaves numbers alone', async (t) => {
  const rows = ['=1+1', '+x', '@SUM(A1)', '-cmd', '-5', 'a=b'].map((text) => [text]);
  t.equal(
    answer('csv', ['v'], [...rows, [-5]]),
    "v\r\n'=1+1\r\n'+x\r\n'@SUM(A1)\r\n'-cmd\r\n-5\r\na=b\r\n-5",
  );
});

t.test('CSV writes out control characters that the format does not know', async (t) => {
  t.equal(answer('csv', ['v'], [['a\u001b[31m\u0007']]), 'v\r\na\\u001b[31m\\u0007');
});

t.test(
  'JSON keeps values whole: bytes as hexadecimal, integers above 2^53 as text, no number as null',
  async (t) => {
    const rows = [[new Uint8Array([0, 255]), 2n ** 60n, 7n, Number.POSITIVE_INFINITY, '\u009b']];
    const json = answer('json', ['bytes', 'large', 'small', 'infinite', 'text'], rows);
    t.same(JSON.parse(json), [
      { bytes: '00ff', large: '1152921504606846976', small: 7, infinite: null, text: '\u009b' },
    ]);
    t.notMatch(json, '\u009b');
  },
);

t.test('in a table bytes are counted, one by one and in thousands', async (t) => {
  const text = answer('table', ['file'], [[new Uint8Array(1)], [new Uint8Array(12_345)]]);
  t.match(text, '│ 1 byte       │');
  t.match(text, '│ 12,345 bytes │');
});

t.test('columns of equal names stay apart in JSON and CSV', async (t) => {
  t.same(JSON.parse(answer('json', ['x', 'x', 'x_2'], [[1, 2, 3]])), [{ x: 1, x_2: 2, x_2_2: 3 }]);
});

t.test('Markdown escapes what GitHub would read as markup and keeps a row on its line', async (t) => {
  const lines = answer('markdown', ['a|b', 'n'], [['x|y <script> *z* `q` \\ \n', 1]]).split('\n');
  t.equal(lines.length, 3);
  t.match(lines[0], /^\| a\\\|b +\| +n \|$/);
  t.match(lines[1], /^\| :-+ \| -+: \|$/);
  t.match(lines[2], '| x\\|y \\<script\\> \\*z\\* \\`q\\` \\\\ \\\\n |');
});

t.test('no rows give a heading and nothing else', async (t) => {
  t.equal(answer('json', ['a'], []), '[]');
  t.equal(answer('csv', ['a'], []), 'a');
  t.equal(answer('markdown', ['a'], []).split('\n').length, 2);
  t.match(answer('table', ['a'], []), '│ a │');
  for (const format of formats) t.equal(typeof answer(format, [], []), 'string', format);
});

t.test('an answer of 150,000 rows is no trouble', async (t) => {
  const rows = Array.from({ length: 150_000 }, (_, i) => [i]);
  t.equal(answer('markdown', ['n'], rows).split('\n').length, 150_002);
  t.equal(answer('table', ['n'], rows).split('\n').length, 150_004);
});
