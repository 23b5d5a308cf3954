import t from 'tap';
import { sample } from '../../src/dashboard/curves.ts';

t.test('of many curves the best are kept and the others sampled evenly', async (t) => {
  const chosen = sample(
    Array.from({ length: 10_000 }, (_, i) => i),
    40,
    120,
  );
  t.equal(chosen.length, 120);
  t.same(
    chosen.slice(0, 40),
    Array.from({ length: 40 }, (_, i) => i),
  );
  const steps = chosen.slice(40).map((item, i, others) => item - (others[i - 1] ?? item - 124));
  t.ok(Math.min(...steps) >= 124 && Math.max(...steps) <= 125);
  t.same(sample([1, 2, 3], 1, 3), [1, 2, 3]);
});
