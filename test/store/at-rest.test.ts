import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { openStore } from '../../src/store/store.ts';
import { root } from '../source.ts';
import { addExperiment, done } from './example.ts';

/** Root may write anywhere unless it gives that up. */
const withoutPower =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : [];
const skip = process.platform === 'win32' ? 'a folder cannot be closed for writing there' : false;

/** Runs a script in a folder where it may not write. */
function runThere(folder: string, script: string): { status: number | null; out: string; err: string } {
  chmodSync(folder, 0o555);
  const words = [...withoutPower, process.execPath, '--input-type=module', '--eval', script];
  const { status, stdout, stderr } = spawnSync(words[0] as string, words.slice(1), { encoding: 'utf8' });
  chmodSync(folder, 0o755);
  return { status, out: stdout.trim(), err: stderr };
}

const imported = (name: string, file: string) =>
  `const { ${name} } = await import(${JSON.stringify(join(root, file))});`;

/** What a process finds in a database beside which it may not write. */
const readThere = (path: string) =>
  runThere(
    dirname(path),
    `${imported('openReadOnly', 'src/store/open-results.ts')}
    const results = openReadOnly(${JSON.stringify(path)});
    console.log(results.ranked(1).map(({ number }) => number).join(' '), results.query('SELECT count(*) FROM leaderboard').rows);
    results.close();`,
  );

t.test(
  'results are read also where nobody may write, and nothing is left beside them',
  { skip },
  async (t) => {
    const path = `${t.testdir()}/results.db`;
    const store = openStore(path);
    addExperiment(store, [done(0.5), done(0.75)]);
    store.close();
    const before = readdirSync(t.testdirName);
    t.match(readThere(path), { status: 0, out: '2 1 [ [ 2 ] ]' });
    t.same(readdirSync(t.testdirName), before);
  },
);

t.test('of a run under way what stands in the log alone is read there too', { skip }, async (t) => {
  const path = `${t.testdir()}/results.db`;
  const store = openStore(path);
  addExperiment(store, [done(0.5), done(0.75)]);
  t.ok(statSync(`${path}-wal`).size > 0);
  t.match(readThere(path), { status: 0, out: '2 1 [ [ 2 ] ]' });
  store.close();
});

t.test('a dashboard there sees the run that the owner of the results begins later', { skip }, async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'results.db');
  const store = openStore(path);
  addExperiment(store, [done(0.5)]);
  store.close();
  const seen = runThere(
    folder,
    `import { chmodSync } from 'node:fs';
    ${imported('Source', 'src/dashboard/source.ts')}
    ${imported('openStore', 'src/store/store.ts')}
    ${imported('addExperiment, done', 'test/store/example.ts')}
    const path = ${JSON.stringify(path)};
    // The owner of the folder lets itself write, the dashboard never may.
    const asOwner = (act) => {
      chmodSync(${JSON.stringify(folder)}, 0o755);
      const result = act();
      chmodSync(${JSON.stringify(folder)}, 0o555);
      return result;
    };
    const source = new Source(path);
    const names = () => source.state().experiments.map(({ name, trials }) => name + ' ' + trials).join(', ');
    console.log(names());
    const store = asOwner(() => {
      const store = openStore(path);
      addExperiment(store, [done(0.5), done(0.5)], 'validationLoss', 'later');
      return store;
    });
    console.log(names());
    asOwner(() => store.close());
    console.log(names());
    source[Symbol.dispose]();`,
  );
  t.match(seen, { status: 0, out: 'paper 1\npaper 1, later 2\npaper 1, later 2' });
});
