import t from 'tap';
import { expectedBest } from '../../src/evidence/expected-best.ts';

/** All orders of some values. */
function* ordersOf(values: readonly number[]): Generator<readonly number[]> {
  if (values.length === 0) yield [];
  for (const [index, first] of values.entries())
    for (const rest of ordersOf(values.toSpliced(index, 1))) yield [first, ...rest];
}

t.test('the expectation is the mean over every order of the trials', async (t) => {
  const losses = [3, -1, 4, 1.5, 9, 1.5];
  const orders = [...ordersOf(losses)];
  const counts = losses.map((_, index) => index + 1);
  for (const [index, expected] of expectedBest(losses, counts).entries()) {
    const best = orders.map((order) => Math.min(...order.slice(0, index + 1)));
    const mean = best.reduce((sum, one) => sum + one, 0) / orders.length;
    t.ok(Math.abs(expected - mean) < 1e-12, `${index + 1}: ${expected} and ${mean}`);
  }
});

t.test('of one trial it is that trial, and of all trials the best', async (t) => {
  t.same(expectedBest([7], [1]), [7]);
  const many = Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 10_007);
  const [one, all] = expectedBest(many, [1, many.length]);
  t.ok(Math.abs((one ?? 0) - many.reduce((sum, loss) => sum + loss, 0) / many.length) < 1e-6);
  t.equal(all, Math.min(...many));
});
