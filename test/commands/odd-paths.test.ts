import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { LiveFile } from '../../src/dashboard/live-file.ts';
import { writeWhole } from '../../src/files/write-whole.ts';
import { openStore } from '../../src/store/store.ts';
import { root } from '../source.ts';
import { tinyDefinition, tinyExperiment, typed } from './command-line.ts';

t.test('a database that cannot be is refused in words, by a run and by whoever only reads', async (t) => {
  const folder = t.testdir({ 'tiny.yaml': tinyDefinition, file: 'no database', folder: {} });
  const { definition } = tinyExperiment(folder);
  for (const path of [
    '',
    ':memory:',
    `${folder}/a\0.db`,
    `${folder}/file`,
    `${folder}/file/x.db`,
    `${folder}/file/x/y.db`,
    `${folder}/folder`,
    `${folder}/folder/`,
    `${folder}/${'a'.repeat(300)}.db`,
    `${folder}/${'a'.repeat(251)}.db`,
    `/${'a/'.repeat(3000)}x.db`,
    '/dev/null',
    '/dev/full',
    '/',
    '.',
  ]) {
    // A run boots threads first, which takes its time.
    const verbs = path.endsWith('x.db') || path === '/' ? [['run', definition]] : [['leaderboard']];
    for (const words of [...verbs, ['query', 'SELECT 1']]) {
      const { exitCode, err } = await typed(...words, '--db', path);
      const named = `${words[0]} --db ${JSON.stringify(path).slice(0, 60)}`;
      t.ok([2, 65, 74].includes(exitCode), `${named}: ${exitCode}`);
      t.match(err, /\[ERR_[A-Z_]+\]\n$/, named);
      t.notMatch(err, /\n\s+at |SuppressedError/, named);
    }
  }
});

t.test('a pipe as a definition is refused, and nobody waits for it', async (t) => {
  const pipe = join(t.testdir(), 'pipe.yaml');
  execFileSync('mkfifo', [pipe]);
  const { stderr } = spawnSync(process.execPath, [join(root, 'src/bin.ts'), 'run', pipe], {
    ...{ encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' },
  });
  t.match(stderr, /it is not a regular file\. \[ERR_DEFINITION_FILE\]/);
});

t.test(
  'a folder that the system will not have made is refused, and nobody tries for ever',
  { skip: process.platform === 'linux' ? false : 'only Linux has such folders' },
  async (t) => {
    for (const act of ["openStore('/proc/x/r.db')", "writeWhole('/proc/x/y/r.csv', '')"]) {
      const script = `
        const { openStore } = await import(${JSON.stringify(join(root, 'src/store/store.ts'))});
        const { writeWhole } = await import(${JSON.stringify(join(root, 'src/files/write-whole.ts'))});
        try { ${act}; } catch (error) { console.log(error.code); }`;
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
        encoding: 'utf8',
        timeout: 60_000,
        killSignal: 'SIGKILL',
      });
      t.equal(stdout, 'ERR_FILE_SYSTEM\n', act);
    }
  },
);

t.test('a run whose live file can be neither written nor removed ends as if there were none', async (t) => {
  const folder = t.testdir({ file: '' });
  for (const path of [`${folder}/${'a'.repeat(242)}.db`, `${folder}/file/x.db`]) {
    const live = new LiveFile(path);
    t.doesNotThrow(() => live[Symbol.dispose](), path.slice(-20));
  }
});

t.test('folders that are missing are made, and one that is there is no fault', async (t) => {
  const folder = t.testdir();
  mkdirSync(`${folder}/a`);
  for (const path of [`${folder}/a/b/c/file`, `${folder}/a/b/c/file`]) writeWhole(path, 'x');
  openStore(`${folder}/a/b/d/r.db`).close();
});
