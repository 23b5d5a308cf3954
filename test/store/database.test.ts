import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { openReadOnly } from '../../src/store/open-results.ts';
import { schemaVersion } from '../../src/store/schema.ts';
import { openStore } from '../../src/store/store.ts';
import { done, storeWith } from './example.ts';

/** The name and bytes of every file in `folder`. */
const contents = (folder: string) =>
  readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`).toString('hex')]);

/** Both ways of opening `folder`/results.db throw `expected` and change no byte. */
function refused(
  t: Test,
  folder: string,
  expected: { code: string; exitCode: number; message?: RegExp },
): void {
  const before = contents(folder);
  t.throws(() => openStore(`${folder}/results.db`), expected);
  t.throws(() => openReadOnly(`${folder}/results.db`), expected);
  t.strictSame(contents(folder), before, 'the folder is as it was');
}

t.test('a database of a newer version is refused with exit code 76, byte for byte as it was', async (t) => {
  for (const version of [schemaVersion + 1, 2_147_483_647]) {
    const { store, path } = storeWith(t.testdir(), [done()]);
    store.close();
    const db = new Database(path);
    db.pragma(`user_version = ${version}`);
    db.close();
    refused(t, t.testdirName, {
      code: 'ERR_DATABASE_NEWER',
      exitCode: 76,
      message: new RegExp(`version ${version}`),
    });
  }
});

t.test('a newer version that stands only in the write-ahead log is refused without moving it', async (t) => {
  const folder = t.testdir({ crashed: {} });
  const { store, path } = storeWith(folder, [done()]);
  store.close();
  const db = new Database(path);
  db.pragma(`user_version = ${schemaVersion + 1}`);
  // A copy of both files while the database is open is what a kill leaves behind.
  for (const end of ['', '-wal']) copyFileSync(path + end, `${folder}/crashed/results.db${end}`);
  db.close();
  const files = () => contents(`${folder}/crashed`).filter(([name]) => !name?.endsWith('-shm'));
  const before = files();
  for (const open of [openStore, openReadOnly]) {
    t.throws(() => open(`${folder}/crashed/results.db`), { code: 'ERR_DATABASE_NEWER', exitCode: 76 });
  }
  t.strictSame(files(), before);
});

t.test('what was committed but never moved out of the write-ahead log is there after a kill', async (t) => {
  const folder = t.testdir({ crashed: {} });
  const { store, path, experimentId } = storeWith(folder, [done()]);
  for (const end of ['', '-wal']) copyFileSync(path + end, `${folder}/crashed/results.db${end}`);
  store.close();
  const again = openStore(`${folder}/crashed/results.db`);
  t.match(again.trials(experimentId), [{ state: 'done' }]);
  again.close();
});

t.test('a file that is not a database is refused with exit code 65, byte for byte as it was', async (t) => {
  for (const text of ['x', 'hello '.repeat(1_000), '{"a": 1}', 'SQLite format 3\0', '\0'.repeat(4_096)]) {
    const folder = t.testdir({ 'results.db': text });
    refused(t, folder, { code: 'ERR_NOT_A_DATABASE', exitCode: 65 });
  }
});

t.test("another program's database is refused with exit code 65, byte for byte as it was", async (t) => {
  for (const sql of ['CREATE TABLE cake (id)', 'CREATE TABLE cake (id); PRAGMA user_version = 1']) {
    const folder = t.testdir();
    const db = new Database(`${folder}/results.db`);
    db.exec(sql);
    db.close();
    refused(t, folder, { code: 'ERR_DATABASE_FOREIGN', exitCode: 65 });
  }
});

t.test('a folder in place of the database is refused', async (t) => {
  const folder = t.testdir();
  mkdirSync(`${folder}/results.db`);
  for (const open of [openStore, openReadOnly]) {
    t.throws(() => open(`${folder}/results.db`), { code: 'ERR_NOT_A_DATABASE', exitCode: 65 });
  }
});

t.test('a pipe or a device in place of the database is refused, and nobody waits for it', async (t) => {
  const folder = t.testdir();
  execFileSync('mkfifo', [`${folder}/results.db`]);
  for (const path of [`${folder}/results.db`, '/dev/zero', '/dev/null']) {
    for (const open of [openStore, openReadOnly]) {
      t.throws(() => open(path), { code: 'ERR_NOT_A_DATABASE', exitCode: 65 }, path);
    }
  }
});

t.test('a folder that cannot be made is a file system error with exit code 74 and its cause', async (t) => {
  const folder = t.testdir({ file: 'not a folder' });
  t.throws(() => openStore(`${folder}/file/results.db`), {
    code: 'ERR_FILE_SYSTEM',
    exitCode: 74,
    cause: { code: 'ENOTDIR' },
  });
});

t.test('an empty file becomes a store, but is nothing to read from', async (t) => {
  const path = `${t.testdir()}/results.db`;
  t.throws(() => openReadOnly(path), {
    code: 'ERR_RESULTS_MISSING',
    exitCode: 65,
    message: /coresweep run FILE/,
  });
  writeFileSync(path, '');
  t.throws(() => openReadOnly(path), { code: 'ERR_RESULTS_MISSING' });
  openStore(path).close();
  const results = openReadOnly(path);
  t.strictSame(results.experiments(), []);
  results.close();
});

t.test('the page that a kill may leave before the schema becomes a store', async (t) => {
  const path = `${t.testdir()}/results.db`;
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.close();
  t.throws(() => openReadOnly(path), { code: 'ERR_RESULTS_MISSING' });
  openStore(path).close();
  openReadOnly(path).close();
});

t.test('a database is checked whole whenever it is opened for writing, cleanly closed or not', async (t) => {
  const folder = t.testdir({ crashed: {} });
  const { store, path } = storeWith(folder, [done()]);
  for (const end of ['', '-wal']) copyFileSync(path + end, `${folder}/crashed/results.db${end}`);
  store.close();
  const asked: string[] = [];
  const { pragma } = Database.prototype;
  Database.prototype.pragma = function (this: Database.Database, source, options) {
    // A connection that can only read skips the CHECKs.
    asked.push(`${source}${this.readonly ? ', reading' : ''}`);
    return pragma.call(this, source, options);
  };
  t.teardown(() => {
    Database.prototype.pragma = pragma;
  });
  for (const opened of [path, `${folder}/crashed/results.db`]) {
    asked.length = 0;
    openStore(opened).close();
    t.ok(asked.includes('quick_check(1)'), opened);
    const checked = asked.indexOf('quick_check(1)');
    t.ok(checked < asked.indexOf('journal_mode = WAL'), 'before anything is written');
  }
});

t.test('a zeroed page and a value that a CHECK forbids are found before anything is written', async (t) => {
  const damaged = { code: 'ERR_DATABASE_DAMAGED', exitCode: 65 };
  const { path, store } = storeWith(t.testdir(), [done(), done(), done()]);
  store.close();
  const whole = readFileSync(path);
  const pages = whole.length / 4096;
  let refused = 0;
  for (let page = 1; page < pages; page++) {
    const bytes = Buffer.from(whole);
    bytes.fill(0, 4096 * page, 4096 * (page + 1));
    writeFileSync(path, bytes);
    try {
      openStore(path).close();
    } catch (error) {
      refused++;
      t.match(error, damaged, `page ${page}`);
      t.ok(readFileSync(path).equals(bytes), 'left as it was');
    }
  }
  t.equal(refused, pages - 1);
  for (const sql of [
    'UPDATE trial SET last_step = 0 WHERE id = 1',
    "UPDATE experiment SET metric = 'other'",
    'UPDATE report SET step = 0 WHERE trial_id = 2 AND step = 1',
  ]) {
    writeFileSync(path, whole);
    const other = new Database(path);
    other.pragma('ignore_check_constraints = ON');
    other.exec(sql);
    other.close();
    t.throws(() => openStore(path), damaged, sql);
  }
});

t.test('values that no coresweep writes are a damaged database', async (t) => {
  const damaged = { code: /^ERR_(RECORD|DATABASE)_DAMAGED$/, exitCode: 65 };
  for (const [right, wrong] of [
    ['{"learningRate', '{xlearningRate'],
    ['{"learningRate', '{"learning\u0001ate'],
  ] as const) {
    const { path, store, experimentId } = storeWith(t.testdir(), [done()]);
    store.close();
    const bytes = readFileSync(path, 'latin1');
    t.ok(bytes.includes(right));
    writeFileSync(path, bytes.replaceAll(right, wrong), 'latin1');
    const results = openReadOnly(path);
    t.throws(() => results.ranked(experimentId), damaged, wrong);
    results.close();
  }
  const { path, store } = storeWith(t.testdir(), [done()]);
  store.close();
  const other = new Database(path);
  other.exec(`PRAGMA ignore_check_constraints = ON; UPDATE experiment SET seconds = -1, state = 'running'`);
  other.close();
  t.throws(() => openStore(path), damaged);
});

/**
 * Copies `path`, with its journal, while `change` has been made but not committed, to `copy`: what a kill leaves behind.
 * With a cache of one page, SQLite writes to the file long before the commit.
 */
function cutOff(path: string, copy: string, change: string): void {
  const db = new Database(path);
  db.pragma('journal_mode = DELETE');
  db.pragma('cache_size = 1');
  db.exec(`BEGIN; ${change}`);
  for (const end of ['', '-journal']) copyFileSync(path + end, copy + end);
  db.exec('ROLLBACK');
  db.close();
}
const firstChange =
  'CREATE TABLE filler (bytes); INSERT INTO filler SELECT zeroblob(9000) FROM json_each(json_array(1, 2, 3, 4))';

t.test(
  'killed in the very first transaction, a database has no results yet, and a run begins it',
  async (t) => {
    const folder = t.testdir({ killed: {}, torn: {} });
    for (const kind of ['killed', 'torn']) {
      const path = `${folder}/${kind}/results.db`;
      cutOff(`${folder}/${kind}.db`, path, firstChange);
      // After a power cut, the first page may not be there at all.
      if (kind === 'torn') writeFileSync(path, Buffer.alloc(4096));
      t.not(readFileSync(path).length, 0);
      const before = contents(`${folder}/${kind}`);
      t.throws(() => openReadOnly(path), { code: 'ERR_RESULTS_MISSING' });
      t.strictSame(contents(`${folder}/${kind}`), before, 'whoever reads changes nothing');
      openStore(path).close();
      const results = openReadOnly(path);
      t.equal(results.latestExperiment(), undefined);
      results.close();
    }
  },
);

t.test('killed in a later change, a database is left to the next run, in words', async (t) => {
  const folder = t.testdir({ killed: {} });
  const { store, path } = storeWith(folder, [done()]);
  store.close();
  const copy = `${folder}/killed/results.db`;
  cutOff(path, copy, firstChange);
  const before = contents(`${folder}/killed`);
  t.throws(() => openReadOnly(copy), {
    code: 'ERR_CHANGE_CUT_OFF',
    message: /killed in the middle of a change\. Go on with its run/,
  });
  t.strictSame(contents(`${folder}/killed`), before, 'whoever reads changes nothing');
  openStore(copy).close();
  const results = openReadOnly(copy);
  t.ok(results.latestExperiment());
  results.close();
});

t.test(
  'a pipe or a folder in place of what SQLite keeps beside a database is refused: it would wait there',
  async (t) => {
    for (const end of ['-journal', '-wal', '-shm', '-lock']) {
      const path = `${t.testdir()}/results.db`;
      writeFileSync(path, '');
      if (process.platform === 'win32') mkdirSync(path + end);
      else execFileSync('mkfifo', [path + end]);
      for (const open of [openStore, openReadOnly])
        t.throws(() => open(path), { code: 'ERR_DATABASE_BESIDE', message: `${end}" is no file` });
    }
  },
);

t.test('what was made for a run that never came is taken away again, and nothing else', async (t) => {
  const folder = t.testdir({ kept: {} });
  openStore(`${folder}/new/folder/results.db`).close();
  openStore(`${folder}/kept/results.db`).close();
  t.same(contents(`${folder}/kept`), []);
  t.same(readdirSync(folder), ['kept']);
  const { store } = storeWith(folder, []);
  store.close();
  t.ok(readdirSync(folder).includes('results.db'), 'a run without a trial is one');
  writeFileSync(`${folder}/kept/results.db`, '');
  openStore(`${folder}/kept/results.db`).close();
  t.ok(readdirSync(`${folder}/kept`).includes('results.db'), 'an empty file that was there before');
});

t.test(
  'of a folder that was made for it a database takes nothing along that others have put there',
  async (t) => {
    const folder = t.testdir();
    const store = openStore(`${folder}/new/results.db`);
    writeFileSync(`${folder}/new/notes.txt`, 'mine');
    store.close();
    t.same(readdirSync(`${folder}/new`), ['notes.txt']);
    const replaced = openStore(`${folder}/new/results.db`);
    rmSync(`${folder}/new/results.db`);
    writeFileSync(`${folder}/new/results.db`, 'of another');
    replaced.close();
    t.equal(readFileSync(`${folder}/new/results.db`, 'utf8'), 'of another');
  },
);
