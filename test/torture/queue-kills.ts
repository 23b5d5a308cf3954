/** Workers and runs killed at random instants, in turn: nothing may be lost, nothing be there twice, every bit as undisturbed. */
import { setTimeout as delay } from 'node:timers/promises';
import { chance } from '../fixtures/chance.ts';
import { withoutServer } from '../queue/redis-server.ts';
import { type Machines, machines } from './machines.ts';
import type { Suite } from './suite.ts';

export const queueKills: Suite = {
  unit: 'kills of workers and runs in turn',
  shortRounds: 2,
  longRounds: 200,
  async run({ rounds, seed }) {
    if (withoutServer !== undefined) return { tried: 0, found: [], skipped: withoutServer };
    const random = chance(seed);
    const found: string[] = [];
    let tried = 0;
    while (tried < rounds) {
      const world = await machines(2);
      try {
        const { kills, faults } = await killed(world, rounds - tried, tried % 2 === 0, random);
        tried += kills;
        found.push(...faults.map((fault) => `after ${tried} kills: ${fault}`));
      } finally {
        await world.end();
      }
    }
    return { tried, found };
  },
};

/** One run, killed until it is at its end. */
async function killed(world: Machines, most: number, isWorkersTurn: boolean, random: () => number) {
  let run = world.run();
  let kills = 0;
  while (kills < most) {
    const isOver = await Promise.race([run.ended.then(() => true), delay(200 + 2_500 * random(), false)]);
    if (isOver) break;
    if ((kills % 2 === 0) === isWorkersTurn) {
      world.workers.shift()?.kill('SIGKILL');
      world.addWorker();
    } else {
      run.kill('SIGKILL');
      await run.ended;
      run = world.run();
    }
    kills++;
  }
  const { code, err } = await run.ended;
  const faults = world.faults();
  if (code !== 0) faults.push(`the run ended with ${code}: ${err}`);
  return { kills, faults };
}
