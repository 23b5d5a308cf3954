import { writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { type DataOptions, loadData } from '../../src/data/dataset.ts';
import { packData, unpackData } from '../../src/queue/travelling-data.ts';

const options = {
  ...{ source: 'csv', file: 'a.csv', targets: ['price'], scaling: 'none' },
  ...{ train: [0, 2], validation: [2, 4] },
} as const;

const small = `size,kind,price,age
1,b,10,5
3,a,30,7
5,b,20,1
7,c,2e1,0
`;

async function load(t: Test, text: string, change: object = {}) {
  writeFileSync(`${t.testdir()}/a.csv`, text);
  return loadData({ ...options, ...change } as unknown as DataOptions, t.testdirName);
}

t.test('columns of numbers are learnt, scaled by the mean and deviation of the training rows', async (t) => {
  const data = await load(t, small, { oneHot: ['kind'] });
  t.same(data.encoding, {
    kind: 'table',
    columns: ['size', 'kind=a', 'kind=b', 'age'],
    fields: [{ name: 'size' }, { name: 'kind', categories: ['a', 'b'] }, { name: 'age' }],
    ...{ offsets: [0, 0, 0, 0], divisors: [1, 1, 1, 1] },
    targets: [{ name: 'price', offset: 20, divisor: 10 }],
  });
  t.same([...(data.targets ?? [])], [-1, 1, 0, 0]);
  t.equal(data.classes, 0);
});

t.test('several targets keep the order in which they are named, and may stay as they are', async (t) => {
  const data = await load(t, small, { targets: ['age', 'price'], columns: ['size'], targetScaling: 'none' });
  t.same([...(data.targets ?? [])], [5, 10, 7, 30, 1, 20, 0, 20]);
});

t.test('other targets are other data, and equal ones equal data, wherever they lie', async (t) => {
  const hash = async (text: string) => (await load(t, text, { columns: ['size'] })).hash;
  const first = await hash(small);
  t.equal(await hash(small.replace('a.csv', 'b.csv')), first);
  t.not(await hash(small.replace('5,b,20', '5,b,21')), first);
});

t.test('folds and splits carry their targets along', async (t) => {
  const text = `size,price\n${Array.from({ length: 20 }, (_, row) => `${row},${row}`).join('\n')}\n`;
  const rows = { train: undefined, validation: undefined, folds: 4, targetScaling: 'none' };
  const data = await load(t, text, { ...rows, split: { test: 0.2, stratified: false, seed: 3 } });
  t.same([...(data.targets ?? [])], [...data.values]);
  t.equal(data.folds?.length, 4);
});

t.test('what is no number to learn is refused with its place', async (t) => {
  for (const [text, change, message] of [
    [
      small.replace('3,a,30', '3,a,'),
      {},
      /line 3, column "price" must be a number, but is empty\. Fill in the value that is to be learnt, or delete the line\./,
    ],
    [
      small,
      { targets: ['kind'] },
      /line 2, column "kind" must be a number, but is "b"\. Write numbers in a column of data\.targets/,
    ],
    [
      'price,size\n1,2\n1e400,3\n',
      { targets: ['price'] },
      /column "price" must be a number, but is "1e400", and float32 ends at 3\.4e38\. Write the column in another unit/,
    ],
    [small, { targets: ['cost'] }, /it has no column "cost"/],
    [small, { columns: ['size', 'price'] }, /the target's column "price" cannot be learnt from as well/],
    [small, { targets: ['age', 'age'], columns: ['size'] }, /data\.targets names "age" more than once/],
  ] as const) {
    await t.rejects(load(t, text, { columns: ['size'], ...change }), { code: 'ERR_TABLE', message });
  }
});

t.test('a program may bring numbers in place of labels', async (t) => {
  const arrays = { source: 'arrays', scaling: 'none', train: [0, 2], validation: [2, 3] } as const;
  const load = (given: object) => loadData(arrays, undefined, { inputs: [1, 2, 3], ...given });
  const data = await load({ targets: [1, 3, 4] });
  t.same([...(data.targets ?? [])], [-1, 1, 2]);
  t.match(data.encoding, { targets: [{ name: 'target', offset: 2, divisor: 1 }] });
  const two = await load({ targets: [1, 9, 2, 8, 3, 7], targetNames: ['up', 'down'] });
  t.equal(two.targets?.length, 6);
  for (const [given, message] of [
    [{}, /labels \(classes\) or targets \(numbers\) must be given, but neither are/],
    [{ labels: [0, 1, 0], targets: [1, 2, 3] }, /but both are/],
    [
      { targets: [[1], [2], [3]] },
      /targets must be numbers, one row after the other, .* give targets\.flat\(\)/,
    ],
    [{ inputs: [[1], [2], [3]], targets: [1, 2, 3] }, /inputs must be numbers, .* give inputs\.flat\(\)/],
    [{ targets: [1, 2, Number.NaN] }, /target "target" of row 2 must be a finite float32 number, but is NaN/],
    [{ targets: [1, 2, 3], targetNames: ['a', 'b'] }, /targets must hold a number of each/],
  ] as const) {
    await t.rejects(load(given), { code: 'ERR_ARRAYS', message });
  }
});

t.test('rows with targets travel to other machines as they are', async (t) => {
  const data = await load(t, small, { columns: ['size', 'age'] });
  const bytes = packData(data);
  const { remarks: _, splitRows: __, ...whole } = data;
  t.same(unpackData(bytes), whole);
  t.equal(unpackData(bytes.subarray(0, -4)), undefined);
});
