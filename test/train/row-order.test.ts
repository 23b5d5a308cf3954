import t from 'tap';
import type { Thread } from '../../src/train/evaluate.ts';
import { drawnOrders, rowOrder } from '../../src/train/row-order.ts';
import type { Training } from '../../src/train/train.ts';
import { planFor, prepare, randomRows } from './in-process.ts';

/** A training on rows 3 to 12, and the order of one of its epochs. */
function setUp(settings: Parameters<typeof planFor>[1] = {}) {
  const data = randomRows();
  const plan = { ...planFor(data, settings), training: { from: 3, to: 13 } };
  const { training, threads } = prepare(data, plan);
  const [thread] = threads as [Thread];
  const orderOf = (epoch: number, on: Partial<Thread> = {}) => [
    ...new Uint32Array(thread.buffer, rowOrder({ ...thread, ...on }, training)(epoch), 10),
  ];
  return { training, orderOf };
}

t.test('an epoch has each training row once, in an order of its own', async (t) => {
  const { orderOf } = setUp();
  t.same(
    orderOf(1).toSorted((a, b) => a - b),
    [3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  );
  t.not(String(orderOf(1)), String(orderOf(2)));
  t.same(setUp({ rowOrder: 'natural' }).orderOf(2), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

t.test('what a thread has drawn before is what it would draw anew', async (t) => {
  const kept = { drawnOrders: drawnOrders() };
  for (const replicate of [0, 1, 0]) {
    const { orderOf } = setUp({ replicate });
    for (const epoch of [1, 2, 1]) t.same(orderOf(epoch, kept), orderOf(epoch));
  }
});

t.test('orders are kept for trainings with the same rows and stream, up to 4 MiB in all', async (t) => {
  const { training } = setUp();
  const kept = drawnOrders();
  const of = (given: Partial<Training>) => kept({ ...training, ...given });
  t.equal(of({}), of({ params: { learningRate: 9, batchSize: 1 } }));
  t.not(of({}), of({ replicate: 1 }));
  t.not(of({}), of({ seed: 2 }));
  t.not(of({}), of({ orderPurpose: 'final row order' }));
  t.not(of({}), of({ training: { from: 0, to: 10 } }));
  t.not(of({}), of({ training: { from: 4, to: 13 } }));
  // 4 bytes a row and 256 of the order itself: four epochs of these fill it to the last byte.
  const rows = { from: 0, to: 2 ** 18 - 64 };
  t.equal(of({ training: { from: 0, to: rows.to + 1 }, epochs: 4 }), undefined);
  t.equal(of({ training: { from: 0, to: 1 }, epochs: 20_000 }), undefined, 'of one row too');
  const before = of({});
  t.equal(of({}), before);
  t.ok(of({ training: rows, epochs: 4 }));
  t.not(of({}), before, 'they make room for others');
});
