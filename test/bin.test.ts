import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { root } from './source.ts';

t.test(
  'compiled code is kept in a folder of the user, never in the temporary one that all share',
  async (t) => {
    const folder = t.testdir({ temporary: {}, cache: {} });
    const env = {
      ...process.env,
      NODE_COMPILE_CACHE: undefined,
      TMPDIR: `${folder}/temporary`,
      XDG_CACHE_HOME: `${folder}/cache`,
    };
    for (const entry of ['bin.ts', 'start.js']) {
      // A run, because its threads keep what they compile too.
      const line = ['run', join(root, 'experiments/iris.yaml'), '--set', 'training.epochs=1', '--phase', '1'];
      const words = [join(root, 'src', entry), ...line, '--db', `${folder}/${entry}.db`];
      const { status, stderr } = spawnSync(process.execPath, words, { env, encoding: 'utf8' });
      t.equal(status, 0, stderr);
      t.strictSame(readdirSync(`${folder}/temporary`), [], entry);
    }
    t.same(readdirSync(`${folder}/cache`), ['coresweep'], 'and nowhere else, by no thread');
  },
);
