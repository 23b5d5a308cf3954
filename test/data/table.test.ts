import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { csvRows } from '../../src/data/csv.ts';
import { type DataOptions, loadData } from '../../src/data/dataset.ts';
import { readInputs } from '../../src/data/table.ts';
import type { TableEncoding } from '../../src/train/encoding.ts';
import { growsAsItsInput, peakMemory } from '../growth.ts';
import { root } from '../source.ts';

const options = {
  source: 'csv',
  file: 'a.csv',
  label: 'kind',
  scaling: 'none',
  train: [0, 2],
  validation: [2, 4],
} as const;

const small = `long,kind,wide
1,b,10
3,a,30
5,b,-20
7,c,2e1
`;

async function load(t: Test, text: string | Uint8Array, change: Partial<DataOptions> = {}) {
  writeFileSync(`${t.testdir()}/a.csv`, text);
  return loadData({ ...options, ...change } as DataOptions, t.testdirName);
}

const rowsOf = (text: string) =>
  [
    ...csvRows(text, (fault) => {
      throw new Error(fault);
    }),
  ].map(({ line, fields }) => [line, ...fields]);

t.test('fields are read as RFC 4180 has them', async (t) => {
  t.same(rowsOf('a,b\r\nc,d'), [
    [1, 'a', 'b'],
    [2, 'c', 'd'],
  ]);
  t.same(rowsOf('"a ""b"", c",d\n'), [[1, 'a "b", c', 'd']]);
  t.same(rowsOf('"two\nlines",x\ny,z\n'), [
    [1, 'two\nlines', 'x'],
    [3, 'y', 'z'],
  ]);
  t.same(
    rowsOf('a, b ,\n\n \n\r\n,,\r\n\r\n'),
    [
      [1, 'a', 'b', ''],
      [5, '', '', ''],
    ],
    'spaces, empty lines',
  );
  t.same(rowsOf('a,'), [[1, 'a', '']]);
  t.same(rowsOf(''), []);
  t.throws(() => rowsOf('a\n"b\nc'), /line 2 holds a quote/);
  t.throws(() => rowsOf('a\n"b"c,d'), /line 2 holds a quote/);
});

t.test('numbers and classes become rows; a class is numbered in the order of its name', async (t) => {
  const data = await load(t, small);
  t.same([...data.values], [1, 10, 3, 30, 5, -20, 7, 20]);
  t.same([...data.labels], [1, 0, 1, 2]);
  t.match(data, {
    inputs: 2,
    classes: 3,
    encoding: { kind: 'table', columns: ['long', 'wide'], classes: ['a', 'b', 'c'] },
    training: { from: 0, to: 2 },
    validation: { from: 2, to: 4 },
    density: 1,
  });
});

t.test('a mark of byte order is no part of the first name', async (t) => {
  const { hash } = await load(t, small);
  t.equal((await load(t, `\uFEFF${small}`)).hash, hash);
  t.equal((await load(t, `\uFEFF${small.replace('long', '"long"')}`)).hash, hash);
});

t.test('other classes of the same rows are other data', async (t) => {
  const { hash } = await load(t, small);
  t.not((await load(t, small.replace('1,b', '1,a').replace('3,a', '3,b'))).hash, hash);
});

t.test('classes that are whole numbers are in the order of number', async (t) => {
  const { encoding, labels } = await load(t, 'x,kind\n1,10\n2,9\n3,-1\n4,10\n');
  t.match(encoding, { classes: ['-1', '9', '10'] });
  t.same([...labels], [2, 1, 0, 2]);
});

t.test('scaling is learnt from the training rows alone', async (t) => {
  const standard = await load(t, small, { scaling: 'standard' });
  t.same(standard.encoding, {
    ...{ kind: 'table', columns: ['long', 'wide'], classes: ['a', 'b', 'c'] },
    ...{ offsets: [2, 20], divisors: [1, 10] },
  });
  t.same([...standard.values], [-1, -1, 1, 1, 3, -4, 5, 0]);
  const minMax = await load(t, small, { scaling: 'min-max' });
  t.same([...minMax.values], [0, 0, 1, 1, 2, -1.5, 3, 0.5]);
});

t.test('a column that does not vary in the training rows is left at 0 by them', async (t) => {
  for (const scaling of ['standard', 'min-max'] as const) {
    const { values } = await load(t, 'x,y,kind\n5,1,a\n5,2,b\n6,3,a\n5,4,b\n', { scaling });
    t.same([values[0], values[2], values[4]], [0, 0, 1]);
    // Ten times 0.1 are no 1 in binary, so that their mean is not 0.1.
    const tenths = `x,y,kind\n${'0.1,1,a\n'.repeat(10)}0.6,2,b\n`;
    const rounded = await load(t, tenths, { scaling, train: [0, 10], validation: [10, 11] });
    t.same([rounded.values[0], rounded.values[20]], [0, 0.5]);
  }
});

t.test('columns can be chosen, rows shuffled, files compressed', async (t) => {
  t.same([...(await load(t, small, { columns: ['wide'] })).values], [10, 30, -20, 20]);
  const shuffled = await load(t, small, { shuffle: 3 });
  t.notSame([...shuffled.values], [...(await load(t, small)).values]);
  t.same([...shuffled.values].sort(), [...(await load(t, small)).values].sort(), 'the same rows');
  t.same((await load(t, small, { shuffle: 3 })).hash, shuffled.hash);
  writeFileSync(`${t.testdir()}/a.csv.gz`, gzipSync(small));
  const { hash } = await loadData({ ...options, file: 'a.csv.gz' }, t.testdirName);
  t.equal(hash, (await load(t, small)).hash, 'equal data, equal hash');
});

t.test('a compressed table that grows without end is refused', async (t) => {
  // 100 MiB of zeros in a member of a hundred kilobytes, and that often enough.
  const part = gzipSync(Buffer.alloc(100 * 2 ** 20));
  writeFileSync(`${t.testdir()}/a.csv.gz`, Buffer.concat([gzipSync('x,kind\n'), part, part, part, part]));
  await t.rejects(loadData({ ...options, file: 'a.csv.gz' }, t.testdirName), {
    code: 'ERR_TABLE',
    message: /holds more than 268435456 bytes/,
  });
});

t.test('test rows lie in the same file, or in one of their own', async (t) => {
  const train = { train: [0, 2], validation: [2, 3] } as const;
  const same = await load(t, small, { ...train, test: [3, 4] });
  t.same([...same.values.slice(-2)], [7, 20]);
  writeFileSync(`${t.testdirName}/b.csv`, 'wide,kind,long\n9,d,8\n');
  const own = await loadData(
    { ...options, ...train, testFile: 'b.csv', columns: ['long', 'wide'], test: [0, 1] },
    t.testdirName,
  );
  t.same([...own.values.slice(-2)], [8, 9]);
  t.equal(own.classes, 4, 'a class that only the test file has');
  await t.rejects(load(t, small, { ...train, test: [2, 4] }), {
    code: 'ERR_DATA_RANGE',
    message: /both validate and test/,
  });
  await t.rejects(load(t, small, { ...train, test: [3, 5] }), {
    code: 'ERR_DATA_RANGE',
    message: /<= 4 \(the rows of the data\)/,
  });
});

t.test('a test file may have the columns in another order', async (t) => {
  t.testdir({ 'a.csv': small, 'b.csv': 'wide,kind,long\n20,b,9\n', 'c.csv': 'wide,kind,long,x\n2,b,9,1\n' });
  const ranges = { train: [0, 2], validation: [2, 4], test: [0, 1] } as const;
  const { values } = await loadData({ ...options, ...ranges, testFile: 'b.csv' }, t.testdirName);
  t.same([...values.slice(-2)], [9, 20]);
  await t.rejects(loadData({ ...options, ...ranges, testFile: 'c.csv' }, t.testdirName), {
    message: /it has 4 columns, but the file of the training rows has 3/,
  });
});

t.test('a number that scaling makes infinite is refused with its row and column', async (t) => {
  const close = 'x,y,kind\n0,1,a\n1e-100,2,b\n0,3,a\n3e38,4,b\n';
  for (const [change, message] of [
    [
      { scaling: 'min-max' },
      /row 3 of the data \(counted from 0\) has 3e\+38 in column "x".* becomes Infinity/,
    ],
    [{ scaling: 'standard' }, /row 3 of the data .* choose another data.scaling\.$/],
  ] as const) {
    await t.rejects(load(t, close, change), { code: 'ERR_SCALING', exitCode: 65, message });
  }
  const whole = await load(t, close, { scaling: 'none' });
  t.ok(whole.values.every(Number.isFinite));
  const shuffled = load(t, close, { scaling: 'min-max', shuffle: 1, train: [0, 3], validation: [3, 4] });
  await t.rejects(
    shuffled,
    { message: /row 3 of the data/ },
    'the row of the file, wherever it was shuffled',
  );
});

t.test('the time to read a table grows as its length', async (t) => {
  const folder = t.testdir();
  const file = `${folder}/a.csv`;
  const read = async (text: string) => {
    writeFileSync(file, text);
    await loadData({ ...options, train: [0, 1], validation: [1, 2] }, folder).catch((error) => {
      t.equal(error.code, 'ERR_TABLE');
    });
  };
  const row = (size: number, field: (place: number) => string) =>
    `${Array.from({ length: size }, (_, place) => field(place))}`;
  const rows = (size: number) => '1,a,2\n'.repeat(size);
  for (const [what, size, text] of [
    ['rows', 20_000, (size) => small + rows(size)],
    [
      'columns',
      5_000,
      (size) =>
        `kind,${row(size, (place) => `c${place}`)}\na,${row(size, () => '1')}\nb,${row(size, () => '2')}`,
    ],
    ['digits before a letter', 20_000, (size) => `x,kind\n${'1'.repeat(size)}x,a\n`],
    ['digits', 20_000, (size) => `x,kind\n0.${'1'.repeat(size)},a\n1,b\n`],
    ['a quote that is never closed', 50_000, (size) => `${small}"${rows(size)}`],
    ['quotes', 50_000, (size) => `${small}1,a,"${'""'.repeat(size)}"`],
    ['quoted fields', 20_000, (size) => `x,kind\n${'"1","a"\n"2","b"\n'.repeat(size)}`],
    ['empty lines', 50_000, (size) => small + '\n'.repeat(size)],
    ['one long field', 200_000, (size) => small + 'x'.repeat(size)],
  ] as [string, number, (size: number) => string][]) {
    await growsAsItsInput(t, what, size, text, read);
  }
});

t.test('the memory to read a table grows as its length, compressed or not', async (t) => {
  const folder = t.testdir();
  const peakFor = (rows: number, name: string) => {
    const text = Buffer.from(`x,y,kind\n${'1.25,2.5,a\n1.5,0.125,b\n'.repeat(rows / 2)}`);
    writeFileSync(`${folder}/${name}`, name.endsWith('.gz') ? gzipSync(text) : text);
    const given = { ...options, file: name, train: [0, 2], validation: [2, 4] };
    const peak = peakMemory(`
      import { loadData } from '${root}/src/data/dataset.ts';
      await loadData(${JSON.stringify(given)}, ${JSON.stringify(folder)});`);
    return { peak, mebibytes: text.length / 2 ** 20 };
  };
  for (const name of ['a.csv', 'a.csv.gz']) {
    const [small, large] = [peakFor(200_000, name), peakFor(800_000, name)];
    const times = (large.peak - small.peak) / (large.mebibytes - small.mebibytes);
    t.ok(times < 25, `${name}: ${times.toFixed(1)} bytes for each byte of the text`);
  }
});

t.test('a quote that is never closed in a long file is a fault of its line, not of our stack', async (t) => {
  const rows = '1,a,2\n'.repeat(2_000_000);
  await t.rejects(load(t, `${small}"${rows}`), { code: 'ERR_TABLE', message: /line 6 holds a quote/ });
  await t.rejects(load(t, `${small}"${rows}"x`), { code: 'ERR_TABLE', message: /line 6|within a field/ });
  await t.rejects(load(t, small + 'x'.repeat(1e7)), { code: 'ERR_TABLE', message: /line 6 has 1 fields/ });
});

t.test('each fault is named by its line and column', async (t) => {
  for (const [text, change, message] of [
    [`${small}9,a\n`, {}, /line 6 has 2 fields, but the header has 3/],
    [`${small}9,a,1,2\n`, {}, /line 6 has 4 fields/],
    [`${small}9,a,wide\n`, {}, /line 6, column "wide" must be a number, but is "wide"/],
    [`${small}9,a,\n`, {}, /line 6, column "wide" must be a number, but is empty/],
    [`${small}9,a,0x10\n`, {}, /is "0x10"/],
    [`${small}9,a,NaN\n`, {}, /is "NaN"/],
    [`${small}9,a,1e39\n`, {}, /is "1e39"/],
    [`${small}9,,1\n`, {}, /line 6, column "kind" must be a class, but is empty/],
    [small, { label: 'species' }, /no column "species", only "long", "kind", "wide"/],
    [small, { columns: ['long', 'broad'] }, /no column "broad"/],
    [small, { columns: ['kind'] }, /"kind" cannot be learnt from as well/],
    ['x,x,kind\n1,2,a\n', {}, /the column "x" twice/],
    ['kind\na\nb\n', {}, /0 columns to learn from/],
    ['x,kind\n1,a\n2,a\n', {}, /holds one class, but 2 to 256/],
    [`x,kind\n${Array.from({ length: 257 }, (_, at) => `1,${at}`).join('\n')}`, {}, /holds 257 classes/],
    ['x,kind\n', {}, /a header, but no rows/],
    ['', {}, /it is empty/],
    [small, { columns: ['long', 'long', 'wide'] }, /data.columns names "long" more than once\. Name each/],
    [
      small.replaceAll(',', ';'),
      {},
      /columns are separated by semicolons \(";"\), as line 1 shows, not by commas\. Write data\.separator: ";"/,
    ],
    [small.replaceAll(',', '\t'), {}, /columns are separated by tabs, as line 1 shows/],
    [small.split('\n').slice(1).join('\n').replaceAll(/[abc]/g, '7'), {}, /Put a line of column names above/],
    [
      `${small}9,a,wide\n`,
      {},
      /is "wide"\. Write numbers in this column, name it in data.oneHot if it holds categories, or leave the column out/,
    ],
    [
      `${small}9,a,\n`,
      {},
      /is empty\. Fill in the missing value \(data.missing: mean does so for all\), delete the line, or/,
    ],
    [`${small}9,a,?\n`, {}, /is "\?"\. Fill in the missing value/],
    [`${small}9,a,N/A\n`, {}, /is "N\/A"\. Fill in the missing value/],
    [
      `${small}9,a,"1,5"\n`,
      {},
      /is "1,5"\. Write decimal numbers with a point: 1\.5, or say that they have commas: data\.decimal: ","\./,
    ],
    [
      `${small}9,a,1.5\n`,
      { decimal: ',' },
      /is "1\.5"\. Write decimal numbers with a comma: 1,5, or leave data\.decimal out\./,
    ],
    [`${small}9,a,4.5e38\n`, {}, /is "4\.5e38", and float32 ends at 3.4e38/],
    [`${small}9,a,Infinity\n`, {}, /is "Infinity"\. Write numbers in this column/],
    [`${small}9,a,1,5\n`, {}, /line 6 has 4 fields.* decimal numbers with a point/],
    [
      `${small}9,a,-1e400\n`,
      {},
      /is "-1e400", and float32 ends at 3.4e38\. Write the column in another unit/,
    ],
    [`${small}9,a,1e39\n`, {}, /is "1e39", and float32 ends at 3.4e38\. Write the column in another unit/],
    [
      `${small}9,a,"1\n`,
      {},
      /line 6 holds a quote that is not closed\. Put a field that holds a quote in quotes/,
    ],
    [`${small}9,a,1"\n`, {}, /line 6 holds a quote within a field/],
    [Buffer.from([0x61, 0xff, 0xfe]), {}, /no text in UTF-8/],
  ] as const) {
    await t.rejects(
      load(t, text, change as Partial<DataOptions>),
      { code: 'ERR_TABLE', exitCode: 65, message },
      String(message),
    );
  }
  await t.rejects(load(t, small, { file: 'none.csv' }), {
    code: 'ERR_TABLE',
    message: /there is no such file/,
  });
});

const island = `island,mass,kind
Dream,3,a
Biscoe,5,b
Dream,4,a
Torgersen,7,b
`;

t.test('a column of categories becomes an input for each category that the training rows have', async (t) => {
  const data = await load(t, island, { oneHot: ['island'], scaling: 'standard' } as object);
  t.same(data.encoding, {
    kind: 'table',
    columns: ['island=Biscoe', 'island=Dream', 'mass'],
    fields: [{ name: 'island', categories: ['Biscoe', 'Dream'] }, { name: 'mass' }],
    offsets: [0, 0, 4],
    divisors: [1, 1, 1],
    classes: ['a', 'b'],
  });
  t.same([...data.values], [0, 1, -1, 1, 0, 1, 0, 1, 0, 0, 0, 3], 'ones are not scaled');
  t.same(data.remarks, [
    '1 row of data.validation holds in column "island" what no training row has ("Torgersen"): none of its categories.',
  ]);
});

t.test('categories that are whole numbers are in the order of number', async (t) => {
  const { encoding } = await load(t, 'x,kind\n10,a\n9,b\n9,a\n10,b\n', { oneHot: ['x'] } as object);
  t.match(encoding, { columns: ['x=9', 'x=10'] });
});

t.test('a missing value becomes what the training rows have in the mean, or most often', async (t) => {
  const text = 'x,y,kind\n1,red,a\n3,NA,b\n?,blue,a\n,red,b\n5,,a\n100,blue,b\n100,blue,a\n';
  const ranges = { train: [0, 5], validation: [5, 7] } as const;
  const data = await load(t, text, { ...ranges, oneHot: ['y'], missing: 'mean' } as object);
  t.match(data.encoding, {
    fields: [
      { name: 'x', missing: 3 },
      { name: 'y', categories: ['blue', 'red'], missing: 'red' },
    ],
  });
  t.same([...data.values.slice(0, 15)], [1, 0, 1, 3, 0, 1, 3, 1, 0, 3, 0, 1, 5, 0, 1]);
  const whole = 'x,y,kind\n1,red,a\n3,blue,b\n5,blue,a\n7,red,b\n';
  const same = await load(t, whole, { oneHot: ['y'], missing: 'mean' } as object);
  t.match(
    same.encoding,
    { fields: [{ missing: 2 }, { missing: 'blue' }] },
    'of equally frequent ones the first',
  );
});

t.test('categories and missing values have faults of their own', async (t) => {
  for (const [text, change, code, message] of [
    [island, { oneHot: ['isle'] }, 'ERR_TABLE', /no column "isle"/],
    [island, { oneHot: ['island', 'island'] }, 'ERR_TABLE', /data.oneHot names "island" more than once/],
    [island, { oneHot: ['kind'] }, 'ERR_TABLE', /data.oneHot names "kind", which is not among/],
    [island, { oneHot: ['island'], columns: ['mass'] }, 'ERR_TABLE', /"island", which is not among.*Add it/],
    [`${island},1,a\n`, { oneHot: ['island'] }, 'ERR_TABLE', /line 6, column "island" must be a category/],
    [`${island}Dream,,a\n`, { oneHot: ['island'] }, 'ERR_TABLE', /line 6, column "mass" must be a number/],
    [`${island}Dream,x,a\n`, { oneHot: ['island'], missing: 'mean' }, 'ERR_TABLE', /but is "x"/],
    ['x,kind\n,a\n,b\n1,a\n2,b\n', { missing: 'mean' }, 'ERR_TABLE_EMPTY_COLUMN', /value in column "x"/],
    [
      `x,kind\n${Array.from({ length: 65_536 }, (_, at) => `${at},${at % 2}`).join('\n')}\n0,1\n`,
      { oneHot: ['x'], train: [0, 65_536], validation: [65_536, 65_537] },
      'ERR_TABLE_CATEGORIES',
      /at most 65535 inputs, but become 65536/,
    ],
  ] as const) {
    await t.rejects(load(t, text, change as object), { code, exitCode: 65, message }, String(message));
  }
});

t.test(
  'fields may be apart by semicolons, bars or tabs, by their name or by the ending of the file',
  async (t) => {
    const { hash } = await load(t, small);
    for (const separator of [';', '|', '\t'] as const) {
      const other = await load(t, small.replaceAll(',', separator), { separator } as object);
      t.equal(other.hash, hash, 'equal data, equal hash');
    }
    writeFileSync(`${t.testdirName}/a.TSV`, small.replaceAll(',', '\t'));
    t.equal((await loadData({ ...options, file: 'a.TSV' }, t.testdirName)).hash, hash);
    await t.rejects(load(t, small, { separator: ';' } as object), {
      message: /separated by commas, as line 1 shows, not by semicolons \(";"\)\. Write data.separator: ","/,
    });
  },
);

t.test('numbers may have decimal commas, and a file that mixes them with points is refused', async (t) => {
  const points = 'x,kind\n0.5,a\n-1.25e1,b\n3,c\n';
  const ranges = { train: [0, 2], validation: [2, 3] } as const;
  const { hash, encoding } = await load(t, points, ranges);
  const commas = points.replaceAll(',', ';').replaceAll('.', ',');
  const change = { ...ranges, separator: ';', decimal: ',' } as const;
  t.equal((await load(t, commas, change)).hash, hash, 'equal data, equal hash');
  const targets = { ...change, label: undefined, targets: ['x'], columns: ['y'] } as const;
  await t.rejects(load(t, 'x;y\n0.5;1\n', targets), {
    message: /is "0\.5"\. Write .* a comma: 0,5, or leave/,
  });

  const file = `${t.testdirName}/new.csv`;
  writeFileSync(file, commas);
  t.same([...(await readInputs(file, encoding as TableEncoding, ',')).values], [0.5, -12.5, 3]);
  await t.rejects(readInputs(file, encoding as TableEncoding), {
    message:
      /is "0,5"\. Write decimal numbers with a point: 0\.5, or say that they have commas: --decimal ,\./,
  });
});

t.test('a trained network takes its columns from a file, whatever the separator and the order', async (t) => {
  const { encoding } = await load(t, island, { oneHot: ['island'], missing: 'mean' } as object);
  if (encoding.kind !== 'table') throw new Error('no table');
  const file = `${t.testdirName}/new.csv`;
  writeFileSync(file, 'mass;name;island\n8;x;Dream\n;y;Coats\n9;z;-\n');
  const { values, unseen } = await readInputs(file, encoding);
  t.same([...values], [0, 1, 8, 0, 0, 4, 1, 0, 9]);
  t.same(unseen, [{ row: 1, column: 'island', text: 'Coats' }]);
  const { fields: _, ...plain } = (await load(t, small)).encoding as TableEncoding;
  writeFileSync(file, 'long,wide\n8,\n');
  await t.rejects(readInputs(file, plain), {
    message:
      /line 2, column "wide" must be a number, but is empty\. Fill in the missing value, delete the line\./,
  });
  writeFileSync(file, 'long,deep\n8,1\n');
  await t.rejects(readInputs(file, plain), {
    message: /no column "wide".*columns that the model was trained on/,
  });
  writeFileSync(file, 'long;deep\n8;1\n');
  await t.rejects(readInputs(file, plain), {
    message: /no column "wide", only "long", "deep"\. Give it the columns that the model was trained on\.$/,
  });
});

t.test('rows can be split by shares in place of ranges', async (t) => {
  const rows = Array.from({ length: 20 }, (_, row) => `${row},${row < 4 ? 'a' : 'b'}`);
  const text = `x,kind\n${rows.join('\n')}\n`;
  const split = { validation: 0.25, test: 5, stratified: true, seed: 1 };
  const data = await load(t, text, { split, train: undefined, validation: undefined } as object);
  t.match(data, {
    training: { from: 0, to: 10 },
    validation: { from: 10, to: 15 },
    test: { from: 15, to: 20 },
  });
  t.equal(data.splitRows, 20);
  t.same(
    [...data.values].sort((a, b) => a - b),
    [...rows.keys()],
    'each row once',
  );
  const ofClass = ({ from, to }: { from: number; to: number }) =>
    data.labels.slice(from, to).filter((label) => label === 0).length;
  t.same([data.training, data.validation, data.test as typeof data.training].map(ofClass), [2, 1, 1]);
  const other = await load(t, text, { split: { ...split, seed: 2 } } as object);
  t.notSame([...other.values], [...data.values]);
});

t.test('folds of a table lie in a ring, and scaling is learnt from all of them', async (t) => {
  const text = 'x,kind\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n100,a\n';
  const folds = { folds: 3, train: [0, 6], validation: undefined, test: [6, 7] };
  const data = await load(t, text, folds as object);
  t.same([...data.values], [1, 2, 3, 4, 5, 6, 1, 2, 100]);
  t.match(data, {
    training: { from: 0, to: 4 },
    validation: { from: 4, to: 6 },
    test: { from: 8, to: 9 },
    folds: [
      { training: { from: 0, to: 4 }, validation: { from: 4, to: 6 } },
      { training: { from: 4, to: 8 }, validation: { from: 2, to: 4 } },
      { training: { from: 2, to: 6 }, validation: { from: 0, to: 2 } },
    ],
  });
  const scaled = await load(t, text, { ...folds, scaling: 'min-max' } as object);
  t.match(scaled.encoding, { offsets: [1], divisors: [5] });
  const split = {
    split: { test: 1, stratified: true, seed: 1 },
    folds: 3,
    train: undefined,
    validation: undefined,
  };
  const stratified = await load(t, text, split as object);
  for (const { validation } of stratified.folds ?? [])
    t.same([...stratified.labels.slice(validation.from, validation.to)].sort(), [0, 1], 'one of each class');
});

t.test('arrays of a program are rows too', async (t) => {
  const ranges = { source: 'arrays', scaling: 'min-max', train: [0, 2], validation: [2, 3] } as const;
  const arrays = { inputs: Float32Array.of(1, 2, 3, 4, 5, 6), labels: [0, 2, 1] };
  const data = await loadData(ranges, '.', arrays);
  t.same([...data.values], [0, 0, 1, 1, 2, 2]);
  t.match(data, { classes: 3, encoding: { columns: ['0', '1'], classes: ['0', '1', '2'] } });
  await t.rejects(loadData(ranges, '.'), { code: 'ERR_ARRAYS', exitCode: 2 });
  for (const [change, message] of [
    [{ inputs: [1, 2, 3, 4] }, /as many values for each of the 3 labels.*but hold 4/],
    [{ labels: [] }, /of the 0 labels/],
    [{ inputs: [1, 2, 3, 4, Number.NaN, 6] }, /input 0 of row 2 .* is NaN/],
    [{ labels: [0, 1, 256] }, /label 2 .* 0 to 255, but is 256/],
    [{ labels: [0, 0.5, 1] }, /label 1 .* is 0.5/],
    [{ classes: ['a', 'b'] }, /label 1 .* 0 to 1, but is 2/],
    [{ columns: ['a'] }, /columns must be 2 names/],
    [{ columns: ['a', 'a'] }, /columns names "a" more than once/],
    [{ classes: Array.from({ length: 257 }, String) }, /classes must be 2 to 256 names, but are 257/],
    [{ labels: [0, 0, 0], classes: ['a'] }, /classes must be 2 to 256 names, but are 1/],
  ] as const) {
    await t.rejects(loadData(ranges, '.', { ...arrays, ...change }), {
      code: 'ERR_ARRAYS',
      exitCode: 65,
      message,
    });
  }
});
