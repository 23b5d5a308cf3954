import Database from 'better-sqlite3';
import t from 'tap';
import { transaction } from '../../src/store/transaction.ts';

t.test('a transaction holds the right to write from its first moment on', async (t) => {
  const path = `${t.testdir()}/some.db`;
  const [one, other] = [new Database(path), new Database(path, { timeout: 0 })];
  one.exec('PRAGMA journal_mode = WAL; CREATE TABLE a (b)');
  transaction(one, () => {
    one.prepare('SELECT * FROM a').all();
    t.throws(() => other.exec('INSERT INTO a VALUES (1)'), { code: 'SQLITE_BUSY' });
    one.exec('INSERT INTO a VALUES (2)');
  });
  t.same(other.prepare('SELECT b FROM a').pluck().all(), [2]);
  for (const db of [one, other]) db.close();
});
