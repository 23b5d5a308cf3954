import t from 'tap';
import { successiveHalving } from '../../src/prune/successive-halving.ts';
import { prunerContract } from '../contracts/pruner-contract.ts';

const options = { minResource: 1, reductionFactor: 3, startupTrials: 0 };
prunerContract(t, successiveHalving(options));
prunerContract(t, successiveHalving({ ...options, minResource: 4, reductionFactor: 2, maxResource: 100 }));

t.test('rungs are judged below the largest resource only: at its end a trial is saved nothing', async (t) => {
  const { rung } = successiveHalving({ ...options, maxResource: 81 });
  t.same([0, 1, 2, 3, 4].map(rung), [1, 3, 9, 27, undefined]);
});

t.test('one in every factor goes on, and whoever equals the last of these', async (t) => {
  const { judge } = successiveHalving(options);
  const others = [1, 2, 2, 4, 5];
  t.equal(judge({ loss: 2, best: 0 }, others), 'go on', 'two of six go on, and 2 is the second best');
  t.equal(
    judge({ loss: 3, best: 0 }, others),
    'prune',
    'the loss at the rung counts, not the best one before',
  );
});

t.test('nobody is pruned before the startup trials are there', async (t) => {
  const { judge } = successiveHalving({ ...options, startupTrials: 4 });
  t.equal(judge({ loss: 9, best: 9 }, [1, 2, 3]), 'go on');
  t.equal(judge({ loss: 9, best: 9 }, [1, 2, 3, 4]), 'prune');
});
