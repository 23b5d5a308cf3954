import t from 'tap';
import { bestSoFar, bestSoFarText } from '../../src/findings/best-so-far.ts';
import { combinationColumns } from '../../src/findings/combinations.ts';
import { frontsOf, frontText } from '../../src/findings/front.ts';
import { judgedAmong, winsBy } from '../../src/findings/judged.ts';
import { standingsOf } from '../../src/findings/standings.ts';
import { openStore } from '../../src/store/store.ts';
import { standingsAs } from '../../src/terminal/leaderboard.ts';
import type { Trial } from '../../src/trial.ts';
import { networksBy, triedBy } from '../../src/words/measures.ts';
import { addObjective, definition, ended, metrics } from '../store/objective-example.ts';
import { trial } from './example-results.ts';

const [error, fit] = triedBy({ metric: null, metrics }).measures;
if (error === undefined || fit === undefined) throw new Error('There are metrics.');

t.test(
  'a result is of front 1 where nothing beats it in every metric; the volume is measured from the worst',
  async (t) => {
    const fronts = frontsOf(
      [error, fit],
      [
        [1, 4],
        [2, 2],
        [3, 3],
        [4, 1],
      ],
    );
    // From (4, 4): 3 x 0 + 2 x 2 + 0 x 3, the corner of the middle one alone.
    t.same(fronts, { fronts: [1, 1, 2, 1], volume: 4, reference: [4, 4] });
    t.equal(
      frontText([error, fit], fronts, 'trials'),
      'Pareto front (front 1): 3 of 4 trials, not dominated in error, fit ms; hypervolume 4, reference point error 4, fit ms 4, the worst values',
    );
  },
);

t.test('where no trial has a result nothing is said of a front', async (t) => {
  t.equal(frontText([error, fit], frontsOf([error, fit], []), 'trials'), '');
});

t.test('where metrics count alike the leaderboard is by fronts, and says the volume once', async (t) => {
  const store = openStore(`${t.testdir()}/results.db`);
  const search = { metrics: ['error', 'fitMs'] };
  addObjective(store, { definition: JSON.stringify({ ...definition, search }) });
  const [run] = store.experiments();
  if (run === undefined) throw new Error('There is a run.');
  const standings = standingsOf(store, run);
  store.close();
  const table = standingsAs('table', standings, { stream: process.stdout, width: 80 });
  t.match(table, /│ front │ trial │ .* │ +error │ fit ms │/);
  t.match(table, /│ +1 │ +2 │/);
  t.equal(table.split('hypervolume').length, 2);
  t.match(JSON.parse(standingsAs('json', standings)), [
    { rank: 1, front: 1, trial: 2 },
    { rank: 2, front: 2, trial: 3 },
    { rank: 3, front: 3, trial: 1 },
    { rank: 4, front: null, state: 'pruned' },
    { rank: null, front: null },
    { rank: null },
    { rank: null },
  ]);
});

t.test(
  'where metrics count alike the winner is said to be the best of the first, else nothing',
  async (t) => {
    const tried = triedBy({ metric: null, metrics });
    t.equal(winsBy(judgedAmong(tried, ['error', 'fitMs'])), ' (best error of the Pareto front)');
    t.equal(winsBy(judgedAmong(tried, undefined)), '');
  },
);

t.test('what is said of the front counts the rows that are shown', async (t) => {
  const store = openStore(`${t.testdir()}/results.db`);
  const search = { metrics: ['error', 'fitMs'], replicates: 2 };
  addObjective(store, { definition: JSON.stringify({ ...definition, search }) }, 2);
  const [run] = store.experiments();
  if (run === undefined) throw new Error('There is a run.');
  const standings = standingsOf(store, run);
  store.close();
  const paper = { stream: process.stdout, width: 80 };
  t.match(standingsAs('table', standings, paper), /Pareto front \(front 1\): 1 of 3 combinations/);
  const each = standingsAs('table', standings, paper, { replicates: true });
  t.match(each, /Pareto front \(front 1\): 1 of 6 trials/);
});

t.test('a combination is on a front once all its replicates are done', async (t) => {
  const store = openStore(`${t.testdir()}/results.db`);
  const search = { metrics: ['error', 'fitMs'], replicates: 2 };
  const id = addObjective(store, { definition: JSON.stringify({ ...definition, search }) }, 2);
  const [run] = store.experiments();
  if (run === undefined) throw new Error('There is a run.');
  const params = { alpha: 1, solver: 'qr', degree: 1, scale: true };
  const [one] = store.addTrials(id, [{ params, number: 99, role: 'search', key: 'one more', replicate: 0 }]);
  store.startAttempt(one?.id ?? 0);
  store.finish(one?.id ?? 0, ended('done', [{ step: 1, values: [1e-9, 1, 455] }]));
  const { combinations, frontTexts } = standingsOf(store, run);
  store.close();
  t.same(
    combinations
      .filter(({ done }) => done > 0)
      .map(({ done, replicates, front }) => [done, replicates, front]),
    [
      [2, 2, 1],
      [2, 2, 2],
      [2, 2, 3],
      [1, 2, null],
    ],
  );
  t.match(frontTexts?.combinations, /^Pareto front \(front 1\): 1 of 3 combinations/);
});

t.test('of combinations on fronts no mean that counts is left out of a narrow table', async (t) => {
  const spreads = [error, fit].map(() => ({ mean: 1, deviation: 0.1 }));
  const judged = { replicates: 2, done: 2, spreads, best: 1, seconds: 1, model: undefined };
  const row = { rank: 1, front: 1, params: {}, ...judged };
  const kept = (front: number | undefined) =>
    combinationColumns(triedBy({ metric: null, metrics }), [{ ...row, front }])
      .filter(({ key, importance }) => key.endsWith('Mean') && importance === undefined)
      .map(({ key }) => key);
  t.same(kept(1).slice(0, 2), ['errorMean', 'fitMsMean']);
  t.same(kept(undefined), ['errorMean'], 'where one metric decides its own stays');
});

t.test('the best so far counts done trials in the order of their numbers', async (t) => {
  const accuracy = networksBy('validationAccuracy').measures[0] ?? error;
  const found = (number: number, value: number, changes: Partial<Trial> = {}) =>
    trial(number, { best: { step: 1, values: [value, 1, 1, 1] }, ...changes } as Partial<Trial>);
  const trials = [
    found(3, 0.9),
    found(2, 0.7),
    found(4, 0.95, { state: 'pruned' } as Partial<Trial>),
    found(1, 0.8),
  ];
  const best = bestSoFar(accuracy, [...trials, found(5, 0.85)]);
  t.same(
    [...best],
    [
      [1, 0.8],
      [2, 0.8],
      [3, 0.9],
      [4, 0.9],
      [5, 0.9],
    ],
  );
  t.equal(
    bestSoFarText(accuracy, best),
    'best so far: validation accuracy 80.00 % by trial 1, 90.00 % by trial 3',
  );
  t.equal(bestSoFarText(accuracy, new Map([[1, 0.5]])), '');
});
