import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
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
  t.match(await ask(), { exitCode: 2, err: /Trial 3 cannot be asked for before trial 1 is told of/ });
  t.match(await tell('1', '--values', '{"height": 3, "seconds": 1}'), { exitCode: 0 });
  t.match(await tell('2', '--state', 'failed', '--reason', 'out of memory'), { exitCode: 0 });
  await ask();
  t.match(await tell('3', '--values', '{"height": null, "seconds": 1}'), { exitCode: 0 });
  await ask();
  t.match(await tell('4', '--state', 'pruned', '--values', '{"height": 5, "seconds": 1}'), { exitCode: 0 });
  t.match(await ask(), { exitCode: 1, out: '', err: 'The search is over.\n' });
  const trials = await typed(
    'query',
    'SELECT state FROM trial ORDER BY number',
    '--db',
    db,
    '--format',
    'csv',
  );
  t.same(trials.out.trim().split(/\s+/), ['state', 'done', 'failed', 'diverged', 'pruned']);
  t.match((await typed('leaderboard', '--db', db)).out, / x .* height .* state /);
});

t.test('what cannot be told is refused with what is allowed', async (t) => {
  t.match(await tell('1', '--values', '{"height": 3, "seconds": 1}'), {
    exitCode: 2,
    err: /Trial 1 cannot be told of: it is done already/,
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
