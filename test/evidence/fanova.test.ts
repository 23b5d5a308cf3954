import t from 'tap';
import type { Column } from '../../src/evidence/column.ts';
import { fanova } from '../../src/evidence/fanova.ts';
import { randomStream } from '../../src/random.ts';
import { columnsOfStudy, named, studies } from './importance-truth.ts';

for (const study of studies)
  t.test(`${study.name}: within the spread of Optuna's forests`, async (t) => {
    const columns = columnsOfStudy(study);
    // Optuna measures a parameter with a log scale by its bare value.
    const found = named(columns, fanova(columns, study.values, { scale: 'bare' }));
    const { mean, sd } = study.importances.fanova;
    for (const [name, expected] of Object.entries(mean)) {
      const off = Math.abs((found[name] as number) - expected);
      t.ok(off <= 3 * (sd[name] as number) + 0.02, `${name}: ${found[name]} for ${expected}`);
    }
    for (const { name } of columns)
      if (mean[name] === undefined) t.equal(found[name], 0, `${name} does not always apply`);
  });

const count = 400;
const random = randomStream(5, 'search', 0, 0);
const number = (name: string, low = 0, high = 1, scale: 'linear' | 'log' = 'linear'): Column => ({
  ...{ name, kind: 'number', low, high, scale, count: Number.POSITIVE_INFINITY, isWhole: false },
  values: Array.from({ length: count }, () =>
    // Of a log scale, from 0.001 to 1.
    scale === 'log' ? 10 ** (3 * random.uniform() - 3) : low + (high - low) * random.uniform(),
  ),
});
const choice = (name: string, choices: number): Column => ({
  ...{ name, kind: 'choice', count: choices },
  values: Array.from({ length: count }, () => random.below(choices)),
});
const losses = (columns: readonly Column[], loss: (...values: number[]) => number): number[] =>
  Array.from({ length: count }, (_, trial) => loss(...columns.map(({ values }) => values[trial] as number)));

t.test('of a sum each part has the share of its variance', async (t) => {
  // A uniform number has the variance 1/12, a coin 1/4: 1/12, 9 * 1/12 and 3 * 1/4 = 9/12.
  const columns = [number('x'), number('y'), choice('coin', 2), number('nothing')];
  const found = fanova(
    columns,
    losses(columns, (x, y, coin) => (x as number) + 3 * (y as number) + Math.sqrt(3) * (coin as number)),
  );
  for (const [index, share] of [1 / 19, 9 / 19, 9 / 19, 0].entries())
    t.ok(Math.abs((found[index] as number) - share) < 0.05, `${found} for ${share}`);
});

t.test('a parameter with a log scale counts by its logarithm, as it is searched', async (t) => {
  const columns = [number('rate', 0.001, 1, 'log'), number('x')];
  // What matters is whether the rate is below 0.0316, which half of all rates are: but only a thirtieth by the bare value.
  const loss = losses(columns, (rate, x) => ((rate as number) < 0.0316 ? 1 : 0) + (x as number));
  const searched = fanova(columns, loss);
  t.ok((searched[0] as number) > 0.65 && (searched[0] as number) < 0.85, `${searched}`);
  t.ok((fanova(columns, loss, { scale: 'bare' })[0] as number) < 0.4);
});

t.test('the same seed grows the same forest', async (t) => {
  const columns = [number('x'), choice('c', 3)];
  const loss = losses(columns, (x, c) => (x as number) * (c as number));
  t.same(fanova(columns, loss, { seed: 3 }), fanova(columns, loss, { seed: 3 }));
  t.not(fanova(columns, loss, { seed: 3 })[0], fanova(columns, loss, { seed: 4 })[0]);
});

t.test('nothing is important where all losses are equal, or there is nothing to choose', async (t) => {
  const columns = [number('x'), choice('one', 1)];
  t.same(
    fanova(
      columns,
      losses(columns, () => 7),
    ),
    [0, 0],
  );
  t.same(
    fanova(
      [choice('one', 1)],
      losses(columns, (x) => x as number),
    ),
    [0],
  );
});
