/** What the dashboard says of a damaged database: words, on every route, and never what it cannot vouch for. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import t from 'tap';
import { startDashboard } from '../../src/dashboard/server.ts';
import { CoresweepError } from '../../src/errors.ts';
import { diverged, done, failed, storeWith } from '../store/example.ts';

const folder = t.testdir();
const { path, store } = storeWith(folder, [done(0.5), done(0.9), failed, diverged]);
store.close();

const routes = [
  ...[
    '',
    '/trials',
    '/trials?sort=parameter.batchSize',
    '/curves',
    '/curves?phase=2',
    '/figures',
    '/data',
  ].map((rest) => `experiments/1${rest}`),
  ...['experiments/1/pictures', 'trials/1', 'trials/2', 'trials/1/weights', 'trials/2/weights?kind=last'],
];

const damages = [
  `UPDATE experiment SET definition = '{'`,
  `UPDATE experiment SET definition = 'null'`,
  `UPDATE experiment SET definition = '{"data": 1, "space": 7, "model": {"hidden": "x"}}'`,
  `UPDATE experiment SET encoding = '{'`,
  `UPDATE experiment SET metric = 'beauty'`,
  `UPDATE experiment SET state = 'asleep'`,
  `UPDATE experiment SET created_at = 'never'`,
  `UPDATE trial SET params = 'null' WHERE number = 1`,
  `UPDATE trial SET params = '{"learningRate": 1}' WHERE number = 2`,
  `UPDATE trial SET params = '{}'`,
  `UPDATE trial SET state = 'lost' WHERE number = 1`,
  'UPDATE trial SET best_v1 = NULL WHERE number = 1',
  'UPDATE trial SET best_v1 = 0.75 WHERE number = 1',
  'UPDATE trial SET best_step = NULL',
  `UPDATE artifact SET sizes = 'x'`,
  `UPDATE artifact SET sizes = '[3, 2]'`,
  `UPDATE artifact SET bytes = x'00000000'`,
  `UPDATE artifact SET correct = x''`,
  'UPDATE report SET v2 = 7 WHERE trial_id = 1 AND step = 1',
  'DELETE FROM report',
  'DELETE FROM artifact',
  'DROP VIEW leaderboard',
  'DROP TABLE report',
  'DROP TABLE span',
];

/** What SQL would not write: bytes of the file itself, of equal length. */
const changes = [
  ['{"learningRate"', 'x"learningRate"'],
  ['"batchSize"', '"batchSizs"'],
  ['[3,2,1]', '[3,2,x]'],
] as const;

function change(database: string, sql: string): void {
  const db = new Database(database);
  db.pragma('ignore_check_constraints = ON');
  db.pragma('foreign_keys = OFF');
  db.exec(sql);
  db.close();
}

t.test('every route of a damaged database answers in words', async (t) => {
  for (const [index, damage] of [...damages, ...changes].entries()) {
    mkdirSync(`${folder}/${index}`);
    const copy = `${folder}/${index}/results.db`;
    copyFileSync(path, copy);
    if (typeof damage === 'string') change(copy, damage);
    else {
      const text = readFileSync(copy, 'latin1');
      t.match(text, damage[0]);
      writeFileSync(copy, text.replaceAll(damage[0], damage[1]), 'latin1');
    }
    const dashboard = await startDashboard({ database: copy, host: '127.0.0.1', port: 0 }).catch(
      (error: unknown) => {
        t.ok(error instanceof CoresweepError, `${damage}: refused at once, in words`);
      },
    );
    if (dashboard === undefined) continue;
    for (const route of routes) {
      const answer = await fetch(`${dashboard.url}api/${route}`);
      const body = await answer.text();
      const what = `${damage}: ${route}: ${answer.status} ${body.slice(0, 120)}`;
      t.ok([200, 404, 503].includes(answer.status), what);
      t.notMatch(body, /fault of its own|\n +at |Error:/, what);
      if (answer.status !== 200) t.match(JSON.parse(body), { error: /\w+ \w+/ }, what);
    }
    await dashboard.close();
  }
});
