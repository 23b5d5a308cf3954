import { PassThrough } from 'node:stream';
import t from 'tap';
import { type LeaderboardRow, leaderboardRows } from '../../src/findings/leaderboard.ts';
import { reportColumns } from '../../src/findings/report-columns.ts';
import type { Standings } from '../../src/findings/standings.ts';
import type { NetworkMetric } from '../../src/metric.ts';
import { leaderboardAs, standingsAs } from '../../src/terminal/leaderboard.ts';
import { paperOf } from '../../src/terminal/paper.ts';
import { rowsAs } from '../../src/terminal/rows.ts';
import { networksBy } from '../../src/words/measures.ts';
import { stateColour } from '../../src/words/trial-state.ts';
import { diverged, done, failed, row } from '../findings/sample-trials.ts';

const board = (
  trials: readonly LeaderboardRow[],
  metric: NetworkMetric = 'validationAccuracy',
): Standings => ({
  tried: networksBy(metric),
  trials,
  combinations: [],
});

t.test('only done trials have a rank; the others say what became of them', async (t) => {
  const lines = leaderboardAs('table', [done, { ...done, number: 2 }, diverged, failed])
    .split('\n')
    .slice(-5);
  t.match(lines[0], /│ +1 │ +4 │ +0\.001 │ +128 │ +87 │ +90\.32 % │ +0\.6124 │ .* 3\.21 s │ done +│/);
  t.match(lines[1], /│ +2 │ +2 │/);
  t.match(lines[2], /│ {6}│ +9 │.*diverged at epoch 7/);
  t.match(lines[3], 'failed: a|b …');
});

t.test(
  'people see intervals, curves and which trials are like the winner, and what the mark means',
  async (t) => {
    const interval = { low: 0.8972, high: 0.9088 };
    const curve = [0.1, 0.5, 0.9];
    const standings = [
      { rank: 1, trial: done, interval, curve, curveScale: [0.1, 0.9] },
      { rank: 2, trial: { ...done, number: 2 }, interval, p: 0.449, curve: [0.5], curveScale: [0.1, 0.9] },
      { rank: 3, trial: { ...done, number: 3 }, interval, p: 0.0001 },
    ] as const;
    for (const format of ['table', 'markdown'] as const) {
      const text = standingsAs(format, board(standings));
      t.match(text, '89.72 to 90.88 %');
      t.match(text, '▁▅█');
      t.match(text, /0\.449 ≈ +.+▅/, 'one scale for all curves');
      t.match(text, '0.001');
      t.match(
        text,
        "\n≈ not distinguishable from the winner (McNemar's test on the same rows, Holm's correction, p >= 0.05)",
      );
    }
    const [first, second] = JSON.parse(standingsAs('json', board(standings)));
    t.match(first, { intervalLow: 0.8972, intervalHigh: 0.9088, pAgainstWinner: null });
    t.equal(second.pAgainstWinner, 0.449);
    t.notOk('curve' in first, 'a sparkline is no data');
  },
);

t.test(
  'colour is for the winner, divergence and failure alone, and only where the stream has colours',
  async (t) => {
    const coloured = Object.assign(new PassThrough(), { isTTY: true, columns: 200, getColorDepth: () => 8 });
    const lines = standingsAs(
      'table',
      board(leaderboardRows([done, diverged, failed])),
      paperOf(coloured, {}),
    )
      .split('\n')
      .slice(-4);
    const green = '\u001b[32m90.32 %\u001b[39m';
    t.equal(lines[0]?.includes(green), process.env['NO_COLOR'] === undefined);
    const plain = standingsAs(
      'table',
      board(leaderboardRows([done, diverged, failed])),
      paperOf(new PassThrough(), {}),
    );
    t.notMatch(plain, '\u001b');
    t.equal(stateColour({ state: 'diverged' }), 'yellow');
    t.equal(stateColour({ state: 'failed' }), 'red');
    t.equal(stateColour({ state: 'done' }), undefined);
  },
);

t.test('every line of the table is equally wide', async (t) => {
  const widths = leaderboardAs('table', [done, diverged, failed])
    .split('\n')
    .map((line) => line.length);
  t.equal(new Set(widths).size, 1);
});

t.test('replicates have a column only where there are any', async (t) => {
  t.notMatch(leaderboardAs('markdown', [done]), 'replicate');
  t.match(leaderboardAs('markdown', [done, { ...done, replicate: 1 }]), 'replicate');
});

t.test('JSON has full values, full hashes, and null where a trial has no result', async (t) => {
  const [first, second] = JSON.parse(leaderboardAs('json', [done, diverged]));
  t.match(first, {
    rank: 1,
    validationAccuracy: 0.90321,
    validationLoss: 0.61237,
    replicate: 0,
    weightsSha256: done.artifacts.best,
    lastWeightsSha256: done.artifacts.last,
  });
  t.match(second, {
    rank: null,
    state: 'diverged',
    divergedEpoch: 7,
    validationAccuracy: null,
    weightsSha256: null,
  });
});

t.test('CSV has the keys of JSON as its header', async (t) => {
  const [object] = JSON.parse(leaderboardAs('json', [done]));
  t.equal(leaderboardAs('csv', [done]).split('\r\n')[0], Object.keys(object).join(','));
});

t.test('a curve names its watched rows by the phase', async (t) => {
  t.match(
    rowsAs('csv', reportColumns(networksBy('validationAccuracy'), 'search'), [row(1)]),
    'validationAccuracy\r\n1,0.25,',
  );
  t.match(rowsAs('table', reportColumns(networksBy('validationAccuracy'), 'final'), [row(1)]), 'test');
});

t.test(
  'with more parameters than there is room for, what became of a trial and its result stay',
  async (t) => {
    const params = (by: number) =>
      Object.fromEntries(
        ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'].map((name, at) => [
          name,
          0.000123456 * (at + by),
        ]),
      );
    const rows = [
      { rank: 1, trial: { ...done, params: params(1) } },
      { rank: null, trial: { ...failed, params: params(2) } },
    ];
    const at = (width: number) => standingsAs('table', board(rows), { stream: new PassThrough(), width });
    t.match(at(80), /^│ rank │ trial │ +first │ +second │ validation │ state +│$/m);
    t.match(at(80), /│ +90\.32 % │ done +│\n.*│ failed: a/);
    t.match(at(80), /--wide adds .*sixth/);
  },
);

t.test('a mark is explained where it stands: not where its column is left out', async (t) => {
  const marked = board([
    { rank: 1, trial: done },
    { rank: 2, trial: { ...done, number: 2 }, p: 0.449 },
  ]);
  const at = (width: number) => standingsAs('table', marked, { stream: new PassThrough(), width });
  t.match(at(200), '\n≈ not distinguishable');
  t.match(at(38), /--wide adds 5 columns: best epoch, p /);
  t.notMatch(at(38), '≈');
});
