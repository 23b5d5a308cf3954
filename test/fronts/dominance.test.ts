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

t.test('by two metrics many points are ranked as the definition says, whatever is equal', async (t) => {
  for (const values of [2, 12, 60, 2 ** 30]) {
    const random = randomStream(3, 'search', values, 0);
    const points = Array.from({ length: 400 }, () => [
      random.below(values) - values / 2,
      random.below(values) / 3,
    ]);
    // Front by front: those whom nobody left dominates.
    const wanted = points.map(() => 0);
    for (let front = 1; wanted.includes(0); front++) {
      const left = [...wanted.keys()].filter((index) => wanted[index] === 0);
      const at = (index: number) => points[index] as number[];
      for (const index of left.filter((one) => !left.some((other) => dominates(at(other), at(one)))))
        wanted[index] = front;
    }
    t.same(nonDominatedRanks(points), wanted, `of ${values} values`);
  }
});

t.test('by two metrics a wide front asks each point about one of it, not about all', async (t) => {
  let reads = 0;
  const count = 4_000;
  const points = Array.from(
    { length: count },
    (_, index) =>
      new Proxy([index, count - index], {
        get: (values, key, self) => {
          if (key === '1') reads++;
          return Reflect.get(values, key, self) as unknown;
        },
      }),
  );
  t.same(new Set(nonDominatedRanks(points)), new Set([1]));
  t.ok(reads < 40 * count, `${reads} reads`);
});

t.test('with one metric the fronts are the ranks of its values', async (t) => {
  t.same(nonDominatedRanks([[3], [1], [2], [1]]), [3, 1, 2, 1]);
});
