import t from 'tap';
import { byFront, lossesOf } from '../../src/fronts/order.ts';

const order = (points: readonly (readonly number[])[]) =>
  byFront([...points.keys()], (index) => points[index] as readonly number[]).map(({ item, front }) => [
    item,
    front,
  ]);

t.test('items come front by front, the ends of a front first and then those that stand alone', async (t) => {
  // On the line x + y = 10: 0 and 3 are its ends, 2 has more room than 1. Number 4 is behind all but the ends.
  t.same(
    order([
      [0, 10],
      [1, 9],
      [5, 5],
      [10, 0],
      [6, 9],
    ]),
    [
      [0, 1],
      [3, 1],
      [2, 1],
      [1, 1],
      [4, 2],
    ],
  );
});

t.test('of equal ones the first given stands first, and huge values are numbers too', async (t) => {
  const most = Number.MAX_VALUE;
  t.same(
    order([
      [most, -most],
      [0, 0],
      [-most, most],
      [0, 0],
    ]).map(([item]) => item),
    [0, 2, 1, 3],
  );
  t.same(order([]), []);
});

t.test('losses are of the metrics that count, each the lower the better', async (t) => {
  const metrics = [
    { position: 2, goal: 'maximise' },
    { position: 0, goal: 'minimise' },
  ] as const;
  t.same(lossesOf(metrics, [1, 2, 3]), [-3, 1]);
});
