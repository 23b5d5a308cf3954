import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { CoresweepError } from '../../src/errors.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { root } from '../source.ts';
import { done, storeWith } from './example.ts';

/** What somebody could try who may ask in SQL and wants to change something, by kind. */
const refused: Readonly<Record<string, readonly string[]>> = {
  writes: [
    'DELETE FROM trial',
    'INSERT INTO owner VALUES (2, 1, 1, 1)',
    'REPLACE INTO owner VALUES (1, 1, 1, 1)',
    "UPDATE trial SET state = 'waiting'",
    "UPDATE trial SET state = 'waiting' RETURNING id",
    'WITH a AS (SELECT 1) DELETE FROM trial',
    'WITH a AS (SELECT 1) DELETE FROM trial RETURNING *',
    'WITH a AS (SELECT 1) INSERT INTO experiment (id) SELECT * FROM a',
    'WITH a AS (SELECT 1) UPDATE trial SET crashes = 9 RETURNING 1',
  ],
  'the schema': [
    'CREATE TABLE a (b)',
    'CREATE TABLE a AS SELECT * FROM trial',
    'CREATE TEMP TABLE a (b)',
    'CREATE VIEW a AS SELECT 1',
    'CREATE TEMP VIEW trial AS SELECT 1',
    'CREATE TRIGGER a AFTER INSERT ON trial BEGIN DELETE FROM epoch; END',
    'CREATE TEMP TRIGGER a AFTER INSERT ON trial BEGIN DELETE FROM epoch; END',
    'CREATE INDEX a ON trial (state)',
    'CREATE VIRTUAL TABLE a USING fts5(b)',
    'CREATE VIRTUAL TABLE temp.a USING rtree(b, c, d)',
    'DROP TABLE trial',
    'DROP VIEW curves',
    'ALTER TABLE trial RENAME TO a',
    'ALTER TABLE trial ADD COLUMN a',
    "UPDATE sqlite_schema SET sql = ''",
    'DELETE FROM sqlite_schema',
    'INSERT INTO sqlite_temp_schema VALUES (1, 1, 1, 1, 1)',
    'REINDEX',
    'ANALYZE',
  ],
  'other files': [
    "ATTACH 'other.db' AS other",
    "ATTACH DATABASE ':memory:' AS other",
    "ATTACH 'file:results.db?mode=rwc' AS other",
    'DETACH main',
    'VACUUM',
    "VACUUM INTO 'copy.db'",
    "VACUUM main INTO 'copy.db'",
    "SELECT load_extension('x')",
    "SELECT load_extension('x', 'y')",
    "SELECT readfile('/etc/passwd')",
    "SELECT writefile('a', 'b')",
    "SELECT * FROM csv('a')",
    "SELECT edit('a')",
  ],
  'the connection': [
    'PRAGMA user_version = 7',
    'PRAGMA query_only = 0',
    'PRAGMA query_only(0)',
    '/* a */ -- b\n ; pragma query_only(0)',
    'PRAGMA main.journal_mode(delete)',
    'PRAGMA locking_mode = exclusive',
    'PRAGMA writable_schema = 1',
    'PRAGMA writable_schema = RESET',
    'PRAGMA trusted_schema = 1',
    'PRAGMA hard_heap_limit = 1',
    'PRAGMA cache_size = 1',
    "PRAGMA temp_store_directory = '/tmp'",
    'PRAGMA schema_version = 1',
    'PRAGMA wal_checkpoint(TRUNCATE)',
    'PRAGMA optimize',
    'PRAGMA table_info(trial)',
    'EXPLAIN PRAGMA query_only = 0',
    'EXPLAIN/**/PRAGMA query_only = 0',
    'EXPLAIN -- a\n PRAGMA writable_schema = 1',
    'EXPLAIN QUERY PLAN PRAGMA query_only = 0',
    'explain query/* a */plan pragma query_only(0)',
    "EXPLAIN ATTACH 'other.db' AS other",
    'EXPLAIN DELETE FROM trial',
    'EXPLAIN VACUUM',
    'SELECT * FROM pragma_query_only',
    'SELECT * FROM pragma_query_only(0)',
    'SELECT * FROM "pragma_optimize"',
    'SELECT * FROM [pragma_optimize](-1)',
    "SELECT * FROM pragma_optimize WHERE schema = 'main'",
    "SELECT * FROM Pragma_Journal_Mode('delete')",
    "SELECT * FROM pragma_wal_checkpoint('truncate')",
    'SELECT * FROM pragma_hard_heap_limit(1)',
    'SELECT * FROM pragma_integrity_check',
    'SELECT * FROM pragma_database_list',
    'WITH a AS (SELECT * FROM pragma_optimize) SELECT * FROM a',
  ],
  transactions: ['BEGIN', 'BEGIN EXCLUSIVE', 'COMMIT', 'ROLLBACK', 'SAVEPOINT a', 'RELEASE a'],
  'more than one statement, or none': [
    'SELECT 1; DELETE FROM trial',
    'SELECT 1; SELECT 2',
    "SELECT 1; ATTACH 'other.db' AS other",
    'SELECT 1;; PRAGMA query_only = 0',
    '',
    ';',
    '-- nothing',
    '/* nothing',
    'SELECT',
    '\0SELECT 1',
  ],
  'too much': [
    'SELECT hex(zeroblob(500000000))',
    'SELECT zeroblob(2000000000)',
    'WITH RECURSIVE a (b) AS (SELECT 1 UNION ALL SELECT b + 1 FROM a) SELECT hex(zeroblob(100000)) FROM a',
    `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`,
    `SELECT ${Array.from({ length: 3_000 }, () => 1).join(', ')}`,
    'WITH RECURSIVE a (b) AS (SELECT b FROM a) SELECT * FROM a',
    "SELECT json('{')",
    'SELECT abs(-9223372036854775808)',
    'SELECT sum(a) FROM (SELECT 9223372036854775807 a UNION ALL SELECT 1)',
  ],
};

t.test(
  'whatever would change the database or the connection, or never ends to answer, is refused in words',
  async (t) => {
    const { store, path } = storeWith(t.testdir(), [done()]);
    store.close();
    const results = openReadOnly(path);
    const files = () => readdirSync(t.testdirName);
    const before = { bytes: readFileSync(path), files: files(), rows: results.query('SELECT * FROM curves') };
    for (const [kind, statements] of Object.entries(refused)) {
      for (const sql of statements) {
        const named = `${kind}: ${sql.slice(0, 70)}`;
        try {
          results.query(sql);
          t.fail(named);
        } catch (error) {
          if (error instanceof CoresweepError) t.match(error.code, /^ERR_QUERY_/, named);
          else t.equal(error, undefined, named);
        }
      }
    }
    t.strictSame(
      { bytes: readFileSync(path), files: files(), rows: results.query('SELECT * FROM curves') },
      before,
    );
    results.close();
  },
);

t.test('a query that never ends is ended by a signal', async (t) => {
  const { store, path } = storeWith(t.testdir(), [done()]);
  store.close();
  // Minutes of work, so that one whose test was killed ends by itself.
  const endless =
    'WITH RECURSIVE a (b) AS (SELECT 1 UNION ALL SELECT b FROM a LIMIT 1000000000) SELECT count(*) FROM a';
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Without tap's own listeners for signals, which it loads into every process.
    const words = [
      '-u',
      'NODE_OPTIONS',
      process.execPath,
      join(root, 'src/bin.ts'),
      'query',
      endless,
      '--db',
      path,
    ];
    const query = spawn('env', words);
    t.teardown(() => query.kill('SIGKILL'));
    const ended = once(query, 'exit');
    // The log lies beside the database once it has been opened, and the query is not far then.
    while (!existsSync(`${path}-shm`)) await setTimeout(20);
    await setTimeout(200);
    query.kill(signal);
    t.strictSame(await ended, [null, signal]);
    for (const end of ['-shm', '-wal']) rmSync(path + end, { force: true });
  }
});
