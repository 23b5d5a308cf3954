import t from 'tap';
import { listedRuns } from '../../src/findings/listed-runs.ts';
import { statusOf } from '../../src/findings/status.ts';
import { countsOf, trialCounts } from '../../src/findings/trial-counts.ts';
import { float } from '../../src/index.ts';
import type { Trial } from '../../src/trial.ts';
import { experiment, resultsOf, trial } from './example-results.ts';

const states = [
  'waiting',
  'done',
  'done',
  'diverged',
  'failed',
  'stopped',
  'stopped',
  'stopped',
  'pruned',
] as const;
const searched = states.map((state, index) => trial(index + 1, { state }));

t.test('a trial that was stopped has not ended', async (t) => {
  t.match(trialCounts(experiment(), countsOf(searched)), { ended: 5, trials: 9, unproposed: 0 });
});

t.test(
  'trials that are still to be proposed count and wait; of a run that is done there are none',
  async (t) => {
    const definition = JSON.stringify({
      ...{ name: 'valley', space: { x: float(0, 1) }, metrics: { height: 'minimise' } },
      ...{ objective: { command: ['true'] }, search: { trials: 20 } },
    });
    const recorded = countsOf(searched);
    const run = experiment({ definition, state: 'stopped' });
    t.match(trialCounts(run, recorded), { ended: 5, trials: 20, unproposed: 11, counts: { waiting: 12 } });
    t.match(trialCounts({ ...run, state: 'done' }, recorded), { trials: 9, counts: { waiting: 1 } });
  },
);

t.test(
  'the final training is none of them: list and status say the same of a run that has one',
  async (t) => {
    const final: Trial = trial(10, { role: 'final' });
    const results = resultsOf([...searched, final]);
    const [listed] = listedRuns(results, () => 'stopped');
    t.match(listed, { ended: 5, trials: 9 });
    t.match(statusOf(results, experiment(), 'stopped', undefined, 0), { ended: 5, trials: 9, final });
  },
);
