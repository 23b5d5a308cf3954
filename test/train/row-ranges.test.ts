import t from 'tap';
import { rangeFaults } from '../../src/train/row-ranges.ts';

const good = { train: [0, 3_000], validation: [50_000, 60_000], test: [0, 10_000] } as const;

t.test("the paper's ranges have no fault", async (t) => {
  t.same(rangeFaults(good), []);
  t.same(rangeFaults(good, { train: 60_000, test: 10_000 }), []);
});

t.test('test rows are of another file and may have the same numbers', async (t) => {
  t.same(rangeFaults({ train: [0, 10], validation: [10, 20], test: [0, 20] }), []);
});

for (const range of [
  [5, 5],
  [6, 5],
  [-1, 5],
  [0, 1.5],
  [0, Number.NaN],
  [0, Number.POSITIVE_INFINITY],
] as const) {
  t.test(`[${range}] is no range`, async (t) => {
    const message = `data.test must be whole numbers [from, to] with 0 <= from < to, but got [${range.join(', ')}].`;
    t.same(rangeFaults({ ...good, test: range }), [{ field: 'test', message }]);
  });
}

t.test('overlapping ranges are told with the rows they share', async (t) => {
  t.same(rangeFaults({ train: [0, 100], validation: [90, 200] }), [
    {
      field: 'validation',
      message:
        'data.validation must not share rows with data.train [0, 100], but got [90, 200]: rows 90 to 99 would both train and validate.',
    },
  ]);
  t.equal(rangeFaults({ train: [90, 200], validation: [0, 91] }).length, 1, 'the other way round');
  t.equal(rangeFaults({ train: [0, 100], validation: [20, 30] }).length, 1, 'one inside the other');
  t.equal(rangeFaults({ train: [0, 100], validation: [100, 200] }).length, 0, 'neighbours share nothing');
});

t.test('every range beyond its file is told at once, with the rows there are', async (t) => {
  const faults = rangeFaults(good, { train: 59_999, test: 9_999 });
  t.same(
    faults.map(({ field }) => field),
    ['validation', 'test'],
  );
  t.match(faults[0]?.message, '<= 59999 (the rows of the training file), but got [50000, 60000]');
  t.match(faults[1]?.message, '<= 9999 (the rows of the test file), but got [0, 10000]');
});
