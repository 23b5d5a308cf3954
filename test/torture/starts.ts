/** Sweeps that are started on one database at the same moment, each by another path to it: one owns it, the others say who. */

import { chance } from '../fixtures/chance.ts';
import { faultsAfterResume } from './kills.ts';
import { forget, newDatabase, smallSweep } from './small-sweep.ts';
import { faultsBesideLinks, faultsOfHardLink, spellings, startAs } from './spellings.ts';
import type { Suite } from './suite.ts';

/** Two to eight at once. */
export const starts: Suite = {
  unit: 'rounds of 2 to 8 simultaneous starts',
  shortRounds: 1,
  longRounds: 200,
  async run({ rounds, seed }) {
    const small = await smallSweep();
    const random = chance(seed);
    const found: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const database = newDatabase(small.folder);
      const spelled = spellings(database);
      const spelling = (index: number) => spelled[(round + index) % spelled.length] as string;
      const all = Array.from({ length: 2 + Math.floor(7 * random()) }, (_, index) =>
        startAs(small.definition, database, spelling(index)),
      );
      const ended = await Promise.all(all.map(async ({ pid, ended }) => ({ pid, ...(await ended) })));
      const owners = ended.filter(({ code }) => code === 0);
      const refused = ended.filter(({ code }) => code === 75);
      // A late one may find that the first has ended, and then owns a finished run.
      const workers = owners.filter(({ acknowledged }) => acknowledged.size > 0);
      if (workers.length !== 1) found.push(`${workers.length} of ${all.length} swept`);
      if (owners.length + refused.length !== all.length)
        found.push(
          `exit codes ${ended.map(({ code }) => code).join(', ')}: ${ended.map(({ err }) => err).join('')}`,
        );
      for (const { err } of refused) {
        if (!owners.some(({ pid }) => err.includes(`process ${pid} on`)))
          found.push(`the owner is not named: ${err}`);
      }
      found.push(...faultsBesideLinks(database));
      found.push(...(await faultsOfHardLink(small.definition, database, spelling(0))));
      found.push(...(await faultsAfterResume(small, database)));
    }
    forget(small);
    return { tried: rounds, found };
  },
};
