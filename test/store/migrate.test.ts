import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { backupPath } from '../../src/store/migrate.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore } from '../../src/store/store.ts';

const fixture = fileURLToPath(new URL('../fixtures/results-version-1.db', import.meta.url));

function oldDatabase(t: Test): string {
  const path = `${t.testdir()}/results.db`;
  copyFileSync(fixture, path);
  return path;
}

/** Names, types and checks of all columns, and all views. */
function schemaOf(path: string) {
  const db = new Database(path, { readonly: true });
  const columns = db
    .prepare(
      `SELECT object.name AS place, info.name, info.type, info."notnull", info.dflt_value, info.pk, info.hidden
       FROM sqlite_schema AS object, pragma_table_xinfo(object.name) AS info
       WHERE object.type IN ('table', 'view') ORDER BY object.name, info.name`,
    )
    .all();
  const views = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY name").all();
  db.close();
  return { columns, views };
}

t.test('a database of version 1 becomes what a new one is, and keeps all it held', async (t) => {
  const path = oldDatabase(t);
  const before = openReadOnly(path);
  const known = before.trials(1);
  const curves = known.map(({ id }) => before.curve(id));
  before.close();
  const store = openStore(path);
  t.strictSame(
    store.trials(1).filter(({ state }) => state !== 'waiting'),
    known.filter(({ state }) => state !== 'waiting' && state !== 'running'),
  );
  t.strictSame(
    known.map(({ id }) => store.curve(id)),
    curves,
  );
  t.equal(store.trials(1)[4]?.state, 'waiting', 'what a killed process left as running is put right');
  store.close();
  const fresh = `${t.testdirName}/fresh.db`;
  openStore(fresh).close();
  t.strictSame(schemaOf(path), schemaOf(fresh));
});

t.test('a copy of the old database is kept beside the new one', async (t) => {
  const path = oldDatabase(t);
  openStore(path).close();
  const copy = new Database(backupPath(path, 1), { readonly: true });
  t.equal(copy.pragma('user_version', { simple: true }), 1);
  t.equal(copy.prepare('SELECT count(*) FROM trial').pluck().get(), 6);
  copy.close();
  t.same(
    readdirSync(t.testdirName).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

t.test('an old database can be read without changing a byte of it', async (t) => {
  const path = oldDatabase(t);
  const results = openReadOnly(path);
  t.equal(results.ranked(1).length, 6);
  results.close();
  t.ok(readFileSync(path).equals(readFileSync(fixture)));
  t.notOk(existsSync(backupPath(path, 1)));
});

t.test('an upgrade that fails leaves the old database as it was', async (t) => {
  const path = oldDatabase(t);
  const db = new Database(path);
  // The step would add this table.
  db.exec('CREATE TABLE owner (id)');
  db.close();
  t.throws(() => openStore(path), /owner/);
  const after = new Database(path, { readonly: true });
  t.equal(after.pragma('user_version', { simple: true }), 1);
  t.equal(
    after.prepare("SELECT count(*) FROM pragma_table_info('trial') WHERE name = 'crashes'").pluck().get(),
    0,
  );
  after.close();
});
