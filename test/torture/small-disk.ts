/** A real file system that is too small, of every size in turn, and on from there once there is room. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { faultsAfterKill, faultsAfterResume } from './kills.ts';
import { usual } from './small-definitions.ts';
import { forget, newDatabase, smallSweep, start } from './small-sweep.ts';
import type { Suite } from './suite.ts';

export const smallDisk: Suite = {
  unit: 'disks that were too small',
  shortRounds: 2,
  longRounds: 60,
  async run({ rounds }) {
    const mount = mkdtempSync(join(tmpdir(), 'coresweep-disk-'));
    const mounted = (sizeKiB: number) =>
      spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k`, 'tmpfs', mount]).status === 0;
    if (!mounted(64)) return { tried: 0, found: [], skipped: 'only root may mount a small tmpfs' };
    spawnSync('umount', [mount]);
    const small = await smallSweep(usual({ epochs: 60 }));
    const found: string[] = [];
    let tried = 0;
    for (let round = 0; round < rounds; round++) {
      const sizeKiB = 16 + Math.round((900 * round) / rounds);
      mounted(sizeKiB);
      const database = newDatabase(small.folder);
      const full = join(mount, 'results.db');
      const { code, err, acknowledged } = await start({ ...small, database: full }).ended;
      if (code !== 0) tried += 1;
      if (code !== 0 && code !== 74) found.push(`${sizeKiB} KiB: ended with ${code}: ${err}`);
      // SQLite needs room even to read.
      cpSync(mount, dirname(database), { recursive: true });
      spawnSync('umount', [mount]);
      if (existsSync(database))
        found.push(...faultsAfterKill(database, acknowledged).map((fault) => `${sizeKiB} KiB: ${fault}`));
      found.push(...(await faultsAfterResume(small, database)).map((fault) => `${sizeKiB} KiB: ${fault}`));
    }
    forget(small);
    rmSync(mount, { recursive: true });
    return { tried, found };
  },
};
