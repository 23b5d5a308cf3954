import t from 'tap';
import { expectAtMost } from '../../src/sweep/plan.ts';

const grid = {
  space: { learningRate: [0.1, 0.2, 0.3], batchSize: [1, 2] },
  search: { method: 'grid', metric: 'validationAccuracy', replicates: 2 },
} as const;

t.test('a grid of more trials than were agreed to is refused', async (t) => {
  t.doesNotThrow(() => expectAtMost(12, grid));
  t.throws(() => expectAtMost(11, grid), { code: 'ERR_TOO_MANY_TRIALS' });
  t.doesNotThrow(() => expectAtMost(undefined, grid), 'the usual most');
});

t.test('a most that is no whole number does not let every grid pass', async (t) => {
  for (const most of [Number.NaN, 0, 1.5, '9' as unknown as number])
    t.throws(() => expectAtMost(most, grid), { code: 'ERR_OPTION_VALUE', message: /^maxTrials must be/ });
});
