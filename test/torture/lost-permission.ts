/** The right to write to the run's folder is lost in the middle, for good or for a while, and given back for the next run. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chance } from '../fixtures/chance.ts';
import { faultsAfterKill, faultsAfterResume } from './kills.ts';
import { content } from './oracle.ts';
import { usual } from './small-definitions.ts';
import { forget, newDatabase, type SmallSweep, smallSweep, start } from './small-sweep.ts';
import type { Suite } from './suite.ts';
import { isAnswer } from './system-calls.ts';

/** Permissions bind root as well without these. */
const bound = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : [];

/** When it is lost, and what is: the folder, or the folder and each file in it. */
interface Loss {
  /** Once so many trials were told; 0 is a share of the time before that. */
  readonly afterTrial: number;
  readonly share: number;
  readonly isOfFiles: boolean;
  /** After which it is given back; the run may see nothing of it. */
  readonly ms: number | undefined;
}

export const lostPermission: Suite = {
  unit: 'losses of permission',
  shortRounds: 2,
  longRounds: 200,
  async run({ rounds, seed }) {
    const reason = withoutPermissions();
    if (reason !== undefined) return { tried: 0, found: [], skipped: reason };
    const small = await smallSweep(usual());
    const random = chance(seed);
    const found: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const loss: Loss = {
        afterTrial: Math.floor(4 * random()),
        share: random(),
        isOfFiles: random() < 0.3,
        ms: random() < 0.3 ? 200 * random() : undefined,
      };
      const faults = await faultsOf(small, loss);
      found.push(...faults.map((fault) => `lost at ${JSON.stringify(loss)}: ${fault}`));
    }
    forget(small);
    return { tried: rounds, found };
  },
};

async function faultsOf(small: SmallSweep, loss: Loss): Promise<string[]> {
  const database = newDatabase(small.folder);
  const folder = dirname(database);
  const run = start({ ...small, database }, { wrapper: bound });
  await (loss.afterTrial === 0 ? delay(loss.share * 0.5 * small.ms) : run.told(loss.afterTrial));
  allow(folder, false, loss.isOfFiles);
  if (loss.ms !== undefined)
    await Promise.race([delay(loss.ms), run.ended]).then(() => allow(folder, true, true));
  const ended = await run.ended;
  allow(folder, true, true);
  const found: string[] = [];
  if (!isAnswer(ended)) found.push(`ended with ${ended.code ?? ended.signal}: ${ended.err.slice(-2_000)}`);
  if (existsSync(database)) found.push(...faultsAfterKill(database, ended.acknowledged));
  if (ended.code === 0 && content(database) !== small.expected)
    found.push('ended with 0, but is not finished');
  return [...found, ...(await faultsAfterResume(small, database))];
}

function allow(folder: string, isAllowed: boolean, isOfFiles: boolean): void {
  chmodSync(folder, isAllowed ? 0o700 : 0o500);
  if (!isOfFiles) return;
  for (const name of readdirSync(folder)) {
    try {
      chmodSync(join(folder, name), isAllowed ? 0o600 : 0o400);
    } catch (error) {
      // The run has just removed it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** Why permissions bind nobody here; undefined where they do. */
function withoutPermissions(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'coresweep-permission-'));
  chmodSync(folder, 0o500);
  const attempt = ['sh', '-c', '! touch "$0/a" 2> /dev/null', folder];
  const { status } = spawnSync('env', [...bound, ...attempt]);
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
  return status === 0 ? undefined : 'permissions do not bind this user, and setpriv cannot make them';
}
