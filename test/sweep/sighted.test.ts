/** What a searcher is shown of trials under way. When it is shown is the law's to say (test/search/sight.test.ts). */
import t from 'tap';
import { successiveHalving } from '../../src/prune/successive-halving.ts';
import { historyOf } from '../../src/search/history.ts';
import { sightBy, sighted } from '../../src/sweep/sighted.ts';
import type { Trial } from '../../src/trial.ts';

const waiting = () =>
  historyOf([1, 2].map((x) => ({ params: { x }, replicate: 0, state: 'waiting' as const })));

t.test('a trial that is done is shown with its best values, at its last step', async (t) => {
  const history = waiting();
  const sight = sighted(sightBy(1, undefined), history, () => Number.POSITIVE_INFINITY);
  const ended: Trial = {
    ...{ id: 1, number: 1, role: 'search', key: 'k', replicate: 0, params: { x: 1 }, attempts: 1 },
    ...{ state: 'done', seconds: 1, artifacts: {} },
    ...{ best: { step: 2, values: [0.1] }, last: { step: 3, values: [0.4] } },
  };
  sight.ended(1, ended);
  t.ok(sight.opens(2));
  t.match(history.trials[0], { state: 'done', result: { step: 3, values: [0.1] } });
});

t.test('what a trial reports beyond the rung where it waits is not seen', async (t) => {
  const pruner = successiveHalving({ minResource: 1, reductionFactor: 2, startupTrials: 0 });
  let bound = 1;
  const sight = sighted(sightBy(1, pruner), waiting(), () => bound);
  sight.hear(
    1,
    [1, 2].map((step) => ({ step, values: [0.5] })),
  );
  sight.hear(2, [{ step: 1, values: [0.5] }]);
  t.ok(sight.opens(2), 'its first rung is');
  t.notOk(sight.opens(3));
  bound = Number.POSITIVE_INFINITY;
  t.ok(sight.opens(3));
});
