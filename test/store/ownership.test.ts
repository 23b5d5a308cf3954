import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readlinkSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { openReadOnly } from '../../src/store/open-results.ts';
import { isOwned } from '../../src/store/ownership.ts';
import { openStore } from '../../src/store/store.ts';
import { root } from '../source.ts';
import { done, experiment, spec, stopped, storeWith } from './example.ts';

const ownershipModule = new URL('../../src/store/ownership.ts', import.meta.url).href;
const storeModule = new URL('../../src/store/store.ts', import.meta.url).href;

/** A process that opens the store and keeps it until it is killed, at the latest with its test, which would wait for it. */
async function ownerOf(t: Test, path: string) {
  const script = `
    const { openStore } = await import(${JSON.stringify(storeModule)});
    try { openStore(${JSON.stringify(path)}); console.log('owns'); setInterval(() => {}, 1000); }
    catch (error) { console.log(error.code, error.message); }`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { child, said };
}

t.test(
  'a second process is refused with exit code 75 and the name of the owner, whose lock dies with it',
  async (t) => {
    const path = `${t.testdir()}/results.db`;
    const { child, said } = await ownerOf(t, path);
    t.equal(said, 'owns\n');
    t.throws(() => openStore(path), {
      code: 'ERR_DATABASE_OWNED',
      exitCode: 75,
      message: new RegExp(`process ${child.pid} on "${hostname()}", which started at "20`),
    });
    t.throws(() => openStore(path), { code: 'ERR_DATABASE_OWNED' }, 'asking does not take the lock');
    openReadOnly(path).close();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = openStore(path);
    t.equal(store.latestExperiment(), undefined);
    store.close();
  },
);

t.test('of eight processes that start at once, exactly one owns the database', async (t) => {
  const path = `${t.testdir()}/results.db`;
  const all = await Promise.all(Array.from({ length: 8 }, () => ownerOf(t, path)));
  const owners = all.filter(({ said }) => said === 'owns\n');
  t.equal(owners.length, 1);
  for (const { said } of all) {
    if (said !== 'owns\n')
      t.match(said, `ERR_DATABASE_OWNED "${path}" belongs to process ${owners[0]?.child.pid} on`);
  }
});

t.test('reading in the same process does not give the lock away', async (t) => {
  const { path, store } = storeWith(t.testdir(), [done()]);
  openReadOnly(path).close();
  const { said } = await ownerOf(t, path);
  t.match(said, `belongs to process ${process.pid} on`);
  store.close();
});

t.test('whoever only looks can tell whether the owner is there, and takes nothing from it', async (t) => {
  const path = `${t.testdir()}/results.db`;
  t.equal(isOwned(path), false, 'there is nothing yet');
  const { child } = await ownerOf(t, path);
  t.equal(isOwned(path), true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  t.equal(isOwned(path), false, 'killed');
  t.equal(existsSync(`${path}-lock-journal`), false);
  const store = openStore(path);
  t.equal(isOwned(path), true, 'in the same process');
  t.match((await ownerOf(t, path)).said, 'ERR_DATABASE_OWNED', 'asking has not given the lock away');
  store.close();
  t.equal(isOwned(path), false);
});

t.test('a process is not refused because others ask who owns the database', async (t) => {
  const path = `${t.testdir()}/results.db`;
  openStore(path).close();
  await Promise.all(
    Array.from({ length: 2 }, async () => {
      const script = `
        const { isOwned } = await import(${JSON.stringify(ownershipModule)});
        console.log('asks');
        // Not longer than this test: where that is ended from outside, nobody ends its children.
        while (process.ppid === ${process.pid}) isOwned(${JSON.stringify(path)});`;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
      await once(child.stdout, 'data');
      t.teardown(() => child.kill('SIGKILL'));
    }),
  );
  for (let turn = 0; turn < 50; turn++) openStore(path).close();
});

t.test('whoever wants to own a database waits for one that is still asking', async (t) => {
  const { path, store } = storeWith(t.testdir(), [done()]);
  store.close();
  const script = `
    const { default: Database } = await import('better-sqlite3');
    const lock = new Database(${JSON.stringify(`${path}-lock`)}, { readonly: true });
    lock.exec('BEGIN');
    lock.pragma('schema_version');
    console.log('asks');
    setTimeout(() => lock.close(), 200);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  openStore(path).close();
});

t.test('a database whose owner has not signed yet is told to be owned, by nobody known', async (t) => {
  const path = `${t.testdir()}/results.db`;
  const lock = new Database(`${path}-lock`);
  lock.exec('BEGIN EXCLUSIVE');
  t.throws(() => openStore(path), { code: 'ERR_DATABASE_OWNED' });
  lock.close();
});

t.test(
  'who is refused a database, or asks whose it is, keeps no file of it open',
  { skip: process.platform !== 'linux' && 'only Linux lists open files' },
  async (t) => {
    const path = `${t.testdir()}/results.db`;
    await ownerOf(t, path);
    for (let turn = 0; turn < 3; turn++) t.throws(() => openStore(path), { code: 'ERR_DATABASE_OWNED' });
    for (let turn = 0; turn < 3; turn++) t.equal(isOwned(path), true);
    const open = readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        return [];
      }
    });
    t.same(
      open.filter((file) => file.startsWith(path)),
      [],
    );
  },
);

t.test('a long reader neither blocks a write nor sees half of one', async (t) => {
  const { path, store, experimentId } = storeWith(t.testdir(), [done()]);
  const reader = new Database(path, { readonly: true });
  reader.exec('BEGIN');
  t.equal(reader.prepare('SELECT count(*) FROM trial').pluck().get(), 1);
  store.addTrials(experimentId, [spec(2), spec(3)]);
  t.equal(reader.prepare('SELECT count(*) FROM trial').pluck().get(), 1);
  reader.exec('COMMIT');
  t.equal(reader.prepare('SELECT count(*) FROM trial').pluck().get(), 3);
  reader.close();
  store.close();
});

t.test('another program that holds the database makes a write fail as busy, without an effect', async (t) => {
  const { path, store, experimentId } = storeWith(t.testdir(), [done()]);
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  t.throws(() => store.addTrials(experimentId, [spec(2)]), { code: 'ERR_DATABASE_BUSY', exitCode: 75 });
  other.exec('ROLLBACK');
  other.close();
  store.addTrials(experimentId, [spec(2)]);
  t.equal(store.trials(experimentId).length, 2);
  store.close();
});

t.test('a database that was deleted or replaced is noticed before anything is written', async (t) => {
  const gone = { code: 'ERR_DATABASE_GONE', exitCode: 74 };
  for (const act of [
    (path: string) => unlinkSync(path),
    (path: string) => renameSync(path, `${path}.old`),
    (path: string) => {
      copyFileSync(path, `${path}.copy`);
      renameSync(`${path}.copy`, path);
    },
    (path: string) => unlinkSync(`${path}-wal`),
    (path: string) => unlinkSync(`${path}-lock`),
  ]) {
    const { path, store } = storeWith(t.testdir(), [done()]);
    act(path);
    t.throws(() => store.beginExperiment(experiment()), gone, String(act));
    store.close();
    for (const end of ['', '.old', '-wal', '-shm', '-lock']) rmSync(path + end, { force: true });
  }
});

t.test(
  'a full disk is told as it is, with its own cause and exit code 74, and the store goes on once there is room',
  async (t) => {
    const { path, store, experimentId } = storeWith(t.testdir(), [stopped]);
    const db = new Database(path);
    db.exec("CREATE TRIGGER full BEFORE INSERT ON experiment BEGIN SELECT raise(ROLLBACK, 'planted'); END");
    t.throws(
      () => store.beginExperiment(experiment()),
      /planted/,
      'the first error, not that of a second rollback',
    );
    db.exec('DROP TRIGGER full');
    db.close();
    t.equal(store.beginExperiment(experiment()), experimentId + 1);
    store.close();
    t.ok(existsSync(path));
  },
);
