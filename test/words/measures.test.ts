import t from 'tap';
import { networkMetrics } from '../../src/metric.ts';
import { triedBy } from '../../src/words/measures.ts';

t.test(
  'a run whose definition is damaged is told as by default, and hides no other run of a list',
  async (t) => {
    const run = { metric: 'validationAccuracy', metrics: networkMetrics('validationAccuracy') } as const;
    t.match(triedBy({ ...run, definition: '{"data":{"folds":5}}' }), { folds: 5 });
    for (const definition of ['{"data":', 'null', '5'])
      t.match(triedBy({ ...run, definition }), { folds: 1 });
  },
);
