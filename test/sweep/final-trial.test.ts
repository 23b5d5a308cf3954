import { join } from 'node:path';
import t, { type Test } from 'tap';
import { chosenTrial } from '../../src/commands/chosen-trial.ts';
import { checkDefinition } from '../../src/experiment/check.ts';
import type { NetworkInput as ExperimentInput } from '../../src/experiment/schema.ts';
import { findingsOf } from '../../src/findings/findings.ts';
import { decisive } from '../../src/metric.ts';
import { openDashboardResults } from '../../src/store/dashboard-results.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore } from '../../src/store/store.ts';
import { runExperiment } from '../../src/sweep/run-experiment.ts';
import type { RunOptions } from '../../src/sweep/run-options.ts';
import type { SweepResult } from '../../src/sweep/sweep.ts';
import { runDocument } from '../../src/terminal/run-document.ts';
import { summary } from '../../src/terminal/summary.ts';
import { triedBy } from '../../src/words/measures.ts';
import { percent } from '../../src/words/units.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { forceFinal } from '../store/forced.ts';

const folder = t.testdir();
writeTinyIdx(join(folder, 'data'));
const database = join(folder, 'results.db');

const definition: ExperimentInput = {
  name: 'small',
  data: { source: 'idx', folder: 'data', train: [0, 60], validation: [60, 120], test: [0, 60] },
  model: { hidden: [5] },
  training: { epochs: 20 },
  space: { learningRate: [0.001], batchSize: [10] },
  final: { epochs: 10 },
};

const experimentOf = (learningRate: number[]) =>
  checkDefinition({ ...definition, space: { learningRate, batchSize: [10] } }, 'the test');

const ran = (learningRate: number[], options: Partial<RunOptions> = {}): Promise<SweepResult> =>
  runExperiment({
    experiment: experimentOf(learningRate),
    baseFolder: folder,
    database,
    threads: 2,
    ...options,
  });

/** Asks everyone who answers, and holds them all to what the sweep said. */
async function everyoneSays(t: Test, result: SweepResult, learningRate: number[]): Promise<void> {
  const { final } = result;
  if (final?.state !== 'done') throw new Error('There is no final training.');
  const results = openReadOnly(database);
  const dashboard = openDashboardResults(database);
  try {
    const [experiment] = results.experiments();
    if (experiment === undefined) throw new Error('There is no experiment.');
    t.strictSame(results.finalTrial(experiment.id), final, 'the store');
    t.strictSame(
      chosenTrial(results, experiment.id, 'final'),
      final,
      'show, predict, export, verify and compare',
    );
    t.strictSame((await findingsOf({ results, experiment, database })).final, final, 'the report');
    t.match(dashboard.summaries()[0]?.final, { id: final.id, last: final.last }, 'the dashboard');
    t.strictSame(dashboard.rankedIds(experiment.id, 'final'), [final.id], "the dashboard's curves");
    const paths = { database, bestModel: null, report: null, plots: [] };
    const definition = experimentOf(learningRate);
    const tried = triedBy(experiment);
    t.match(
      summary(definition, tried, result, paths, 200).join('\n'),
      `test accuracy ${percent(decisive(final.last))}`,
    );
    t.match(JSON.parse(runDocument(definition, tried, result, paths)), {
      final: { testAccuracy: decisive(final.last) },
    });
  } finally {
    results.close();
    dashboard.close();
  }
}

t.test(
  'a grid that is widened until another trial wins has one final training, whoever is asked',
  async (t) => {
    const before = await ran([0.001]);
    await everyoneSays(t, before, [0.001]);
    const after = await ran([0.001, 0.1]);
    t.not(after.winner?.number, before.winner?.number);
    t.not(after.final?.id, before.final?.id);
    await everyoneSays(t, after, [0.001, 0.1]);
  },
);

t.test(
  'a final training that an earlier version was made to begin elsewhere counts no more once the run goes on',
  async (t) => {
    const { winner, final } = await ran([0.001, 0.1]);
    const [number, forced] = [(final?.number ?? 0) + 1, 'a'.repeat(64)];
    const { params = {}, replicate = 0 } = winner ?? {};
    const store = openStore(database);
    store.addTrials(1, [{ number, role: 'final', key: forced, params, replicate }], forced);
    store.close();
    forceFinal(database, 1, number, forced);
    const after = await ran([0.001, 0.1]);
    t.equal(after.final?.id, final?.id);
    await everyoneSays(t, after, [0.001, 0.1]);
  },
);

t.test('between a new winner and its final training there is none', async (t) => {
  const { winner, final } = await ran([0.001, 0.1, 0.2], { lastPhase: 1 });
  t.equal(winner?.number, 3);
  t.equal(final, undefined);
  const results = openReadOnly(database);
  t.equal(results.finalTrial(1), undefined);
  t.throws(() => chosenTrial(results, 1, 'final'), { code: 'ERR_NO_TRIAL' });
  results.close();
});
