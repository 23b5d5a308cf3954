import t from 'tap';
import { goodCount, rankWeight, split } from '../../src/search/good-trials.ts';
import type { SeenTrial } from '../../src/search/searcher.ts';
import { tpeDefaults } from '../../src/search/tpe.ts';
import { fixture } from './fixtures.ts';

t.test("as many trials count as good as for Optuna's default", async (t) => {
  const expected: Record<string, number> = fixture('tpe-step').gamma;
  for (const [n, count] of Object.entries(expected))
    t.equal(goodCount(Number(n), tpeDefaults.gamma), count, n);
});

t.test('good trials count by their rank, all together as much as alike', async (t) => {
  const weights = [0, 1, 2, 3].map((rank) => rankWeight(rank, 4));
  t.same(weights, [1.6, 1.2, 0.8, 0.4]);
  const trials = [3, 1, 2, 5, 4].map(
    (value): SeenTrial => ({ params: {}, replicate: 0, state: 'done', result: { step: 1, values: [value] } }),
  );
  t.match(split(trials, [{ goal: 'minimise' }], 0.5), { good: [0, 1, 2], ranks: [2, 0, 1], others: [3, 4] });
});
