import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { openDashboardResults } from '../../src/store/dashboard-results.ts';
import { openForReading } from '../../src/store/database.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore } from '../../src/store/store.ts';
import { weightsIn } from '../fixtures/weights-in.ts';
import { done, result, spec, storeWith } from './example.ts';

t.test(
  'a query answers with its columns, in their order and by their names, and with rows of plain values',
  async (t) => {
    const { store, path } = storeWith(t.testdir(), [done()]);
    store.close();
    const results = openReadOnly(path);
    t.strictSame(results.query("SELECT 1 AS a, 2 AS a, 'x' AS b, NULL, 0.5, -9007199254740991"), {
      columns: ['a', 'a', 'b', 'NULL', '0.5', '-9007199254740991'],
      rows: [[1, 2, 'x', null, 0.5, -9007199254740991]],
    });
    t.strictSame(results.query('SELECT 9007199254740993, bytes FROM artifact LIMIT 1').rows, [
      ['9007199254740993', 'blob of 44 bytes'],
    ]);
    t.strictSame(results.query('SELECT trial FROM leaderboard WHERE trial = ?', [1]).rows, [[1]]);
    t.strictSame(results.query('SELECT trial FROM leaderboard WHERE trial = :trial', { trial: 2 }).rows, []);
    for (const sql of [
      'VALUES (1)',
      ' -- one\n SELECT 1;',
      ' ; /* one */ ;select 1',
      'WITH a AS (SELECT 1) SELECT * FROM a',
    ]) {
      t.strictSame(results.query(sql).rows, [[1]]);
    }
    for (const table of ['pragma_table_info', 'PRAGMA_Table_Info'])
      t.strictSame(results.query(`SELECT name FROM ${table}('artifact') WHERE pk = 2`).rows, [['name']]);
    t.ok(results.query('EXPLAIN QUERY PLAN SELECT * FROM curves').rows.length > 0);
    results.close();
  },
);

t.test('whatever is no single reading statement is refused as wrong usage', async (t) => {
  const { store, path, experimentId } = storeWith(t.testdir(), [done()]);
  store.close();
  const results = openReadOnly(path);
  for (const sql of [
    'DELETE FROM trial',
    "UPDATE trial SET state = 'waiting' RETURNING id",
    'WITH a AS (SELECT 1) INSERT INTO experiment (id) SELECT * FROM a',
    'CREATE TEMP TABLE a (b)',
    'DROP VIEW curves',
    'SELECT 1; DELETE FROM trial',
    'SELECT 1; SELECT 2',
    'PRAGMA user_version = 7',
    'PRAGMA query_only(0)',
    '/* a */ -- b\n ; pragma journal_mode(delete)',
    'PRAGMA locking_mode = exclusive',
    "ATTACH 'other.db' AS other",
    'BEGIN',
    'VACUUM',
    "VACUUM INTO 'copy.db'",
    '',
    '-- nothing',
  ]) {
    t.throws(() => results.query(sql), { code: 'ERR_QUERY_REFUSED', exitCode: 2 }, sql);
  }
  for (const sql of [
    'BEGIN',
    "ATTACH 'other.db' AS other",
    'WITH a AS (SELECT 1) DELETE FROM trial RETURNING id',
  ])
    t.throws(() => results.query(sql), { message: /it does not only read/ }, sql);
  t.throws(() => results.query('SELECT ?'), { code: 'ERR_QUERY_REFUSED' });
  t.throws(() => results.query('SELECT ?', [true as never]), { code: 'ERR_QUERY_REFUSED' });
  t.throws(() => results.query('SELECT 1', [1]), { code: 'ERR_QUERY_REFUSED' });
  t.match(results.trials(experimentId), [{ state: 'done' }]);
  results.close();
});

t.test('a setting that is refused has not been set either', async (t) => {
  const { store, path } = storeWith(t.testdir(), [done()]);
  store.close();
  const results = openReadOnly(path);
  // SQLite sets this one while it prepares the statement.
  const pragma = 'PRAGMA case_sensitive_like = 1';
  for (const before of ['', 'EXPLAIN ', 'explain query plan ', '-- a\n ; ', '/* * */ EXPLAIN/**/']) {
    t.throws(() => results.query(before + pragma), { message: /PRAGMA can change settings/ }, before);
    t.strictSame(results.query("SELECT 'A' LIKE 'a'").rows, [[1]], before);
  }
  t.throws(() => results.query('SELECT * FROM Pragma_query_only'), {
    message: /of the tables pragma_\*, only/,
  });
  results.close();
});

t.test('a view that a file brings along reads nothing that a query may not', async (t) => {
  const { store, path } = storeWith(t.testdir(), [done()]);
  store.close();
  const db = new Database(path);
  db.exec('CREATE VIEW mine AS SELECT file FROM pragma_database_list');
  db.close();
  const results = openReadOnly(path);
  t.throws(() => results.query('SELECT * FROM mine'), { message: /unsafe use of virtual table/ });
  results.close();
});

t.test('a connection for reading makes no table of its own either', async (t) => {
  const { store, path } = storeWith(t.testdir(), [done()]);
  store.close();
  const { db, close } = openForReading(path);
  t.throws(() => db.exec('CREATE TEMPORARY TABLE mine (a)'), { code: 'SQLITE_READONLY' });
  close();
});

t.test('damage that a query meets is told as damage', async (t) => {
  const { store, path } = storeWith(t.testdir(), [done()]);
  store.close();
  const results = openReadOnly(path);
  const page = results.query("SELECT rootpage FROM sqlite_schema WHERE name = 'report'")
    .rows[0]?.[0] as number;
  results.close();
  const bytes = readFileSync(path);
  const size = bytes.readUInt16BE(16);
  writeFileSync(path, bytes.fill(0xff, (page - 1) * size, page * size));
  const damaged = openReadOnly(path);
  t.throws(() => damaged.query('SELECT * FROM report'), { code: 'ERR_DATABASE_DAMAGED', exitCode: 65 });
  damaged.close();
});

t.test("SQL in error is answered with SQLite's own words as wrong usage", async (t) => {
  const { store, path } = storeWith(t.testdir(), [done()]);
  store.close();
  const results = openReadOnly(path);
  const expected = (message: RegExp) => ({ code: 'ERR_QUERY_FAILED', exitCode: 2, message });
  for (const word of ['SELEC', 'PRAGMATIC', 'EXPLAINED'])
    t.throws(() => results.query(`${word} 1`), expected(new RegExp(`near "${word}": syntax error`)), word);
  t.throws(() => results.query('SELECT * FROM leaderbord'), expected(/no such table: leaderbord/));
  t.throws(() => results.query('SELECT accuracy FROM leaderboard'), expected(/no such column: accuracy/));
  t.throws(() => results.query("SELECT load_extension('x')"), expected(/not authorized/));
  results.close();
});

t.test('a reader beside the writer sees each commit and blocks none', async (t) => {
  const { store, path, experimentId } = storeWith(t.testdir(), [done(), done()]);
  const results = openReadOnly(path);
  t.equal(results.trials(experimentId).length, 2);
  store.addTrials(experimentId, [spec(3)]);
  const added = results.trials(experimentId)[2]?.id as number;
  store.startAttempt(added);
  t.equal(results.trials(experimentId)[2]?.state, 'running');
  store.finish(added, done(1));
  t.match(results.ranked(experimentId)[0], { number: 3, state: 'done' });
  t.strictSame(results.trial(added), results.trials(experimentId)[2]);
  t.throws(() => results.trial(999), /no trial with id 999/);
  t.strictSame(results.weights(added, 'best'), weightsIn(result(), 'best'));
  t.strictSame(results.reports(added), store.reports(added));
  store.close();
  t.equal(results.latestExperiment()?.id, experimentId);
  results.close();
});

/** What lies beside a database, apart from the lock, which always does. */
const beside = (path: string): string[] =>
  readdirSync(dirname(path)).filter((name) => /^results\.db-(?!lock)/.test(name));

t.test('the last reader leaves the database alone in its folder, and every bit as it was', async (t) => {
  const { store, path, experimentId } = storeWith(t.testdir(), [done()]);
  store.close();
  const before = { bytes: readFileSync(path), at: statSync(path).mtimeMs };
  const [results, page] = [openReadOnly(path), openDashboardResults(path)];
  results.trials(experimentId);
  page.trials(experimentId);
  results.close();
  t.strictSame(beside(path), ['results.db-shm', 'results.db-wal'], 'another reader is still there');
  t.match(page.trials(experimentId), [{ state: 'done' }]);
  page.close();
  page.close();
  t.strictSame(beside(path), []);
  t.strictSame({ bytes: readFileSync(path), at: statSync(path).mtimeMs }, before);
});

t.test('a reader takes nothing away from a store that has just begun, or that is in use', async (t) => {
  const { store, path, experimentId } = storeWith(t.testdir(), [done()]);
  store.close();
  const again = openStore(path);
  t.teardown(again.close);
  openReadOnly(path).close();
  t.strictSame(beside(path), ['results.db-shm', 'results.db-wal']);
  again.addTrials(experimentId, [spec(9)]);
  openReadOnly(path).close();
  t.strictSame(beside(path), ['results.db-shm', 'results.db-wal']);
  t.equal(again.trials(experimentId).length, 2);
});

t.test('a store that closes beside a reader leaves everything in the database', async (t) => {
  const folder = t.testdir({ copy: {} });
  const { store, path, experimentId } = storeWith(folder, [done()]);
  const results = openReadOnly(path);
  t.match(results.trials(experimentId), [{ state: 'done' }]);
  store.close();
  copyFileSync(path, `${folder}/copy/results.db`);
  const copied = openReadOnly(`${folder}/copy/results.db`);
  t.strictSame(copied.trials(experimentId), results.trials(experimentId));
  copied.close();
  results.close();
  t.strictSame(beside(path), []);
});

t.test('a log that a kill has left is read, and left as it is', async (t) => {
  const folder = t.testdir({ crashed: {} });
  const { store, path, experimentId } = storeWith(folder, [done()]);
  const crashed = `${folder}/crashed/results.db`;
  for (const end of ['', '-wal']) copyFileSync(path + end, crashed + end);
  store.close();
  const before = ['', '-wal'].map((end) => readFileSync(crashed + end));
  const results = openReadOnly(crashed);
  t.match(results.trials(experimentId), [{ state: 'done' }]);
  results.close();
  t.strictSame(
    ['', '-wal'].map((end) => readFileSync(crashed + end)),
    before,
  );
});
