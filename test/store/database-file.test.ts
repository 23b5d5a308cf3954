import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import t from 'tap';
import { databaseFile, isSameFile } from '../../src/store/database-file.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore } from '../../src/store/store.ts';
import { done, storeWith } from './example.ts';

t.test('two paths are one file by what they lead to, also where that is yet to be made', async (t) => {
  const folder = t.testdir({ real: { file: '' } });
  symlinkSync('real', `${folder}/link`);
  symlinkSync('real/none', `${folder}/dangling`);
  linkSync(`${folder}/real/file`, `${folder}/hard`);
  for (const [one, other] of [
    ['real/file', 'link/../real/file'],
    ['real/file', 'hard'],
    ['real/none', 'link/none'],
    ['real/none', 'dangling'],
    ['real/none/deeper', 'link/none/deeper'],
    ['real/none', 'real/NONE'],
  ]) {
    t.equal(isSameFile(`${folder}/${one}`, `${folder}/${other}`), true, `${one} and ${other}`);
  }
  for (const other of ['real/other', 'hard', 'none']) {
    t.equal(isSameFile(`${folder}/real/none`, `${folder}/${other}`), false, other);
  }
});

t.test('a database cannot have a name that something else beside it has', async (t) => {
  const folder = t.testdir();
  for (const name of [
    'bestmodel.json',
    'report.html',
    'curve.svg',
    'a.PNG',
    'a.db-wal',
    'a.db-lock',
    'results.db-shm',
  ]) {
    t.throws(() => databaseFile(`${folder}/${name}`), { code: 'ERR_DATABASE_NAME', exitCode: 2 }, name);
    t.throws(() => openStore(`${folder}/${name}`), { code: 'ERR_DATABASE_NAME' }, name);
  }
  t.equal(databaseFile(`${folder}/my report.html.db`), `${folder}/my report.html.db`);
  for (const given of [
    '',
    ':memory:',
    'a\0b',
    'results/',
    'sqlite:///a.db',
    'file:///a.db',
    5,
    undefined,
    null,
  ])
    t.throws(() => databaseFile(given as string), { code: 'ERR_OPTION_VALUE', message: /^The database/ });
});

const storeModule = new URL('../../src/store/store.ts', import.meta.url).href;
const owned = { code: 'ERR_DATABASE_OWNED', exitCode: 75 };
const linked = { code: 'ERR_DATABASE_LINKED', exitCode: 74 };

t.test(
  'a database has one owner, whatever links lead to it, and whichever of its names came first',
  async (t) => {
    const folder = t.testdir({ real: {}, links: {} });
    const { store, path } = storeWith(`${folder}/real`, [done()]);
    symlinkSync('../real/results.db', `${folder}/links/to-file.db`);
    symlinkSync('to-file.db', `${folder}/links/to-link.db`);
    symlinkSync('../real', `${folder}/links/to-folder`);
    const names = ['to-file.db', 'to-link.db', 'to-folder/results.db'].map(
      (name) => `${folder}/links/${name}`,
    );
    for (const name of names) t.throws(() => openStore(name), owned, name);
    store.close();
    for (const name of names) {
      const owner = openStore(name);
      t.throws(() => openStore(path), owned, name);
      owner.close();
      openReadOnly(name).close();
    }
    t.strictSame(
      readdirSync(`${folder}/links`),
      ['to-file.db', 'to-folder', 'to-link.db'],
      'nothing lies by a link',
    );
  },
);

t.test('a link to a database that is yet to be made makes it where the link leads', async (t) => {
  const folder = t.testdir({ real: {}, links: {} });
  symlinkSync('../real/results.db', `${folder}/links/results.db`);
  const store = openStore(`${folder}/links/results.db`);
  t.throws(() => openStore(`${folder}/real/results.db`), owned);
  t.ok(existsSync(`${folder}/real/results.db`));
  store.close();
});

t.test('links that lead in a circle are told as they are', async (t) => {
  const folder = t.testdir();
  symlinkSync('b.db', `${folder}/a.db`);
  symlinkSync('a.db', `${folder}/b.db`);
  for (const open of [openStore, openReadOnly]) {
    t.throws(() => open(`${folder}/a.db`), {
      code: 'ERR_FILE_SYSTEM',
      exitCode: 74,
      message: /form a circle\. Name the file itself\.$/,
      cause: { code: 'ELOOP' },
    });
  }
});

t.test('a database with two hard links is refused under each of its names, and left as it was', async (t) => {
  const folder = t.testdir({ other: {} });
  const { store, path } = storeWith(folder, [done()]);
  store.close();
  const before = readFileSync(path);
  linkSync(path, `${folder}/other/results.db`);
  for (const name of [path, `${folder}/other/results.db`]) {
    for (const open of [openStore, openReadOnly]) {
      t.throws(() => open(name), { ...linked, message: /has 2 names \(hard links\)/ });
    }
  }
  t.strictSame(readFileSync(path), before);
  t.strictSame(readdirSync(`${folder}/other`), ['results.db']);
});

/** Mounts of one's own, which no one else sees. */
const unshare = ['-r', '-m'];
const isMountable = spawnSync('unshare', [...unshare, 'true']).status === 0;

t.test(
  'a mount of the folder is the same database, and a mount of the file alone is refused',
  { skip: isMountable ? false : 'nothing can be mounted here (unshare -r -m)' },
  async (t) => {
    const folder = t.testdir({ 'mounted here': {}, alone: { 'results.db': '' } });
    mkdirSync(`${folder}/real`);
    const { store, path } = storeWith(`${folder}/real`, [done()]);
    const script = `
      const { openStore } = await import(${JSON.stringify(storeModule)});
      for (const path of process.argv.slice(1)) {
        try { openStore(path).close(); console.log('owns'); } catch (error) { console.log(error.code); }
      }`;
    const opened = () =>
      execFileSync(
        'unshare',
        [
          ...[...unshare, 'sh', '-ec'],
          'mount --bind "$1/real" "$1/mounted here"; mount --bind "$1/real/results.db" "$1/alone/results.db"; shift; exec "$@"',
          ...['sh', folder, process.execPath, '--input-type=module', '--eval', script, '--'],
          ...[`${folder}/mounted here/results.db`, `${folder}/alone/results.db`],
        ],
        { encoding: 'utf8' },
      );
    t.equal(opened(), 'ERR_DATABASE_OWNED\nERR_DATABASE_LINKED\n');
    store.close();
    t.equal(opened(), 'owns\nERR_DATABASE_LINKED\n');
    openStore(path).close();
  },
);
