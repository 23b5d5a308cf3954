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

/** What a process finds in a database beside which it may not write. */
function readThere(path: string): { status: number | null; out: string; err: string } {
  const script = `
    const { openReadOnly } = await import(${JSON.stringify(join(root, 'src/store/open-results.ts'))});
    const results = openReadOnly(${JSON.stringify(path)});
    console.log(results.ranked(1).map(({ number }) => number).join(' '), results.query('SELECT count(*) FROM leaderboard').rows);
    results.close();`;
  const folder = dirname(path);
  chmodSync(folder, 0o555);
  const words = [...withoutPower, process.execPath, '--input-type=module', '--eval', script];
  const { status, stdout, stderr } = spawnSync(words[0] as string, words.slice(1), { encoding: 'utf8' });
  chmodSync(folder, 0o755);
  return { status, out: stdout.trim(), err: stderr };
}

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
