/** The verbs that only read: leaderboard, show, query, plot. */
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { tinyDefinition, tinyExperiment, typed, typedOnTerminal } from './command-line.ts';

const { definition, db } = tinyExperiment(t.testdir({ 'tiny.yaml': tinyDefinition }));
t.equal((await typed('run', definition, '--db', db)).exitCode, 0);

/** What a verb prints about the tiny experiment; it must not complain. */
async function printed(...argv: string[]): Promise<string> {
  const { exitCode, out, err } = await typed(...argv, '--db', db);
  t.equal(exitCode, 0, argv.join(' '));
  // On a machine that is busy, what takes long is said: `drawing heat-map ...`.
  t.equal(err.replaceAll(/^\w+ [\w ,-]+ \.\.\.\n/gm, ''), '');
  return out;
}

t.test('the leaderboard has four trials in every format, the best first', async (t) => {
  const rows = JSON.parse(await printed('leaderboard', '--format', 'json'));
  t.same(
    rows.map(({ rank }: { rank: number }) => rank),
    [1, 2, 3, 4],
  );
  const accuracies = rows.map((row: { validationAccuracy: number }) => row.validationAccuracy);
  t.same(accuracies, [...accuracies].sort().reverse());
  t.match(await printed('leaderboard'), /│ +1 │/);
  t.equal((await printed('leaderboard', '--format', 'csv')).trimEnd().split('\r\n').length, 5);
  const markdown = (await printed('leaderboard', '--format', 'markdown')).split('\n');
  t.equal(markdown.filter((line) => line.startsWith('|')).length, 6);
});

t.test('on a terminal, what a verb is busy with is gone before its answer is written', async (t) => {
  for (const verb of [['leaderboard'], ['report'], ['plot'], ['status'], ['compare', '1', '2']]) {
    const { exitCode, screen, out } = await typedOnTerminal(200, ...verb, '--db', db);
    t.equal(exitCode, 0);
    t.notOk(out.includes('...'));
    for (const after of screen.split('...\u001b[K').slice(1)) t.ok(after.startsWith('\r'), verb.join(' '));
  }
});

t.test('show tells how good a model is class by class', async (t) => {
  t.match(
    (await typed('show', '1', '--classes', '--db', db)).err,
    /^There are no results by class of "1"\. There is no folder .* \[ERR_NO_CLASSES\]$/m,
  );
  // Data is looked for beside the database too.
  symlinkSync(join(dirname(definition), 'pictures'), join(dirname(db), 'pictures'));
  const rows = JSON.parse(await printed('leaderboard', '--format', 'json'));
  const { trial, validationAccuracy } = rows[0];
  const found = JSON.parse(await printed('show', String(trial), '--classes', '--format', 'json'));
  t.equal(found.accuracy, validationAccuracy, 'of the rows that measured it');
  t.match(found, { macro: { f1: Number }, rocAuc: Number, reliability: [{ from: 0, to: 0.1 }] });
  const text = await printed('show', 'final', '--classes');
  t.match(
    text,
    /^accuracy .*; calibration error .* %\n┌[\s\S]*│ class +│ precision │[\s\S]*│ mean of classes +│[\s\S]*│ +output │/,
  );
  t.match(
    await printed('show', 'final', '--classes', '--format', 'csv'),
    /^class,precision,recall,f1,rocAuc,rows\r\n0,/,
  );
});

t.test('show tells of one trial with its curve, or of the final training', async (t) => {
  t.match(
    await printed('show', '1'),
    /^trial 1: learning rate 0\.1, batch size 16, done in .*\nlast \(epoch 3\): validation accuracy/,
  );
  t.match(
    await printed('show', 'final'),
    /^final training: .*\nlast \(epoch 2\): test accuracy .*\npeak \(epoch/,
  );
  const curve = JSON.parse(await printed('show', '2', '--format', 'json'));
  t.same(
    curve.map(({ epoch }: { epoch: number }) => epoch),
    [1, 2, 3],
  );
  t.match(
    await printed('show', 'final', '--format', 'csv'),
    /^epoch,trainingLoss,trainingAccuracy,testLoss,testAccuracy\r\n1,/,
  );
  t.match(await printed('show', '2', '--format', 'markdown'), /^\| epoch \|/);
});

t.test('an unknown trial or experiment is answered with the known ones', async (t) => {
  for (const given of ['99', '0', 'abc', '1.0', 'Final']) {
    t.match(await typed('show', given, '--db', db), {
      exitCode: 2,
      out: '',
      err: `The trial must be a number from 1 to 4, or "winner" or "final", but got ${JSON.stringify(given)}. [ERR_NO_TRIAL]\n`,
    });
  }
  t.match(await typed('leaderboard', '--db', db, '--experiment', '7'), {
    exitCode: 2,
    out: '',
    err: /holds no experiment 7, only 1 \(tiny\)\./,
  });
  t.match(await typed('plot', '--db', db, '--experiment', '0'), {
    exitCode: 2,
    err: /^--experiment must be a whole number/,
  });
  t.match(await typed('show', '--db', db), {
    exitCode: 2,
    err: /^Something is missing: coresweep show <trial>\./,
  });
});

t.test('a query is answered in every format', async (t) => {
  const sql = "SELECT count(*) AS trials, 1.5 AS half FROM trial WHERE role = 'search'";
  t.match(await printed('query', sql), /trials │ half/);
  t.same(JSON.parse(await printed('query', sql, '--format', 'json')), [{ trials: 4, half: 1.5 }]);
  t.equal(await printed('query', sql, '--format', 'csv'), 'trials,half\r\n4,1.5\n');
  t.match(await printed('query', sql, '--format', 'markdown'), /^\| trials \| half \|\n/);
  t.same(JSON.parse(await printed('query', 'SELECT 1 WHERE 0', '--format', 'json')), []);
});

t.test('a query cannot write, and says how to ask', async (t) => {
  const before = readFileSync(db);
  for (const [sql, said] of [
    ['DELETE FROM trial', /^The query was not run: it does not only read\. Give one statement/],
    ['DROP TABLE trial', /it does not only read/],
    ["UPDATE trial SET state = 'done' RETURNING id", /it does not only read/],
    ['PRAGMA user_version = 9', /PRAGMA can change settings/],
    ["ATTACH 'other.db' AS other", /it does not only read/],
    ['SELECT 1; DELETE FROM trial', /more than one statement/],
    ['', /no statements/],
    ['SELEC 1', /^SQLite cannot run the query: near "SELEC": syntax error/],
    ['SELECT nowhere FROM trial', /no such column: nowhere\. results\/README\.md lists/],
  ] as const) {
    const { exitCode, out, err } = await typed('query', sql, '--db', db);
    t.equal(exitCode, 2, sql);
    t.equal(out, '');
    t.match(err, said);
  }
  t.ok(readFileSync(db).equals(before), 'the file is the same, byte by byte');
});

t.test('a query without quotes is told about them', async (t) => {
  t.match(await typed('query', 'SELECT', '1', '--db', db), {
    exitCode: 2,
    err: /^"1" is one argument too many; put quotes around a text with spaces\./,
  });
});

t.test('plot draws every figure beside the database and prints its path', async (t) => {
  const folder = db.replace('/results.db', '');
  const paths = ['phase1-learning', 'phase1-accuracy', 'phase2-learning', 'phase2-accuracy'].map(
    (name) => `${folder}/${name}-curve.svg`,
  );
  for (const path of paths) rmSync(path);
  const drawn = (await printed('plot')).trimEnd().split('\n');
  t.same(
    paths.filter((path) => !drawn.includes(path)),
    [],
    'the curves of both phases are among them',
  );
  for (const path of drawn) t.match(readFileSync(path, 'utf8'), /^<svg/);
});

t.test('without a database, each verb says what to run, and makes none', async (t) => {
  const missing = `${t.testdirName}/none/results.db`;
  for (const verb of [['leaderboard'], ['show', '1'], ['query', 'SELECT 1'], ['plot']]) {
    t.match(await typed(...verb, '--db', missing), {
      exitCode: 65,
      out: '',
      err: /^There are no results in .* Run an experiment first \(`coresweep run FILE --db .*`\)/,
    });
  }
  t.notOk(existsSync(`${t.testdirName}/none`));
});

t.test('a file that is no database is refused and left as it was', async (t) => {
  const diary = `${t.testdir({})}/diary.db`;
  writeFileSync(diary, 'my diary');
  for (const verb of [['leaderboard'], ['show', '1'], ['query', 'SELECT 1'], ['plot']]) {
    t.match(await typed(...verb, '--db', diary), { exitCode: 65, out: '', err: /is not an SQLite database/ });
  }
  t.equal(readFileSync(diary, 'utf8'), 'my diary');
});
