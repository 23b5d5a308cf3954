/** What verbs print of a run whose trials are no networks: any parameters and metrics, pruned trials, logs, models of bytes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openStore } from '../../src/store/store.ts';
import { addExperiment, done } from '../store/example.ts';
import { addObjective, objectiveDatabase } from '../store/objective-example.ts';
import { typed, typedOnTerminal } from './command-line.ts';

/** What a verb prints, every line of which fits a terminal of 80 columns. */
async function on80(...argv: readonly string[]): Promise<string> {
  const { out, exitCode, err } = await typedOnTerminal(80, ...argv);
  t.equal(exitCode, 0, err);
  for (const line of out.split('\n')) t.ok([...line].length <= 80, line);
  return out;
}

t.test('the leaderboard shows what decides, what differs and what became of each trial', async (t) => {
  const db = objectiveDatabase(t.testdir());
  const lines = (await on80('leaderboard', '--db', db)).split('\n');
  t.match(lines[1], /│ rank │ trial │ alpha │ solver │ degree │ +error │ state +│/);
  t.match(lines[3], /│ +1 │ +2 │ 0\.001 │ qr +│ +3 │ 0\.043492 │ done +│/);
  t.match(lines[5], /│ +3 │ +1 │ 1 +│ lu +│ +– │ 0\.49974 /, 'points stand below each other');
  t.match(lines[6], /│ +4 │ +4 │ .* │ 2\.2500 +│ pruned at 3 +│/);
  t.match(lines[7], /│ +│ +5 │ .* │ failed: the matrix is s… │/);
  t.match(lines[8], /diverged at step 5/);
  t.same(lines.slice(11, 13), ['--wide adds best step, fit ms, rows, time, curve', 'all with scale true']);
});

t.test('programs get every value, and null where there is none', async (t) => {
  const db = objectiveDatabase(t.testdir());
  const { out } = await typed('leaderboard', '--db', db, '--format', 'json');
  const rows = JSON.parse(out);
  t.match(rows[0], { rank: 1, trial: 2, alpha: 0.001, solver: 'qr', degree: 3, scale: true, bestStep: 9 });
  t.match(rows[0], { error: 0.04349248, fitMs: 16.5, rows: 455, lastError: 0.04349248, state: 'done' });
  t.match(rows[2], { trial: 1, degree: null });
  t.match(rows[4], {
    rank: null,
    state: 'failed',
    failureCode: 'ERR_TRIAL',
    failure: 'the matrix is singular',
  });
  t.match(rows[5], { state: 'diverged', divergedStep: 5, error: null });
  const csv = (await typed('leaderboard', '--db', db, '--format', 'csv')).out.split('\r\n');
  t.equal(csv[0], Object.keys(rows[0]).join(','));
  t.match(csv[3], /^3,1,1,lu,,true,0,9,0\.499744,/);
});

t.test('with replicates a row has the mean and the deviation of each metric', async (t) => {
  const db = objectiveDatabase(t.testdir(), 3);
  const table = await on80('leaderboard', '--db', db);
  t.match(table, /│ +1 │ 0\.001 │ qr +│ +3 │ 0\.047842 │ 0\.0043492 │ +3 │ +4 │/);
  t.match(table, '0 of 3');
  const { out } = await typed('leaderboard', '--db', db, '--format', 'json');
  t.match(JSON.parse(out)[0], {
    errorMean: /0.0478/,
    errorDeviation: Number,
    fitMsMean: 16.5,
    rowsMean: 455,
  });
  t.match((await typed('show', '4', '--db', db)).out, 'mean of 3 replicates: error 0.047842 ± 0.004349\n');
});

t.test('several runs of any kind stand one below the other, for programs in one table', async (t) => {
  const path = `${t.testdir()}/results.db`;
  const store = openStore(path);
  addObjective(store);
  addExperiment(store, [done(0.9, 0.3)], 'validationLoss');
  store.close();
  const { out } = await typed('leaderboard', '--all', '--db', path);
  t.match(out, /ridge \(run 1\)\n.*\n.* error .*paper \(run 2\)\n.*\n.* validation +│/s);
  const rows = JSON.parse((await typed('leaderboard', '--all', '--db', path, '--format', 'json')).out);
  t.match(rows[0], { experiment: 1, alpha: 0.001, error: 0.04349248, validationLoss: null });
  t.match(rows.at(-1), {
    experiment: 2,
    learningRate: 0.1,
    validationLoss: 0.3,
    validationAccuracy: 0.9,
    alpha: null,
  });
});

t.test('a trial is shown with its metrics, its model, its log and a chart of each metric', async (t) => {
  const db = objectiveDatabase(t.testdir());
  const out = await on80('show', '2', '--db', db);
  t.match(out, /^trial 2: alpha 0\.001, solver qr, degree 3, scale true, done in 1\.25 s\n/);
  t.match(out, '\nbest and last (step 9): error 0.043492, fit ms 16.500, rows 455\nthe best so far\n');
  t.match(out, /\nmodel: 19 bytes, SHA-256\n {2}[0-9a-f]{64}\n/);
  t.match(out, '\nlog: 2 lines, which --log shows\n');
  t.match(out, /\nerror {3}⠒⠒⠒ 0\.043492\n.*\n +1 +step +9\n\nfit ms /s);
  t.equal(
    (await typed('show', '2', '--db', db, '--log')).out,
    'fold 1 of 5\nfold 2: \\u001b[31mslow\\u001b[0m\n',
  );
  t.match(
    (await typed('show', '2', '--db', db, '--format', 'csv')).out,
    /^step,error,fitMs,rows\r\n1,0\.1087312,12\.5,455\r\n3,/,
  );
  t.match((await typed('show', '4', '--db', db)).out, 'pruned at step 3 in 1.25 s\n');
  t.equal(
    (await typed('show', '5', '--db', db)).out,
    'trial 5: alpha 0.1, solver lu, scale true, failed: the matrix is singular\n',
  );
});

t.test('status counts every state, and the winner has its metrics that have a goal', async (t) => {
  const out = await on80('status', '--db', objectiveDatabase(t.testdir()));
  t.match(out, /^ridge \(run 1\): stopped after 12\.50 s\n6 of 24 trials, 1 pruned, 1 diverged, 1 failed\n/);
  t.match(
    out,
    'winner so far: trial 2, alpha 0.001, solver qr, degree 3, scale true: error\n  0.043492, fit ms 16.500 at step 9\n',
  );
  t.match(out, /│ +4 │ 0\.1 +│ qr +│ +1 │ pruned at step 3 +│ +3 │ 2\.2500 +│/);
  t.match(out, '\nall with scale true\n');
});

t.test('two trials are compared by every metric, and by the spread over their replicates', async (t) => {
  const out = await on80('compare', '1', '2', '--db', objectiveDatabase(t.testdir()));
  t.match(out, /│ degree +│ – +│ 3 +│/);
  t.notMatch(out, '│ replicate ', 'where nothing is tried more than once');
  t.match(out, /│ error +│ 0\.49974 │ 0\.043492 │ -0\.45625 +│/);
  t.match(out, '\nReplicates would show how much of the difference is chance (search.replicates).\n');
  t.match(out, /\nerror {3}⠒⠒⠒ trial 1 0\.49974 {3}⠂ ⠂ trial 2 0\.043492\n/);
  const failed = await on80('compare', '1', '5', '--db', objectiveDatabase(t.testdir()));
  t.notMatch(failed, 'difference is chance', 'one that failed differs by nothing');
  const db = objectiveDatabase(t.testdir(), 3);
  const { out: markdown } = await typed('compare', '1', '4', '--db', db, '--format', 'markdown');
  t.match(markdown, /\| replicate +\| 0 +\| 0 +\|/);
  t.match(markdown, /\| mean error +\| 0\.54972 +\| 0\.047842 +\| -0\.50188 +\|/);
  t.match(
    markdown,
    'The means of 3 and 3 replicates differ by 0.50188, 17.3 times the standard error of that.',
  );
});

t.test(
  'the list of runs has the result of each by its own metric: the mean where there are replicates',
  async (t) => {
    const path = objectiveDatabase(t.testdir(), 3);
    const store = openStore(path);
    addExperiment(store, [done(0.9, 0.3)]);
    store.close();
    const { out } = await typed('list', '--db', path);
    t.match(out, /│ +1 │ ridge │ stopped +│ 18 of 24 │ +4 │ .* │ error 0\.047842 ± 0\.004349 +│/);
    t.match(out, /│ +2 │ paper │ .* │ validation accuracy 90\.00 % +│/);
    const rows = JSON.parse((await typed('list', '--db', path, '--format', 'json')).out);
    t.match(rows, [
      { metric: 'error', replicates: 3, validationAccuracy: null },
      { metric: 'validationAccuracy', result: 0.9, validationAccuracy: 0.9, replicates: 1 },
    ]);
    await on80('list', '--db', path);
  },
);

t.test(
  'its trials, curves and saved bytes go out; what only a network has is refused in words',
  async (t) => {
    const db = objectiveDatabase(t.testdir());
    const file = (await typed('export', '--db', db)).out.trim();
    t.match(file, /winner\.bin$/);
    t.equal(readFileSync(file, 'utf8'), '{"weights":[1,2,3]}');
    const trials = await typed('export', 'trials', '--db', db);
    t.equal(trials.out, `${(await typed('leaderboard', '--format', 'csv', '--db', db)).out.trimEnd()}\r\n`);
    const curves = (await typed('export', 'curves', '--format', 'jsonl', '--db', db)).out.split('\n');
    t.match(JSON.parse(curves[0] ?? ''), {
      role: 'search',
      trial: 1,
      alpha: 1,
      degree: null,
      step: 1,
      error: 1.24936,
    });
    t.equal(curves.length - 1, 5 + 5 + 5 + 2 + 2);
    t.match(await typed('export', 'winner', '--format', 'onnx', '--db', db), {
      exitCode: 2,
      err: /"winner" can be exported as bytes, but got onnx\..*ERR_EXPORT_FORMAT/s,
    });
    t.match(await typed('export', '4', '--db', db), { exitCode: 2, err: /ERR_NO_MODEL/ });
    // Its code is not here to be run again.
    t.match(await typed('verify', '--db', db), { exitCode: 2, err: /--base\. \[ERR_OBJECTIVE_FILE/ });
  },
);

t.test('importances need ten done trials, and say so', async (t) => {
  const db = objectiveDatabase(t.testdir());
  t.match(await typed('importances', '--db', db), {
    exitCode: 2,
    err: /^Importances need at least 10 done trials .* but ridge has 3 done\. .*ERR_NO_IMPORTANCES/,
  });
  const more = objectiveDatabase(`${t.testdir({ more: {} })}/more`, 4);
  const out = await on80('importances', '--db', more);
  t.match(out, /│ parameter │ functional │ PED-ANOVA │/);
  t.match(out, /│ alpha +│ +\d+\.\d\d % │/);
  t.match(out, /│ degree +│ +│ +\d+\.\d\d % │/, 'it does not apply to every trial');
  const rows = JSON.parse((await typed('importances', '--db', more, '--format', 'json')).out);
  t.match(
    rows.find((row: { parameter: string }) => row.parameter === 'degree'),
    { fanova: null, pedAnova: Number },
  );
  const ofTime = ['importances', '--metric', 'fitMs', '--db', more];
  t.match(
    await on80(...ofTime),
    /variance of the\s+fit\s+ms\s+a parameter/,
    'of the metric that is asked for',
  );
  const timed = JSON.parse((await typed(...ofTime, '--format', 'json')).out);
  t.strictSame(
    timed.map(({ pedAnova }: { pedAnova: number }) => pedAnova),
    timed.map(() => 0),
    'for which nothing matters where it is always the same',
  );
  t.match(await typed('importances', '--metric', 'rows', '--db', more), {
    exitCode: 2,
    err: /^--metric must be error or fitMs, but got "rows"\. \[ERR_NO_METRIC\]/,
  });
});

t.test('a finished run says how the trials of it that failed are tried again', async (t) => {
  const folder = t.testdir({
    'odd.mjs':
      "export default ({ params: { x } }) => { if (x > 1) throw new Error('too large'); return x; };",
    'odd.yaml': 'name: odd\nobjective: ./odd.mjs\nmetrics: { loss: minimise }\nspace: { x: [1, 2, 3] }\n',
  });
  const run = ['run', join(folder, 'odd.yaml'), '--db', join(folder, 'results.db')];
  t.equal((await typed(...run)).exitCode, 1);
  const again = (await typed(...run)).err;
  t.match(
    again,
    /finished before\. --retry-failed tries the 2 trials again that failed, --fresh runs it anew\./,
  );
  t.match((await typed(...run, '--retry-failed')).err, /trial 2 .* failed/);
});
