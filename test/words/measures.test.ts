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

t.test('trials of a combination are folds where each is one of another fold, else replicates', async (t) => {
  const run = { metric: 'validationAccuracy', metrics: networkMetrics('validationAccuracy') } as const;
  const nameBy = (definition: object) =>
    triedBy({ ...run, definition: JSON.stringify(definition) }).replicateName;
  t.equal(nameBy({ data: { folds: 5 } }), 'fold');
  t.equal(nameBy({ data: { folds: 5 }, search: { replicates: 1 } }), 'fold');
  t.equal(nameBy({ data: { folds: 5 }, search: { replicates: 2 } }), 'replicate', 'some share a fold');
  t.equal(nameBy({ data: {}, search: { replicates: 2 } }), 'replicate');
  t.equal(
    triedBy({ metric: null, metrics: [], definition: '{"data":{"folds":5}}' }).replicateName,
    'replicate',
  );
});
