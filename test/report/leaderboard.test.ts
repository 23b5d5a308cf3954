import t from 'tap';
import { epochColumns, leaderboardAs } from '../../src/report/leaderboard.ts';
import { rowsAs } from '../../src/report/rows.ts';
import { diverged, done, failed, row } from './sample-trials.ts';

t.test('only done trials have a rank; the others say what became of them', async (t) => {
  const lines = leaderboardAs('table', [done, { ...done, number: 2 }, diverged, failed])
    .split('\n')
    .slice(-5);
  t.match(
    lines[0],
    /│ +1 │ +4 │ +0\.001 │ +128 │ +87 │ +90\.32 % │ +0\.6124 │ .* 3\.21 s │ done +│ ab12cd34 │/,
  );
  t.match(lines[1], /│ +2 │ +2 │/);
  t.match(lines[2], /│ {6}│ +9 │.*diverged at epoch 7/);
  t.match(lines[3], 'failed: a|b\\n\\u001b[31mred <b>');
});

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
    weightsSha256: done.weightsSha256,
    lastWeightsSha256: done.lastWeightsSha256,
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
  t.match(rowsAs('csv', epochColumns(1), [row(1)]), 'validationAccuracy\r\n1,0.25,');
  t.match(rowsAs('table', epochColumns(2), [row(1)]), 'test');
});
