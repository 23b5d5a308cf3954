import t from 'tap';
import { dominates, nonDominatedRanks } from '../../src/fronts/dominance.ts';
import { randomStream } from '../../src/random.ts';

t.test('one result dominates another where it is nowhere worse and somewhere better', async (t) => {
  t.ok(dominates([1, 2], [1, 3]));
  t.notOk(dominates([1, 2], [1, 2]), 'equal ones do not');
  t.notOk(dominates([1, 4], [2, 3]));
});

t.test('each point is one front behind the last of those that dominate it', async (t) => {
  for (let round = 0; round < 50; round++) {
    const random = randomStream(2, 'search', round, 0);
    const metrics = 1 + random.below(4);
    const points = Array.from({ length: random.below(40) }, () =>
      Array.from({ length: metrics }, () => random.below(8)),
    );
    const ranks = nonDominatedRanks(points);
    for (const [index, point] of points.entries()) {
      const above = points.flatMap((other, at) => (dominates(other, point) ? [ranks[at] as number] : []));
      t.equal(ranks[index], 1 + Math.max(0, ...above), `round ${round}, point ${index}`);
    }
  }
});

t.test('with one metric the fronts are the ranks of its values', async (t) => {
  t.same(nonDominatedRanks([[3], [1], [2], [1]]), [3, 1, 2, 1]);
});
