import t from 'tap';
import { completed } from '../../src/experiment/completed.ts';
import { type NetworkMetric, networkMetrics } from '../../src/metric.ts';
import type { SweepResult } from '../../src/sweep/sweep.ts';
import { summary } from '../../src/terminal/summary.ts';
import type { DoneTrial } from '../../src/trial.ts';
import { networksBy, type Tried } from '../../src/words/measures.ts';
import { combinationsByRule } from '../contracts/ranking-contract.ts';
import { definition, trial } from '../findings/example-results.ts';
import { trialByLoss } from '../findings/sample-trials.ts';

const paths = { database: 'r.db', bestModel: null, report: null, plots: [] };

function linesOf(metric: NetworkMetric, trials: readonly DoneTrial[], folds = 1): string[] {
  const result: SweepResult = {
    ...{ experimentId: 1, trials, ranked: trials, winner: trials[0], state: 'done', seconds: 1 },
    metrics: networkMetrics(metric),
    combinations: combinationsByRule(trials, metric),
    final: trial(99, { role: 'final' }),
  };
  const experiment = completed({ ...definition, search: { ...definition.search, metric } });
  return summary(
    experiment,
    { ...networksBy(metric), folds, replicateName: folds > 1 ? 'fold' : 'replicate' } as Tried,
    result,
    paths,
    Number.POSITIVE_INFINITY,
  );
}

t.test('the winner is told by what decided, an accuracy with its interval', async (t) => {
  const trials = [trial(1), trial(2)] as DoneTrial[];
  t.match(
    linesOf('validationAccuracy', trials)[0],
    /: validation accuracy 94\.00 % \(95 %: .*\) at epoch 8, published 84/,
  );
  const [winner, final, lowest] = linesOf('validationLoss', trials.map(trialByLoss));
  t.match(winner, /: validation loss 0\.3100, validation accuracy 94\.00 % \(95 %: .*\) at epoch 8/);
  t.match(linesOf('validationAccuracy', trials)[2], /^ +peak \d/);
  t.match(lowest, /^ +lowest 0\.\d+ at epoch/, 'a loss has no peak');
  t.match(final, /^final +test loss \d\.\d+ after 10 epochs, test accuracy .* published 75/);
});

t.test('with replicates the mean of the winning combination stands beside its best replicate', async (t) => {
  const trials = [0, 1].map((replicate) => ({ ...trial(1), number: replicate + 1, replicate }) as DoneTrial);
  t.match(linesOf('validationAccuracy', trials.toReversed())[0], 'batch size 128, replicate 1: validation');
  t.match(
    linesOf('validationAccuracy', trials)[1],
    'the best replicate of its combination: mean validation accuracy 94.00 %, standard deviation 0.00 %, 2 replicates',
  );
  const folded = linesOf('validationAccuracy', trials.toReversed(), 2);
  t.match(folded[0], 'batch size 128, fold 1: validation', 'with folds these have their own name');
  t.match(folded[1], /the best fold of its combination: .* 2 folds$/);
});
