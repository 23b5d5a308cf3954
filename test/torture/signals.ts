/** Ctrl-C and its like at random instants, once and twice, and pipes that close. */
import { setTimeout as delay } from 'node:timers/promises';
import { chance } from '../fixtures/chance.ts';
import { faultsAfterKill, faultsAfterResume } from './kills.ts';
import { content } from './oracle.ts';
import { usual } from './small-definitions.ts';
import { forget, newDatabase, type SmallSweep, smallSweep, start } from './small-sweep.ts';
import type { Suite } from './suite.ts';

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Name = keyof typeof exitCodes;

/** An orderly end, and a hasty one; both with room for a machine that is busy otherwise. */
export const orderlyMs = 2_000 + 500;
const hastyMs = 500 + 500;

export const signals: Suite = {
  unit: 'signals',
  shortRounds: 2,
  longRounds: 200,
  async run({ rounds, seed, isStrict = true }) {
    const small = await smallSweep(usual({ epochs: 1_500 }));
    const random = chance(seed);
    const found: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const name = Object.keys(exitCodes)[Math.floor(3 * random())] as Name;
      const secondAfter = random() < 0.4 ? 20 + Math.floor(1_200 * random()) : undefined;
      const at = 0.35 + 0.6 * random();
      const faults = await faultsOf(small, name, at, isStrict ? 1 : 200, secondAfter);
      found.push(...faults.map((fault) => `${name} at ${at}, again after ${secondAfter} ms: ${fault}`));
    }
    forget(small);
    return { tried: rounds, found };
  },
};

async function faultsOf(
  small: SmallSweep,
  name: Name,
  at: number,
  patience: number,
  secondAfter?: number,
): Promise<string[]> {
  const database = newDatabase(small.folder);
  const run = start({ ...small, database });
  await delay(at * small.ms);
  const first = performance.now();
  run.kill(name);
  let last = first;
  if (secondAfter !== undefined) {
    await Promise.race([delay(secondAfter), run.ended]);
    last = performance.now();
    run.kill(name);
  }
  const ended = await run.ended;
  const found: string[] = [];
  // Before the program listens, the system's own answer to a signal holds.
  if (ended.signal === name && ended.err === '') return faultsAfterResume(small, database);
  // It had ended before the signal came; while Node takes itself down, nobody listens any more.
  const wasOver = ended.code === 0 || (ended.signal === name && content(database) === small.expected);
  if (wasOver)
    return content(database) === small.expected
      ? faultsAfterKill(database, ended.acknowledged)
      : ['ended with 0, but is not finished'];
  if (ended.code !== exitCodes[name]) found.push(`ended with ${ended.code ?? ended.signal}: ${ended.err}`);
  const isHasty = secondAfter !== undefined && secondAfter > 300;
  const took = performance.now() - (isHasty ? last : first);
  if (took > patience * (isHasty ? hastyMs : orderlyMs)) found.push(`took ${took} ms to end`);
  if (secondAfter === undefined && !/^Stopped\. To go on: node .*small\.json --db .*$/m.test(ended.err))
    found.push(`no command to go on: ${ended.err}`);
  found.push(...faultsAfterKill(database, ended.acknowledged));
  return [...found, ...(await faultsAfterResume(small, database))];
}
