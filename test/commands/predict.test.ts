import { writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { writeModelFile } from '../../src/model/model-file.ts';
import { safetensorsOf } from '../../src/model/safetensors.ts';
import type { TableEncoding } from '../../src/train/encoding.ts';
import { predict } from '../../src/train/predict.ts';
import { weightsSha256 } from '../../src/train/weights-hash.ts';
import { flowers, penguins, sampleModel } from '../export/sample-models.ts';
import { greyPng } from '../fixtures/png.ts';
import { idxBytes, writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { typed } from './command-line.ts';

const model = sampleModel([64, 5, 3], { kind: 'pictures', rows: 8, columns: 8, pixels: '0-1' });

/** The test's folder with a model of 8 x 8 pixels. */
function folderOf(t: Test): string {
  const folder = t.testdir();
  writeModelFile(`${folder}/model.json`, model);
  return folder;
}

t.test('rows of an IDX file are predicted in the order asked for', async (t) => {
  const folder = folderOf(t);
  const { train } = writeTinyIdx(folder);
  const file = `${folder}/train-images-idx3-ubyte`;
  const { exitCode: code, out } = await typed(
    ...['predict', file, '--rows', '7,0..2', '--model', `${folder}/model.json`, '--format', 'json'],
  );
  t.equal(code, 0);
  const expected = [7, 0, 1, 2].map((row) => {
    const [prediction] = predict(model, train.pixels.subarray(64 * row, 64 * (row + 1)));
    return { source: file, row, class: prediction?.name, outputs: [...(prediction?.outputs ?? [])] };
  });
  t.same(JSON.parse(out), expected);
});

t.test('a picture of just the right size is predicted as the row that it is', async (t) => {
  const folder = folderOf(t);
  const { train } = writeTinyIdx(folder);
  const pixels = train.pixels.subarray(0, 64);
  writeFileSync(`${folder}/one.png`, greyPng(8, 8, pixels));
  writeFileSync(`${folder}/model.safetensors`, safetensorsOf(model));
  for (const name of ['model.json', 'model.safetensors']) {
    const { out } = await typed(
      'predict',
      `${folder}/one.png`,
      '--model',
      `${folder}/${name}`,
      '--format',
      'json',
    );
    const [prediction] = predict(model, pixels);
    t.match(JSON.parse(out), [
      { row: null, class: prediction?.name, outputs: [...(prediction?.outputs ?? [])] },
    ]);
  }
});

t.test('a picture is told by its name, also where it is the only one', async (t) => {
  const folder = folderOf(t);
  writeFileSync(`${folder}/one.png`, greyPng(8, 8, writeTinyIdx(folder).train.pixels.subarray(0, 64)));
  const { out } = await typed('predict', `${folder}/one.png`, '--model', `${folder}/model.json`);
  t.match(out, /│ file +│ class/);
});

t.test('several pictures of any size make a table of classes and outputs', async (t) => {
  const folder = folderOf(t);
  const page = (width: number, height: number) =>
    greyPng(
      width,
      height,
      Uint8Array.from({ length: width * height }, (_, at) => (at % 7 === 3 ? 0 : 255)),
    );
  writeFileSync(`${folder}/a.png`, page(100, 40));
  writeFileSync(`${folder}/b.png`, page(3, 300));
  const files = [`${folder}/a.png`, `${folder}/b.png`];
  const { exitCode: code, out } = await typed(
    'predict',
    ...files,
    '--model',
    `${folder}/model.json`,
    '--format',
    'csv',
  );
  t.equal(code, 0);
  const [head, ...lines] = out.trimEnd().split('\r\n');
  t.equal(head, 'source,row,class,output 0,output 1,output 2');
  t.same(
    lines.map((line) => line.split(',')[0]),
    files,
  );
});

t.test('rows of a CSV file are predicted by the names of their columns', async (t) => {
  const folder = folderOf(t);
  const table = sampleModel([3, 2], flowers);
  writeModelFile(`${folder}/table.json`, table);
  writeFileSync(`${folder}/rows.csv`, 'note,weight,length,width\na,0.5,100000,-2\nb,-1,99999.5,4\n');
  const { out } = await typed(
    ...['predict', `${folder}/rows.csv`, '--model', `${folder}/table.json`, '--format', 'json'],
  );
  const expected = predict(table, [100_000, -2, 0.5, 99_999.5, 4, -1]).map(({ name, outputs }, row) => {
    return { source: `${folder}/rows.csv`, row, class: name, outputs: [...outputs] };
  });
  t.same(JSON.parse(out), expected);
});

t.test('of rows of one file a person sees no column of its name, and a program does', async (t) => {
  const rows = 'mass\tisland\n3000\tDream\n4000\tBiscoe\n';
  const folder = t.testdir({ 'a.tsv': rows, 'b.tsv': rows });
  writeModelFile(`${folder}/model.json`, sampleModel([3, 2], penguins));
  const table = async (names: readonly string[], ...words: string[]) => {
    const files = names.map((name) => `${folder}/${name}`);
    return (await typed('predict', ...files, '--model', `${folder}/model.json`, ...words)).out;
  };
  t.match(await table(['a.tsv']), /^┌─+┬[^│]+│ row │ class/);
  t.match(await table(['a.tsv'], '--format', 'csv'), /^source,row,/);
  t.match(await table(['a.tsv', 'b.tsv']), /│ file +│ row │/);
});

t.test('a number that cannot be scaled is named with the row of its file', async (t) => {
  const folder = folderOf(t);
  const columns = ['length', 'width', 'weight'];
  const narrow = { ...flowers, columns, offsets: [0, 0, 0], divisors: [1e-300, 1, 1] } as TableEncoding;
  writeModelFile(`${folder}/table.json`, sampleModel([3, 2], narrow));
  writeFileSync(`${folder}/rows.csv`, `${columns}\n${'0,1,2\n'.repeat(150)}3e38,1,2\n`);
  const argv = ['predict', `${folder}/rows.csv`, '--model', `${folder}/table.json`];
  for (const more of [[], ['--rows', '1,150']]) {
    const { exitCode, err, out } = await typed(...argv, ...more);
    t.equal(exitCode, 65);
    t.match(err, `row 150 of "${folder}/rows.csv" (counted from 0) has 3e+38 in column "length"`);
    t.equal(out, '');
  }
  t.equal((await typed(...argv, '--rows', '0..149')).exitCode, 0);
});

t.test('a row that the network makes no finite numbers of is named with its file', async (t) => {
  const folder = folderOf(t);
  const table = sampleModel([3, 2], flowers, { activation: 'sigmoid', output: 'softmax' });
  const parameters = table.weights.parameters.map((weight, at) => (at === 0 ? 3e38 : weight));
  const weights = { ...table.weights, parameters, sha256: weightsSha256(parameters) };
  writeModelFile(`${folder}/table.json`, { ...table, weights });
  writeFileSync(`${folder}/rows.csv`, 'length,width,weight\n100000,1,2\n5e29,1,2\n');
  const { exitCode, err, out } = await typed(
    ...['predict', `${folder}/rows.csv`, '--model', `${folder}/table.json`],
  );
  t.equal(exitCode, 65);
  t.match(err, `not all of row 1 of "${folder}/rows.csv" (counted from 0) are`);
  t.equal(out, '');
});

t.test('what cannot be predicted is refused, and nothing is printed', async (t) => {
  const folder = folderOf(t);
  writeTinyIdx(folder);
  writeModelFile(`${folder}/table.json`, sampleModel([3, 2], flowers));
  writeFileSync(`${folder}/rows.csv`, 'weight,length,width\n1,2,3\n4,5,6\n');
  writeFileSync(`${folder}/good.png`, greyPng(8, 8, new Uint8Array(64)));
  writeFileSync(`${folder}/blank.png`, greyPng(9, 9, new Uint8Array(81)));
  writeFileSync(`${folder}/other.idx`, idxBytes(0x803, [1, 5, 5], new Uint8Array(25)));
  const idx = `${folder}/train-images-idx3-ubyte`;
  for (const [argv, code, message] of [
    [[`${folder}/good.png`, `${folder}/blank.png`], 65, /blank.png" cannot be read: it is blank/],
    [[`${folder}/rows.csv`], 65, /model was fed pictures, no columns.*--model/s],
    [[idx], 65, /is no PNG file.*with --rows files in the IDX format/],
    [[`${folder}/good.png`, '--rows', '0'], 65, /must begin with 0x00000803/],
    [[idx, '--rows', '120'], 2, /from 0 to 119 .* but got 120/],
    [[idx, '--rows', '3..1'], 2, /--rows must be numbers/],
    [[idx, '--rows', '1,,2'], 2, /--rows must be numbers/],
    [[idx, '--rows', '0..999999999'], 2, /at most 100000/],
    [[`${folder}/other.idx`, '--rows', '0'], 65, /pictures of 8 x 8 pixels, .* but holds 5 x 5/],
    [[`${folder}/good.png`, '--model', `${folder}/table.json`], 65, /it is no text in UTF-8/],
    [[`${folder}/rows.csv`, '--model', `${folder}/table.json`, '--rows', '2'], 2, /from 0 to 1 .* but got 2/],
    [[`${folder}/good.png`, '--model', `${folder}/none.json`], 65, /There is no model/],
  ] as const) {
    const withModel = argv.includes('--model' as never) ? argv : [...argv, '--model', `${folder}/model.json`];
    const answer = await typed('predict', ...withModel);
    t.equal(answer.exitCode, code, argv.join(' '));
    t.match(answer.err, message);
    t.equal(answer.out, '');
  }
});

t.test('a category that no training row has is said, and the row predicted', async (t) => {
  const folder = t.testdir({ 'a.tsv': 'mass\tisland\n3000\tDream\n-\tCoats\n4000\tBiscoe\n' });
  const table = sampleModel([3, 2], penguins);
  writeModelFile(`${folder}/model.json`, table);
  const command = ['predict', `${folder}/a.tsv`, '--model', `${folder}/model.json`, '--format', 'json'];
  const { exitCode: code, out, err } = await typed(...command);
  t.equal(code, 0);
  const expected = predict(table, [0, 1, 3000, 0, 0, 4200.5, 1, 0, 4000]);
  t.same(
    JSON.parse(out).map(({ outputs }: { outputs: number[] }) => outputs),
    expected.map(({ outputs }) => [...outputs]),
  );
  t.match(err, /1 row of ".*a.tsv" holds in column "island" what no training row has \("Coats"\)/);
  t.equal((await typed(...command, '--rows', '0,2')).err, '', 'of the rows that are predicted');
});
