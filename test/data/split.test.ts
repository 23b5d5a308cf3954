import t from 'tap';
import { partsOf, splitOrder } from '../../src/data/split.ts';
import { randomStream } from '../../src/random.ts';

const countsOf = (labels: Uint8Array, rows: Uint32Array) => {
  const counts = new Array<number>(256).fill(0);
  for (const row of rows) {
    const label = labels[row] as number;
    counts[label] = (counts[label] as number) + 1;
  }
  return counts;
};

t.test('shares are rounded to whole rows, numbers are taken as they are', async (t) => {
  t.same(partsOf({ validation: 0.2, test: 0.1, stratified: false, seed: 1 }, 569), {
    train: 398,
    validation: 114,
    test: 57,
  });
  t.same(partsOf({ validation: 100, stratified: false, seed: 1 }, 569), {
    train: 469,
    validation: 100,
    test: 0,
  });
  t.match(partsOf({ validation: 0.001, stratified: false, seed: 1 }, 50), { validation: 1 }, 'never none');
});

t.test('the same seed draws the same rows, another one others', async (t) => {
  const labels = new Uint8Array(30);
  const split = { validation: 0.2, test: 0.2, stratified: false, seed: 7 };
  t.same(splitOrder(split, labels), splitOrder(split, labels));
  t.notSame(splitOrder({ ...split, seed: 8 }, labels), splitOrder(split, labels));
  // Recorded bits: they must never change.
  t.same([...splitOrder(split, labels).slice(-6)], [13, 3, 24, 14, 29, 0]);
});

t.test('stratified, each class has its share of every part to within one row', async (t) => {
  const random = randomStream(1, 'search', 0, 0);
  for (let round = 0; round < 200; round++) {
    const rows = 10 + random.below(200);
    const classes = 2 + random.below(8);
    const labels = Uint8Array.from({ length: rows }, () =>
      Math.min(random.below(classes), random.below(classes)),
    );
    const split = { validation: 0.3, test: 1 + random.below(4), stratified: true, seed: round };
    const parts = partsOf(split, rows);
    const order = splitOrder(split, labels);
    t.same(
      [...order].sort((a, b) => a - b),
      [...labels.keys()],
      'each row once',
    );
    const all = countsOf(labels, order);
    const test = countsOf(labels, order.subarray(parts.train + parts.validation));
    const validation = countsOf(labels, order.subarray(parts.train, parts.train + parts.validation));
    const isFair = all.every((count, label) => {
      const [tested, left] = [test[label] as number, count - (test[label] as number)];
      return (
        Math.abs(tested - (parts.test * count) / rows) < 1 &&
        Math.abs((validation[label] as number) - (parts.validation * left) / (rows - parts.test)) < 1
      );
    });
    t.ok(isFair, `${rows} rows of ${classes} classes`);
  }
});

t.test('a split that leaves nothing to train on, or is of other rows, is refused', async (t) => {
  const split = { validation: 0.5, test: 5, stratified: false, seed: 1 };
  t.throws(() => splitOrder(split, new Uint8Array(10)), {
    code: 'ERR_DATA_SPLIT',
    exitCode: 65,
    message: /at least one of the 10 rows to train on, but takes 5 to validate and 5 to test/,
  });
  t.throws(() => splitOrder({ ...split, rows: 12 }, new Uint8Array(11)), {
    code: 'ERR_DATA_SPLIT',
    message: /must be the number of rows, 11, but is 12/,
  });
});

t.test('of classes with equal remainders the first one has the row that is left', async (t) => {
  const labels = Uint8Array.of(1, 1, 0, 0, 1, 0);
  const order = splitOrder({ test: 1, stratified: true, seed: 1 }, labels);
  t.equal(labels[order.at(-1) as number], 0);
});
