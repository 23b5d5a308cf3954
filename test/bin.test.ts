import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
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
      const { status } = spawnSync(process.execPath, [join(root, 'src', entry), '--version'], { env });
      t.equal(status, 0, entry);
      t.strictSame(readdirSync(`${folder}/temporary`), [], entry);
    }
    t.ok(existsSync(`${folder}/cache/coresweep`));
  },
);
