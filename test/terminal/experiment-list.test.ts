import { PassThrough } from 'node:stream';
import t from 'tap';
import { type ListedRun, listedRuns } from '../../src/findings/listed-runs.ts';
import { openStore } from '../../src/store/store.ts';
import { experimentsAs } from '../../src/terminal/experiment-list.ts';
import type { DoneTrial } from '../../src/trial.ts';
import { deciding, networksBy } from '../../src/words/measures.ts';
import { experiment, trial } from '../findings/example-results.ts';
import { row, trialByLoss } from '../findings/sample-trials.ts';
import { addObjective, definition as ridge } from '../store/objective-example.ts';

const winner = trial(2, { best: row(8, 0.9333, 0.3544) } as Partial<DoneTrial>) as DoneTrial;
const listed = (metric: 'validationAccuracy' | 'validationLoss'): ListedRun => ({
  ...{ run: experiment({ metric }), state: 'stopped', tried: networksBy(metric), trials: 8, ended: 4 },
  winner: metric === 'validationLoss' ? trialByLoss(winner) : winner,
  ...{ judged: [deciding(networksBy(metric))], replicates: undefined, final: undefined },
});

t.test('the metric that decided is not left out of a narrow table', async (t) => {
  const at = (metric: 'validationAccuracy' | 'validationLoss') =>
    experimentsAs('table', [listed(metric)], { stream: new PassThrough(), width: 66 });
  t.match(at('validationLoss'), '0.3544');
  t.notMatch(at('validationLoss'), '93.33 %');
  t.notMatch(at('validationAccuracy'), '0.3544');
  t.match(at('validationAccuracy'), '93.33 %');
});

t.test('where there are replicates the mean is the result, not what the luckiest one has', async (t) => {
  const spreads = [
    { mean: 0.91, deviation: 0.0123 },
    { mean: 0.4, deviation: 0.02 },
  ];
  const { params, number } = winner;
  const replicates = { rank: 1, params, replicates: 3, done: 3, spreads, best: number, seconds: 3 };
  const run = { ...listed('validationAccuracy'), replicates };
  t.match(experimentsAs('table', [run]), '91.00 % ± 1.23 %');
  t.match(JSON.parse(experimentsAs('json', [run])), [
    { validationAccuracy: 0.91, result: 0.91, deviation: 0.0123, replicates: 3, validationLoss: 0.4 },
  ]);
});

t.test('of a run whose metrics count alike no winner is spoken of', async (t) => {
  const store = openStore(`${t.testdir()}/results.db`);
  addObjective(store);
  const listOf = (definition: string) => {
    const experiments = () => store.experiments().map((run) => ({ ...run, definition }));
    const runs = listedRuns({ ...store, experiments }, () => 'done');
    return experimentsAs('table', runs, { stream: new PassThrough(), width: 160 });
  };
  const alike = listOf(JSON.stringify({ ...ridge, search: { metrics: ['error', 'fitMs'] } }));
  t.match(alike, / best .* trial .*│ error 0\.043492 \(Pareto front\) │/s);
  t.notMatch(alike, 'winner');
  t.match(listOf(JSON.stringify(ridge)), / winner .*│ error 0\.043492 +│/s);
  t.match(listOf('damaged'), / winner /, 'a damaged definition hides no run');
  store.close();
});
