import t from 'tap';
import type { Column } from '../../src/evidence/column.ts';
import { growTree } from '../../src/evidence/forest.ts';
import { randomStream } from '../../src/random.ts';

/** Enough for each sample to hold every value. */
const trials = 200;
const cycle = (count: number) => Array.from({ length: trials }, (_, trial) => trial % count);
const grown = (column: Column, target: (value: number) => number) =>
  growTree([column], column.values.map(target), randomStream(1, 'search', 0, 0))
    .map(({ box, value }) => ({ side: box[0], value }))
    .sort((a, b) => a.value - b.value);

t.test('a number is split half way between the two values that differ', async (t) => {
  const column: Column = {
    ...{ name: 'x', kind: 'number', low: 0, high: 4, scale: 'linear', count: 5, isWhole: true },
    values: cycle(2).map((value) => 1 + value),
  };
  t.same(
    grown(column, (value) => value),
    [
      { side: { kind: 'number', low: 0, high: 1.5 }, value: 1 },
      { side: { kind: 'number', low: 1.5, high: 4 }, value: 2 },
    ],
  );
});

t.test('of a choice one value is split from all others, wherever it stands', async (t) => {
  for (const special of [0, 1, 2, 3]) {
    const column: Column = { name: 'x', kind: 'choice', count: 4, values: cycle(4) };
    t.same(
      grown(column, (value) => (value === special ? 1 : 0)),
      [
        { side: { kind: 'choice', choices: [0, 1, 2, 3].filter((one) => one !== special) }, value: 0 },
        { side: { kind: 'choice', choices: [special] }, value: 1 },
      ],
    );
  }
});

t.test('targets that differ by rounding alone are one, and so are values', async (t) => {
  const [one, other] = [0.1 + 0.2, 0.3];
  for (const sign of [1, -1]) {
    const column: Column = {
      ...{ name: 'x', kind: 'number', low: -2, high: 2, scale: 'linear', count: 5, isWhole: false },
      values: cycle(2).map((value) => sign * value),
    };
    t.equal(grown(column, (value) => sign * (value === 0 ? one : other)).length, 1, `targets, ${sign}`);
    const near = { ...column, values: cycle(2).map((value) => sign * (1 + 1e-12 * value)) };
    t.equal(grown(near, (value) => Math.abs(value) - 1).length, 1, `values, ${sign}`);
  }
});
