import t from 'tap';
import { prunerOf } from '../../src/prune/method.ts';
import { prunerContract } from '../contracts/pruner-contract.ts';

const rungs = (...[settings, longest]: Parameters<typeof prunerOf>) => {
  const pruner = prunerOf(settings, longest);
  return pruner && [0, 1, 2, 3].map((index) => pruner.rung(index));
};

for (const method of ['median', 'asha', 'hyperband'] as const) {
  const pruner = prunerOf({ method }, 100);
  if (pruner !== undefined) prunerContract(t, pruner);
}

t.test("the defaults are Optuna's", async (t) => {
  t.same(rungs({ method: 'median' }, 4), [1, 2, 3, undefined]);
  t.same(
    rungs({ method: 'asha' }, 500),
    [5, 20, 80, 320],
    'a hundredth of the longest trial, then 4 times as much',
  );
  t.same(rungs({ method: 'asha' }, undefined), [1, 4, 16, 64]);
  t.same(rungs({ method: 'hyperband' }, 81), [1, 3, 9, 27]);
  const median = prunerOf({ method: 'median' }, 100);
  t.equal(median?.judge({ loss: 9, best: 9 }, [1, 2, 3, 4]), 'go on', 'five others come first');
});

t.test('no rung stands at the last step or behind it, whichever is known or asked for', async (t) => {
  t.same(rungs({ method: 'asha', maxResource: 20, minResource: 1 }, 100), [1, 4, 16, undefined]);
  t.same(rungs({ method: 'asha', maxResource: 100, minResource: 1 }, 20), [1, 4, 16, undefined]);
  t.same(rungs({ method: 'hyperband', maxResource: 9 }, undefined), [1, 3, undefined, undefined]);
});

t.test('Hyperband without an end has no brackets, and so is no pruner', async (t) => {
  t.equal(prunerOf({ method: 'hyperband' }, undefined), undefined);
});
