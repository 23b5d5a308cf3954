import t from 'tap';
import { percentileOf, percentilePruner } from '../../src/prune/percentile.ts';
import { prunerContract } from '../contracts/pruner-contract.ts';

const options = { percentile: 50, startupTrials: 5, warmupSteps: 0, intervalSteps: 1 };
prunerContract(t, percentilePruner(options));
prunerContract(
  t,
  percentilePruner({ ...options, percentile: 25, warmupSteps: 10, intervalSteps: 5, maxResource: 40 }),
);

const rungsOf = (changes: Partial<typeof options>, maxResource?: number) => {
  const { rung } = percentilePruner({ ...options, ...changes, maxResource });
  return [0, 1, 2, 3].map(rung);
};

t.test(
  'it looks every interval from the warm-up on, and without a warm-up at the first report too',
  async (t) => {
    t.same(rungsOf({}), [1, 2, 3, 4]);
    t.same(rungsOf({ warmupSteps: 10, intervalSteps: 5 }), [10, 15, 20, 25]);
    t.same(rungsOf({ intervalSteps: 5 }), [1, 5, 10, 15]);
  },
);

t.test('nobody is looked at on the last step of all', async (t) => {
  t.same(rungsOf({}, 3), [1, 2, undefined, undefined]);
});

t.test('the best loss so far counts, and only a strictly worse one is pruned', async (t) => {
  const { judge } = percentilePruner(options);
  const others = [1, 2, 3, 4, 5];
  t.equal(judge({ loss: 9, best: 3 }, others), 'go on');
  t.equal(judge({ loss: 9, best: 3.1 }, others), 'prune');
  t.equal(judge({ loss: 9, best: 3.1 }, others.slice(1)), 'go on', 'four others are too few to start with');
});

t.test('half-way between two losses is measured from the upper one', async (t) => {
  // numpy/lib/_function_base_impl.py, _lerp: from t = 0.5 on b - (b - a) * (1 - t); a + (b - a) * t is 0.30000000000000004.
  t.equal(percentileOf([0.1, 0.5], 50), 0.3);
});
