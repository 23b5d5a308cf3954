import t from 'tap';
import { findingsOf } from '../../src/findings/findings.ts';
import { leaderboardCard } from '../../src/report/leaderboard-card.ts';
import type { Experiment } from '../../src/store/results.ts';
import type { Trial } from '../../src/trial.ts';
import { experiment, resultsOf, trial } from '../findings/example-results.ts';

t.test('what an objective has come to stands before its parameters, which may be many', async (t) => {
  const report = { step: 3, values: [0.5, 7] };
  const trials = [1, 2].map(
    (number) => trial(number, { params: { alpha: number }, best: report, last: report }) as Trial,
  );
  const run = {
    ...experiment(),
    metric: null,
    metrics: [
      { name: 'error', goal: 'minimise' },
      { name: 'memory', goal: 'none' },
    ],
    definition: '{"name":"example","space":{"alpha":[1,2]}}',
  } as Experiment;
  const findings = await findingsOf({
    results: resultsOf(trials),
    experiment: run,
    database: 'x/results.db',
  });
  const heads = [...leaderboardCard(findings).html.matchAll(/<th scope="col"[^>]*>(.*?)<\/th>/g)];
  t.same(heads.map(([, title]) => title).slice(0, 6), [
    'rank',
    'trial',
    'error',
    'alpha',
    'best step',
    'memory',
  ]);
});
