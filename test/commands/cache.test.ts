import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { typed } from './command-line.ts';

const one = 'a'.repeat(64);
const other = 'b'.repeat(64);

t.test('cache shows what is kept, and cache clear removes it', async (t) => {
  const home = t.testdir({ coresweep: { data: { [one]: 'x'.repeat(300_000), [other]: '' } } });
  const folder = join(home, 'coresweep', 'data');
  t.intercept(process, 'env', { value: { ...process.env, XDG_CACHE_HOME: home } });
  t.match(await typed('cache'), { exitCode: 0, err: '', out: `${folder}: 2 files, 0.3 MiB\n` });
  t.match(await typed('cache', 'clear'), { exitCode: 0, out: `${folder}: 2 files, 0.3 MiB removed\n` });
  t.notOk(existsSync(join(folder, one)));
  t.match(await typed('cache', 'show'), { exitCode: 0, out: `${folder}: 0 files, 0.0 MiB\n` });
});

t.test('a folder that cannot be read is named, with exit code 74', async (t) => {
  const home = t.testdir({ coresweep: 'a file' });
  t.intercept(process, 'env', { value: { ...process.env, XDG_CACHE_HOME: home } });
  t.match(await typed('cache'), { exitCode: 74, out: '', err: /a part of its path is a file, not a folder/ });
});

t.test('another action is refused with those that there are', async (t) => {
  t.match(await typed('cache', 'clean'), { exitCode: 2, out: '', err: /show.*clear/s });
});
