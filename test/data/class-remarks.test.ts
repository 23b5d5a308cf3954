import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadData } from '../../src/data/dataset.ts';

/** A table whose rows are of these classes, in this order. */
function table(t: Test, classes: readonly string[]): string {
  const rows = classes.map((name, index) => `${index},${name}\n`);
  return join(t.testdir({ 'rows.csv': `x,kind\n${rows.join('')}` }), 'rows.csv');
}

const sorted = [...'aaaa', ...'bbbb', ...'cccc'];

t.test('classes that only the rows to measure on have are told', async (t) => {
  const file = table(t, sorted);
  const remarks = async (ranges: object) =>
    (await loadData({ source: 'csv', file, label: 'kind', scaling: 'standard', ...ranges } as never)).remarks;
  t.match(await remarks({ train: [0, 8], validation: [8, 12] }), [
    /^No row to train on is of class "c", but .*data\.shuffle/,
  ]);
  t.match(await remarks({ train: [0, 4], validation: [4, 5], test: [5, 12] }), [/class "b", "c", but/]);
  t.match(await remarks({ train: [0, 12], folds: 3 }), [
    /^In a fold no row to train on is of class "a", "b", "c", but/,
  ]);
  // Here each fold lacks a part of a class, and none lacks a class.
  t.same(await remarks({ train: [0, 12], folds: 12 }), []);
  t.same(await remarks({ train: [0, 12], folds: 3, shuffle: 2 }), []);
  t.same(await remarks({ train: [2, 10], validation: [0, 2] }), []);
});

t.test('of many such classes the first five are named', async (t) => {
  const file = table(t, ['a', ...'bcdefgh']);
  const { remarks } = await loadData({
    ...{ source: 'csv', file, label: 'kind', scaling: 'standard' },
    ...{ train: [0, 1], validation: [1, 8] },
  } as never);
  t.match(remarks, [/is of class "b", "c", "d", "e", "f" and 2 more, but/]);
});
