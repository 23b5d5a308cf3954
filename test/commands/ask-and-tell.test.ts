import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openStudy } from '../../src/sweep/open-study.ts';
import { typed } from './command-line.ts';

const folder = t.testdir({});
const study = join(folder, 'study.yaml');
const db = join(folder, 'study.db');
writeFileSync(
  study,
  'name: valley\nspace: { x: { float: [-10, 10] } }\nmetrics: { height: minimise, seconds: none }\nsearch: { trials: 4, lag: 2 }\n',
);

const ask = () => typed('ask', study, '--db', db);
const tell = (...words: string[]) => typed('tell', ...words, '--db', db);

t.test('a shell asks for trials and tells how they ended, until the search is over', async (t) => {
  const { exitCode, out } = await ask();
  t.equal(exitCode, 0);
  const { number, params } = JSON.parse(out);
  t.equal(number, 1);
  t.type(params.x, 'number');
  await ask();
  t.match(await ask(), {
    exitCode: 2,
    err: /Trial 3 needs the result of trial 1 first/,
  });
  t.match(await tell('1', '--values', '{"height": 3, "seconds": 1}'), { exitCode: 0 });
  t.match(await tell('2', '--state', 'failed', '--reason', 'out of memory'), { exitCode: 0 });
  await ask();
  const status = async () => (await typed('status', '--db', db)).out.split('\n').slice(0, 2);
  t.strictSame(await status(), ['valley (run 1): open', '2 of 4 trials, 1 failed, 1 waiting']);
  t.match(JSON.parse((await typed('list', '--db', db, '--format', 'json')).out), [
    { state: 'open', seconds: null },
  ]);
  t.match((await typed('report', '--output', '-', '--db', db)).out, / · not finished yet/);
  t.match(await tell('3', '--values', '{"height": null, "seconds": 1}'), { exitCode: 0 });
  await ask();
  t.match(await tell('4', '--state', 'pruned', '--values', '{"height": 5, "seconds": 1}'), { exitCode: 0 });
  t.strictSame((await status())[0], 'valley (run 1): done', 'by the last answer, not by who asks in vain');
  t.match(await ask(), { exitCode: 1, out: '', err: 'The search is over.\n' });
  t.match(await typed('ask', study, '--set', 'search.trials=6', '--db', db), {
    exitCode: 0,
    out: /"number":5/,
  });
  t.strictSame((await status())[0], 'valley (run 1): open', 'with more trials it goes on');
  t.match(await tell('5', '--state', 'failed'), { exitCode: 0 });
  t.strictSame((await status())[0], 'valley (run 1): open');
  const trials = await typed(
    'query',
    'SELECT state FROM trial ORDER BY number',
    '--db',
    db,
    '--format',
    'csv',
  );
  t.same(trials.out.trim().split(/\s+/), ['state', 'done', 'failed', 'diverged', 'pruned', 'failed']);
  t.match((await typed('leaderboard', '--db', db)).out, / x .* height .* state /);
  for (const line of ['leaderboard', 'status', 'show 1', 'compare 1 4'])
    t.notMatch((await typed(...line.split(' '), '--db', db)).out, '0.00 s', `${line}: nobody told a time`);
});

t.test('what cannot be told is refused with what is allowed', async (t) => {
  t.match(await tell('1', '--state', 'failed', '--values', '3'), {
    exitCode: 2,
    err: /told as failed has no result, but --values came too\. Leave it out, or tell --state done or pruned/,
  });
  for (const [ending, what] of [
    [[], 'A trial that is told as done'],
    [['--state', 'pruned'], 'A trial that is told as pruned'],
    [['--step', '3'], 'A report (--step)'],
  ] as const) {
    const { exitCode, err } = await tell('1', ...ending, '--values', '3', '--reason', 'tired');
    t.equal(exitCode, 2);
    t.match(err, `${what} takes no reason, but --reason came too. Leave it out, or tell --state failed`);
  }
  t.match(await tell('1', '--values', '{"height": 3, "seconds": 1}'), {
    exitCode: 2,
    err: /Trial 1 takes no result: it is done already/,
  });
  t.match(await tell('9', '--values', '{"height": 3, "seconds": 1}'), {
    exitCode: 2,
    err: /no study of this database has asked for it/,
  });
  for (const values of ['{"height": 3}', '3', '{"height": "low", "seconds": 1}', 'height=3'])
    t.match(await tell('1', '--values', values), {
      exitCode: 2,
      err: /--values must be JSON with a number for each of height, seconds/,
    });
});

t.test(
  'a definition of networks is none of a study, and a result that is missing is said to be',
  async (t) => {
    const folder = t.testdir({
      'net.json': JSON.stringify({ name: 'n', data: { source: 'mnist' }, space: { learningRate: [1] } }),
      'study.json': JSON.stringify({ name: 'x', metrics: ['loss'], space: { x: [1, 2] } }),
    });
    const db = ['--db', `${folder}/study.db`];
    t.match(await typed('ask', `${folder}/net.json`, ...db), {
      exitCode: 2,
      err: /is for the built-in network .* `coresweep run FILE .*ERR_STUDY_NETWORK/,
    });
    t.throws(() => openStudy({ name: 'n', model: {}, space: { x: [1] } } as never, { database: '' }), {
      code: 'ERR_STUDY_NETWORK',
    });
    await typed('ask', `${folder}/study.json`, ...db);
    t.match(
      (await typed('tell', '1', ...db)).err,
      /a number for each of loss, such as .*, but is missing\. \[/,
    );
  },
);

t.test('before any trial is done there is no winner, and words say so', async (t) => {
  const file = `${t.testdir({ 'study.json': JSON.stringify({ name: 'x', metrics: ['loss'], space: { x: [1, 2] } }) })}/study.json`;
  const db = `${t.testdirName}/study.db`;
  await typed('ask', file, '--db', db);
  for (const line of [
    ['show', 'winner'],
    ['export', 'winner'],
    ['compare', 'winner', '1'],
    ['verify', 'winner'],
  ])
    t.match(await typed(...line, '--db', db), {
      exitCode: 2,
      err: /^There is no winner yet: no trial of this experiment is done\. Continue the run .*leaderboard.*ERR_NO_TRIAL/,
    });
  t.match(await typed('show', 'final', '--db', db), {
    err: /^There is no final training yet: it comes once/,
  });
  t.match(await typed('show', '2', '--db', db), { err: /^The trial must be the number 1, but got "2"/ });
});

t.test('of a single metric a number or null may stand alone', async (t) => {
  const single = join(folder, 'single.yaml');
  writeFileSync(single, 'name: one\nspace: { x: [1, 2] }\nmetrics: { loss: minimise }\n');
  const there = ['--db', join(folder, 'single.db')];
  for (const values of ['0.5', 'null']) {
    const { number } = JSON.parse((await typed('ask', single, ...there)).out);
    t.match(await typed('tell', `${number}`, '--values', values, ...there), { exitCode: 0 });
  }
  t.match((await typed('status', ...there)).out, /one \(run 1\): done\n2 of 2 trials, 1 diverged/);
});

t.test('a shell reports on the way, and hears whether the trial goes on', async (t) => {
  const pruned = join(folder, 'pruned.yaml');
  const reports = join(folder, 'pruned.db');
  writeFileSync(
    pruned,
    'name: halves\nspace: { x: [1, 2, 3] }\nmetrics: { loss: minimise }\nprune: { method: median, startupTrials: 1 }\n',
  );
  const asked = () => typed('ask', pruned, '--db', reports);
  const told = (trial: string, step: string, loss: number) =>
    typed('tell', trial, '--step', step, '--values', `{"loss": ${loss}}`, '--db', reports);
  for (const _ of [1, 2]) await asked();
  // The second waits for the first to come as far, though not for ever.
  t.match(
    await typed(...['tell', '2', '--step', '1', '--values', '{"loss": 4}', '--wait', '0', '--db', reports]),
    {
      exitCode: 2,
      err: /waits until trial 1 .*Trial 2 has waited 0 seconds at step 1 for trial 1/s,
    },
  );
  const waiting = told('2', '1', 4);
  t.match(await told('1', '1', 3), { exitCode: 0, out: '{"number":1,"step":1,"verdict":"go on"}\n' });
  t.match(await waiting, { exitCode: 1, out: '{"number":2,"step":1,"verdict":"prune"}\n' });
  t.match(await told('2', '2', 4), {
    exitCode: 2,
    err: /Trial 2 takes no result: it is pruned already/,
  });
  t.match(await typed('tell', '2', '--state', 'pruned', '--db', reports), { exitCode: 0 });
  t.match(await typed('tell', '1', '--values', '2', '--db', reports), { exitCode: 0 });
  const rows = await typed(
    ...['query', 'SELECT trial_id, step, v1 FROM report ORDER BY 1, 2', '--db', reports, '--format', 'csv'],
  );
  t.same(rows.out.trim().split(/\s+/), ['trial_id,step,v1', '1,1,3', '1,2,2', '2,1,4']);
  t.match(await typed('tell', '1', '--step', '3', '--state', 'done', '--values', '{}', '--db', reports), {
    exitCode: 2,
    err: /--step and --state/,
  });
});
