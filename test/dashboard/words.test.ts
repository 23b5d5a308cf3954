import t from 'tap';
import type { ExperimentNow } from '../../src/dashboard/answers.ts';
import { bestText } from '../../src/dashboard/page/words.ts';

t.test('what a search has come to is its best, its front, or a dash before there is a result', async (t) => {
  const metrics = [
    { name: 'loss', goal: 'minimise' },
    { name: 'cost', goal: 'minimise' },
  ];
  const textOf = (front: number | null, values?: number[]) =>
    bestText({
      ...{ metric: null, metrics, best: values && { best: { step: 1, values } } },
      front: front === null ? null : { metrics: ['loss', 'cost'], trials: front },
    } as unknown as ExperimentNow);
  t.equal(textOf(null, [0.25, 3]), '0.25000');
  t.equal(textOf(2, [0.25, 3]), 'front of 2');
  t.equal(textOf(0), '–');
  t.equal(textOf(null), '–');
});
