import t from 'tap';
import { loadData } from '../../src/data/dataset.ts';
import { classification } from '../../src/evidence/classification.ts';
import { recordedNetwork } from '../../src/experiment/network.ts';
import { trialPredictions } from '../../src/findings/trial-predictions.ts';
import { decisive } from '../../src/metric.ts';
import { randomStream } from '../../src/random.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { networkRun } from '../../src/store/results.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';

const random = randomStream(1, 'search', 0, 0);
const labels = Array.from({ length: 41 }, (_, row) => row % 2);
const arrays = { inputs: labels.flatMap((label) => [label + random.normal(), random.normal()]), labels };
const definition = {
  name: 'folds',
  data: { source: 'arrays', folds: 3, split: { test: 11, stratified: true } },
  model: { hidden: [2] },
  training: { epochs: 3 },
  space: { learningRate: [0.1, 0.3], batchSize: [5] },
  search: { replicates: 2 },
  final: { epochs: 2 },
} as const;

t.test('each combination is trained once a fold and replicate, each on rows of its own', async (t) => {
  const database = `${t.testdir()}/results.db`;
  const { trials, combinations, winner, final } = await runSweep(definition, {
    database,
    threads: 2,
    arrays,
  });
  t.equal(trials.length, 2 * 3 * 2);
  t.match(combinations, [
    { replicates: 6, done: 6 },
    { replicates: 6, done: 6 },
  ]);
  t.equal(
    new Set(trials.map((trial) => (trial.state === 'done' ? trial.artifacts.best : trial.state))).size,
    12,
  );
  t.equal(final?.state, 'done');
  t.ok(winner);

  const results = openReadOnly(database);
  t.teardown(() => results.close());
  const run = networkRun(results.experiments()[0] as never);
  const recorded = recordedNetwork(run);
  t.match(recorded?.data, { split: { rows: 41 } }, 'the run records how many rows were split');
  if (recorded === undefined) throw new Error('nothing is recorded');
  const data = await loadData(recorded.data, '.', arrays);
  for (const trial of results.trials(run.id)) {
    const predictions = await trialPredictions({ results, database, data }, run, recorded, trial);
    if (predictions === undefined || 'reason' in predictions || !('best' in trial))
      throw new Error('no rows');
    const { accuracy, rows } = classification(predictions);
    t.equal(rows, trial.role === 'final' ? 11 : 10);
    t.equal(
      accuracy,
      decisive(trial.role === 'final' ? trial.last : trial.best),
      `replicate ${trial.replicate}`,
    );
  }
  const again = await runSweep(definition, { database, threads: 1, arrays });
  t.same(
    again.trials.map(({ attempts }) => attempts),
    trials.map(() => 1),
    'nothing is trained again',
  );
});
