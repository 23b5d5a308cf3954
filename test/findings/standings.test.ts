import t from 'tap';
import { mcnemarTest } from '../../src/evidence/statistics.ts';
import { standingsOf } from '../../src/findings/standings.ts';
import { leaderboardAs, standingsAs } from '../../src/terminal/leaderboard.ts';
import type { DoneTrial, Trial } from '../../src/trial.ts';
import { networksBy } from '../../src/words/measures.ts';
import { experiment, resultsOf, trial } from './example-results.ts';
import { row } from './sample-trials.ts';

/** Rows that are right of 80: the winner's first 60, then ever fewer of them and some others. */
const correct = (id: number): Uint8Array =>
  Uint8Array.from({ length: 10 }, (_, byte) => (byte < 8 - id ? 255 : byte === 9 ? id : 0));

t.test(
  'p against the winner is corrected for the number of comparisons, and never smaller than alone',
  async (t) => {
    const trials = [1, 2, 3, 4].map((number) => trial(number));
    const results = { ...resultsOf(trials), correct };
    const [winner, ...others] = standingsOf(results, experiment()).trials;
    t.equal(winner?.p, undefined);
    const alone = others.map(({ trial }) => mcnemarTest(correct(1), correct(trial.id)).p);
    const least = Math.min(...alone);
    t.equal(Math.min(...others.map(({ p }) => p ?? 0)), Math.min(1, 3 * least));
    for (const [index, { p }] of others.entries()) t.ok((p ?? 0) >= (alone[index] ?? 1));
    const [, only] = standingsOf({ ...resultsOf(trials.slice(0, 2)), correct }, experiment()).trials;
    t.equal(only?.p, alone[0], 'one comparison is as before');
  },
);

t.test('a copy says in every format whose result it has; without any there is no such column', async (t) => {
  const results = { ...resultsOf([1, 2].map((number) => trial(number))), correct };
  const copied = standingsOf({ ...results, copies: () => new Map([[2, 1]]) }, experiment());
  t.match(standingsAs('table', copied), / copy │\n.*│ +1 │ .* │ +│\n│ +2 │ .* │ +1 │\n/s);
  t.match(JSON.parse(standingsAs('json', copied)), [{ copyOf: null }, { copyOf: 1 }]);
  t.notMatch(standingsAs('table', standingsOf(results, experiment())), 'copy of');
});

/** Two combinations of two replicates, the second of which has the luckiest one. */
const replicated: readonly Trial[] = (
  [
    [3, 0, 0.1, 0.82],
    [4, 1, 0.1, 0.8],
    [1, 0, 0.2, 0.99],
    [2, 1, 0.2, 0.5],
  ] as const
).map(([number, replicate, learningRate, accuracy]) =>
  trial(number, {
    replicate,
    params: { learningRate, batchSize: 8 },
    best: row(8, accuracy, 1 - accuracy),
  } as Partial<DoneTrial>),
);

t.test('with replicates the leaderboard has a row a combination: mean, deviation and how many', async (t) => {
  const standings = standingsOf({ ...resultsOf(replicated), correct }, experiment());
  const lines = standingsAs('markdown', standings).split('\n');
  t.match(lines[0], /mean validation accuracy .* standard deviation .* replicates/);
  t.match(lines[2], /\| +1 \| +0\.1 \| +81\.00 % \| +1\.41 % \| +2 \| .* 3 \| +82\.00 % /);
  t.match(lines[3], /\| +2 \| +0\.2 \| +74\.50 % \| +34\.65 % \| +2 \|/);
  t.equal(lines.filter((line) => line.startsWith('|')).length, 4);
  t.equal(lines.at(-1), 'all with batch size 8');
  const each = standingsAs('markdown', standings, undefined, { replicates: true });
  t.equal(each.split('\n').filter((line) => line.startsWith('|')).length, 6);
  t.match(JSON.parse(standingsAs('json', standings)), [
    { rank: 1, validationAccuracyMean: 0.81, replicates: 2, done: 2, bestTrial: 3 },
    { rank: 2, validationAccuracyMean: 0.745, bestTrial: 1 },
  ]);
});

t.test(
  "a combination's p compares its best replicate with the winner, among combinations alone",
  async (t) => {
    const { trials, combinations } = standingsOf({ ...resultsOf(replicated), correct }, experiment());
    const alone = mcnemarTest(correct(3), correct(1)).p;
    t.strictSame(
      combinations.map(({ p }) => p),
      [undefined, alone],
    );
    t.equal(trials.filter(({ p }) => p !== undefined).length, 3);
  },
);

t.test('the metric that decides is the first of the results, and the only green one', async (t) => {
  const heads = (metric: 'validationAccuracy' | 'validationLoss') =>
    leaderboardAs('csv', [trial(1)], networksBy(metric))
      .split('\r\n')[0]
      ?.split(',')
      .filter((key) => key.startsWith('validation'));
  t.strictSame(heads('validationAccuracy'), ['validationAccuracy', 'validationLoss']);
  t.strictSame(heads('validationLoss'), ['validationLoss', 'validationAccuracy']);
});

t.test(
  'with folds, combinations are compared on the rows of all folds, and trials within their fold',
  async (t) => {
    const data = { source: 'mnist', folds: 2, train: [0, 160] };
    const definition = JSON.stringify({ ...JSON.parse(experiment().definition), data });
    const standings = standingsOf({ ...resultsOf(replicated), correct }, { ...experiment(), definition });
    t.equal(standings.folds, 2);
    const both = (...ids: number[]) => Buffer.concat(ids.map(correct));
    t.same(
      standings.combinations.map(({ p }) => p),
      [undefined, mcnemarTest(both(3, 4), both(1, 2)).p],
    );
    const [winner] = standings.trials;
    for (const { trial, p } of standings.trials)
      t.equal(p !== undefined, trial !== winner?.trial && trial.replicate === winner?.trial.replicate);
    t.match(
      standingsAs('markdown', standings),
      /standard deviations over 2 folds, which share training rows/,
    );
    t.match(standingsAs('markdown', standings), /\| folds \|/);
    t.match(standingsAs('markdown', standings, undefined, { replicates: true }), /\| fold \|/);
  },
);
