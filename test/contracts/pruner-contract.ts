/** What every pruner must keep to, whomever it prunes. */
import type { Test } from 'tap';
import type { Pruner } from '../../src/prune/pruner.ts';
import { randomStream } from '../../src/random.ts';

const losses = (count: number, seed: number): number[] => {
  const random = randomStream(seed, 'search', count, 0);
  return Array.from({ length: count }, () => random.uniform()).sort((a, b) => a - b);
};

/** Holds a pruner to the promise of prune/pruner.ts. */
export function prunerContract(t: Test, pruner: Pruner): void {
  const rungs = Array.from({ length: 20 }, (_, index) => pruner.rung(index));

  t.test('rungs ascend from step 1 or later, in whole steps, and none follows the last', async (t) => {
    const steps = rungs.filter((step) => step !== undefined);
    t.ok(steps.length > 0);
    t.same(rungs.slice(0, steps.length), steps);
    for (const [index, step] of steps.entries()) {
      t.ok(Number.isSafeInteger(step) && step >= 1, `${step}`);
      if (index > 0) t.ok(step > (steps[index - 1] as number), `${steps}`);
      if (index > 0 && pruner.growth > 1) t.equal(step, (steps[index - 1] as number) * pruner.growth);
    }
  });

  t.test('every trial has one bracket for good, whoever asked before', async (t) => {
    const brackets = Array.from({ length: 500 }, (_, index) => pruner.bracketOf(index + 1));
    t.same(brackets.map((_, index) => pruner.bracketOf(500 - index)).reverse(), brackets);
    for (const bracket of new Set(brackets)) t.ok(Number.isSafeInteger(bracket) && bracket >= 0);
  });

  t.test('the first trial at a rung goes on', async (t) => {
    t.equal(pruner.judge({ loss: 5, best: 5 }, []), 'go on');
  });

  t.test('whoever is better than a survivor survives, and many of the worst do not', async (t) => {
    for (const count of [10, 100, 1000]) {
      const lower = losses(count, 3);
      const verdicts = [-1, ...lower, 2].map((loss) => pruner.judge({ loss, best: loss }, lower));
      t.equal(verdicts[0], 'go on', 'better than all others');
      t.equal(verdicts.at(-1), 'prune', 'worse than all others');
      t.equal(verdicts.lastIndexOf('go on') + 1, verdicts.filter((verdict) => verdict === 'go on').length);
    }
  });

  t.test('equal questions have equal answers, and the others are left as they were', async (t) => {
    const lower = Object.freeze(losses(50, 4));
    const ask = () => lower.map((loss) => pruner.judge({ loss, best: loss / 2 }, lower));
    t.same(ask(), ask());
  });
}
