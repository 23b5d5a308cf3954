import t from 'tap';
import { loadData } from '../../src/data/dataset.ts';
import { type Fold, foldOrder, ringOf } from '../../src/data/folds.ts';
import { randomStream } from '../../src/random.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';

/** Which of the first `rows` rows lie in a range of the ring. */
const within = ({ from, to }: Fold['training'], rows: number) =>
  Array.from({ length: to - from }, (_, at) => (from + at) % rows).sort((a, b) => a - b);

t.test('each row validates in one fold and trains in all others', async (t) => {
  for (const [rows, count] of [
    [10, 2],
    [10, 3],
    [11, 5],
    [5, 5],
    [150, 7],
  ] as const) {
    const { folds, copies } = ringOf(rows, count);
    const all = Array.from({ length: rows }, (_, row) => row);
    const validated = folds.flatMap(({ validation }) => within(validation, rows));
    t.same(
      validated.sort((a, b) => a - b),
      all,
      `${rows} rows in ${count} folds`,
    );
    for (const { training, validation } of folds) {
      t.same(
        [...within(training, rows), ...within(validation, rows)].sort((a, b) => a - b),
        all,
      );
      t.ok(training.to <= rows + copies && validation.to <= rows, 'all of it lies in the ring');
    }
    const [first] = folds as [Fold];
    t.equal(first.training.from, 0);
    t.equal(first.training.to, first.validation.from, 'the first fold lies as rows without folds do');
    t.equal(first.validation.to, rows);
    const sizes = folds.map(({ validation }) => validation.to - validation.from);
    t.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
  }
});

t.test('more folds than rows are refused', async (t) => {
  t.throws(() => ringOf(4, 5), { code: 'ERR_DATA_FOLDS', exitCode: 65, message: /at most .* 4, but is 5/ });
});

t.test('stratified, each fold has its share of every group, to within one row', async (t) => {
  const random = randomStream(1, 'search', 0, 0);
  for (let round = 0; round < 100; round++) {
    const count = 2 + random.below(6);
    const rows = count + random.below(100);
    const groups = Array.from({ length: rows }, () => random.below(4));
    const drawn = Uint32Array.from({ length: rows }, (_, row) => rows - 1 - row);
    const order = foldOrder(drawn, (row) => groups[row] as number, count);
    t.same(
      [...order].sort((a, b) => a - b),
      [...groups.keys()],
      'each row once',
    );
    const shares = ringOf(rows, count).folds.map(({ validation: { from, to } }) =>
      [0, 1, 2, 3].map((group) => order.slice(from, to).filter((row) => groups[row] === group).length),
    );
    const isFair = [0, 1, 2, 3].every((group) => {
      const counts = shares.map((share) => share[group] as number);
      return Math.max(...counts) - Math.min(...counts) <= 1;
    });
    t.ok(isFair, `${rows} rows in ${count} folds`);
  }
});

t.test('pictures have folds too, and other folds are other data', async (t) => {
  const folder = t.testdir();
  writeTinyIdx(folder);
  const options = { source: 'idx', folder, pixels: '0-1', train: [10, 70] } as const;
  const whole = await loadData({ ...options, validation: [70, 80] });
  const { values, inputs, labels, folds = [], hash } = await loadData({ ...options, folds: 3 });
  t.equal(labels.length, 60 + 20);
  t.same(values.subarray(0, 60 * inputs), whole.values.subarray(0, 60 * inputs));
  t.same(values.subarray(60 * inputs), whole.values.subarray(0, 20 * inputs), 'the first rows once more');
  t.same(
    folds.map(({ validation }) => validation.from),
    [40, 20, 0],
  );
  t.not((await loadData({ ...options, folds: 4 })).hash, hash);
});
