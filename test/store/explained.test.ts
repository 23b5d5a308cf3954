import Database from 'better-sqlite3';
import t from 'tap';
import { CoresweepError } from '../../src/errors.ts';
import { explained } from '../../src/store/explained.ts';

const thrown = (error: unknown): unknown => {
  try {
    explained('results/results.db', () => {
      throw error;
    })();
  } catch (caught) {
    return caught;
  }
  return undefined;
};

t.test('what SQLite reports becomes an error with the path, an exit code and the cause', async (t) => {
  for (const [code, exitCode] of [
    ['SQLITE_FULL', 74],
    ['SQLITE_IOERR_FSYNC', 74],
    ['SQLITE_READONLY_DIRECTORY', 74],
    ['SQLITE_CANTOPEN', 74],
    ['SQLITE_PERM', 74],
    ['SQLITE_BUSY_SNAPSHOT', 75],
    ['SQLITE_LOCKED', 75],
    ['SQLITE_CORRUPT', 65],
    ['SQLITE_NOTADB', 65],
  ] as const) {
    const cause = new Database.SqliteError('said by SQLite', code);
    const error = thrown(cause) as CoresweepError;
    t.match(error, { exitCode, cause, message: /results\/results\.db/ }, code);
    if (exitCode === 74) t.match(error.message, `said by SQLite (${code})`);
  }
});

t.test('what the file system reports becomes exit code 74 with the cause', async (t) => {
  const cause = Object.assign(new Error("EROFS: read-only file system, open 'x'"), {
    code: 'EROFS',
    syscall: 'open',
  });
  t.match(thrown(cause), { code: 'ERR_FILE_SYSTEM', exitCode: 74, cause });
});

t.test('errors that already say what to do, and broken invariants, stay as they are', async (t) => {
  const known = new CoresweepError('ERR_X', 2, 'x');
  const constraint = new Database.SqliteError('UNIQUE constraint failed', 'SQLITE_CONSTRAINT_UNIQUE');
  for (const error of [known, constraint, new TypeError('x'), null]) t.equal(thrown(error), error);
});
