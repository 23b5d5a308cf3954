/** Reads the files of one hostile suite, and tells its parent of each: `hostile-process.ts MODULE FOLDER ROUNDS SEED`. */

import { chance } from '../fixtures/chance.ts';
import type { HostileFiles, HostileMessage } from './hostile-files.ts';
import { evenly } from './suite.ts';

const [module = '', folder = '', rounds = '', seed = ''] = process.argv.slice(2);
const { hostile } = (await import(module)) as { hostile: HostileFiles };
const found: string[] = [];
const tell = (kind: HostileMessage['kind'], tried: number) => {
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  return new Promise((sent) => process.send?.({ kind, tried, found, peak } satisfies HostileMessage, sent));
};

const chosen = evenly(hostile.attempts(folder, chance(Number(seed)), Number(rounds)), Number(rounds));
for (const [index, attempt] of chosen.entries()) {
  await tell('file', index);
  const fault = await attempt();
  if (fault !== undefined) found.push(fault);
  if (Object.keys(Object.prototype).length > 0) found.push('Object.prototype has changed');
}
await tell('end', chosen.length);
