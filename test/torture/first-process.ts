/** Killed as process 1 of a container while bestmodel.json is being written, and on from there: every process has that number. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chance } from '../fixtures/chance.ts';
import { faultsAfterKill, faultsAfterResume } from './kills.ts';
import { usual } from './small-definitions.ts';
import { forget, newDatabase, type SmallSweep, smallSweep, start } from './small-sweep.ts';
import { type Suite, withoutStrace } from './suite.ts';
import { strace } from './system-calls.ts';

const namespace = ['unshare', '--pid', '--fork', '--mount-proc'];

/** One to three kills in a row in each round. */
export const firstProcess: Suite = {
  unit: 'kills of process 1 in the middle of bestmodel.json',
  shortRounds: 1,
  longRounds: 200,
  async run({ rounds, seed }) {
    const reason = withoutNamespaces() ?? withoutStrace();
    if (reason !== undefined) return { tried: 0, found: [], skipped: reason };
    const small = await smallSweep(usual({ epochs: 60 }));
    const random = chance(seed);
    const found: string[] = [];
    let tried = 0;
    for (let round = 0; round < rounds; round++) {
      const kills = 1 + Math.floor(3 * random());
      tried += kills;
      const faults = await faultsOf(small, kills);
      found.push(...faults.map((fault) => `killed ${kills} times: ${fault}`));
    }
    forget(small);
    return { tried, found };
  },
};

async function faultsOf(small: SmallSweep, kills: number): Promise<string[]> {
  const database = newDatabase(small.folder);
  const folder = dirname(database);
  const found: string[] = [];
  for (let killed = 0; killed < kills; ) {
    // From outside, for a process 1 does not die of signals from its own namespace. The first that a run renames is the model,
    // but for what it has compiled, and what a slow one says of itself while it runs.
    const inject = ['-e', 'inject=rename:signal=SIGKILL:when=1'];
    const log = join(small.folder, 'killed.txt');
    const traced = strace(log, 'rename', inject);
    const ended = await start(
      { ...small, database },
      { wrapper: [...traced, 'env', 'NODE_DISABLE_COMPILE_CACHE=1', ...namespace] },
    ).ended;
    if (existsSync(database)) found.push(...faultsAfterKill(database, ended.acknowledged));
    const renamed = readFileSync(log, 'utf8');
    // Of what it has compiled or says of itself: not counted.
    if (!renamed.includes('bestmodel.json') && renamed.includes('.new"')) continue;
    killed++;
    const written = readdirSync(folder).filter((name) => /^coresweep-1-[\da-f-]{36}\.tmp$/.test(name));
    if (!renamed.includes('bestmodel.json') || written.length !== 1)
      found.push(`ended with ${ended.code ?? ended.signal}, leaving ${written.join(', ')}: ${ended.err}`);
  }
  return [...found, ...(await faultsAfterResume(small, database, { wrapper: namespace }))];
}

/** Why there is no process 1 of our own here; undefined where there is. */
function withoutNamespaces(): string | undefined {
  return spawnSync('env', [...namespace, 'true']).status === 0
    ? undefined
    : 'a namespace of processes may not be made here (unshare --pid), as only root may';
}
