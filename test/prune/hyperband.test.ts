import t from 'tap';
import { bracketAssignment, bracketSizes, hyperband } from '../../src/prune/hyperband.ts';
import { rungsInOrder } from '../../src/prune/rungs-in-order.ts';
import { prunerContract } from '../contracts/pruner-contract.ts';

const options = { minResource: 1, maxResource: 81, reductionFactor: 3, startupTrials: 0 };
prunerContract(t, hyperband(options));

t.test('after each round of trials every bracket has had exactly its share', async (t) => {
  for (const sizes of [bracketSizes(1, 81, 3), bracketSizes(1, 16, 2), bracketSizes(5, 5, 4), [1, 1]]) {
    const round = sizes.reduce((sum, size) => sum + size, 0);
    const bracketOf = bracketAssignment(sizes);
    for (const start of [1, round + 1]) {
      const given = sizes.map(() => 0);
      for (let number = start; number < start + round; number++) {
        const bracket = bracketOf(number);
        given[bracket] = (given[bracket] as number) + 1;
      }
      t.same(given, sizes);
    }
  }
});

t.test('a part of a round is mixed as well: each bracket is within 2 of its share', async (t) => {
  const sizes = bracketSizes(1, 81, 3);
  const bracketOf = bracketAssignment(sizes);
  const given = sizes.map(() => 0);
  for (let number = 1; number <= 143; number++) {
    const bracket = bracketOf(number);
    given[bracket] = (given[bracket] as number) + 1;
    for (const [at, size] of sizes.entries())
      t.ok(Math.abs((given[at] as number) - (number * size) / 143) < 2, `${number}: ${given}`);
  }
});

t.test('a trial competes within its bracket, from the rung of its bracket on', async (t) => {
  const pruner = { ...hyperband(options), bracketOf: (number: number) => (number - 1) % 2 };
  const rungs = rungsInOrder(pruner);
  t.same(
    rungs.report(2, 3, 0.9),
    [{ number: 2, rung: 1, verdict: 'go on' }],
    'trial 1 is in another bracket',
  );
  t.equal(rungs.nextStep(2), 9);
  t.equal(rungs.nextStep(1), 1);
  t.same(rungs.report(4, 3, 0.95), [{ number: 4, rung: 1, verdict: 'prune' }]);
});
