/**
 * Many machines, one fault a round, then on to the end: nothing may be lost, nothing be there twice, every bit as undisturbed.
 * Everything runs on this machine, over 127.0.0.1. Not here: workers and runs that are killed (queue-kills.ts).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { keys, prefix, protocol } from '../../src/queue/protocol.ts';
import { chance } from '../fixtures/chance.ts';
import { withoutServer } from '../queue/redis-server.ts';
import { type Machines, machines, trials } from './machines.ts';
import type { Started } from './small-sweep.ts';
import type { Suite } from './suite.ts';

/** Makes trouble while a run is under way. @returns the run that must end well */
type Fault = (world: Machines, run: Started, random: () => number) => Promise<Started>;

/** Many times as long as a lock lasts, and as it takes others to notice. */
const longMs = 40_000;

const faults = {
  async 'the server is killed and has lost everything'(world, run, random) {
    await delay(2_000 * random());
    await world.redis.kill(true);
    await delay(1_000);
    await world.redis.again();
    return run;
  },
  async 'the server is killed and comes back'(world, run, random) {
    await delay(2_000 * random());
    await world.redis.kill();
    await delay(1_000);
    await world.redis.again();
    return run;
  },
  async 'messages of garbage'(world, run) {
    await garbage(world.redis.port);
    return run;
  },
  async 'the network is cut for 5 s'(world, run, random) {
    await delay(2_000 * random());
    await world.proxy.blackHole(5_000);
    return run;
  },
  async 'connections are reset again and again'(world, run) {
    for (let times = 0; times < 10; times++) {
      await delay(300);
      world.proxy.reset();
    }
    return run;
  },
  async 'a worker is stopped for longer than its lock, and goes on'(world, run, random) {
    await delay(2_000 * random());
    world.workers[0]?.kill('SIGSTOP');
    await delay(longMs);
    world.workers[0]?.kill('SIGCONT');
    return run;
  },
  async 'a slow link'(world, run) {
    world.proxy.slowDown(100_000, 20);
    return run;
  },
  async 'a worker ends in order'(world, run, random) {
    await delay(3_000 * random());
    world.workers[0]?.kill('SIGTERM');
    world.addWorker();
    return run;
  },
  async 'a worker whose clock is a day ahead'(world, run) {
    world.addWorker({ NODE_OPTIONS: `--import ${new URL('a-day-off.ts', import.meta.url)}` });
    return run;
  },
  async 'the server’s clock goes back by an hour'(world, run, random) {
    await delay(2_000 * random());
    world.turnClockBack();
    return run;
  },
  async 'messages of 100 MB'(world, run) {
    const redis = new Redis({ host: '127.0.0.1', port: world.redis.port, maxRetriesPerRequest: null });
    const [[study], name] = [await redis.smembers(keys.studies), await queueName(redis)];
    const huge = 'x'.repeat(100_000_000);
    await redis.xadd(keys.news(study as string), '*', 'news', huge);
    await redis.sadd(keys.workers, 'huge');
    await redis.set(keys.worker('huge'), huge, 'PX', 3_000);
    const queue = new Queue(name, { connection: { host: '127.0.0.1', port: world.redis.port }, prefix });
    await queue.add('trial', { text: huge, signature: '' });
    await queue.close();
    redis.disconnect();
    return run;
  },
  async 'the network is cut for 60 s'(world, run, random) {
    await delay(2_000 * random());
    await world.proxy.blackHole(60_000);
    return run;
  },
} as const satisfies Record<string, Fault>;

/** The one queue that there is, once it is. */
async function queueName(redis: Redis): Promise<string> {
  for (;;) {
    const [key] = await redis.keys(`${prefix}:trials-p${protocol}-o*:meta`);
    if (key !== undefined) return key.split(':')[1] as string;
    await delay(50);
  }
}

/** What a confused or hostile neighbour writes to the server. */
async function garbage(port: number): Promise<void> {
  const redis = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: null });
  const name = await queueName(redis);
  const queue = new Queue(name, { connection: { host: '127.0.0.1', port }, prefix });
  for (const data of [
    null,
    'text',
    { text: '{}', signature: '' },
    { text: 'x'.repeat(1_000_000), signature: 'AAAA' },
  ])
    await queue.add('trial', data);
  const [study = ''] = await redis.smembers(keys.studies);
  for (const text of ['', '{', '[]', '{"kind":"ended"}', 'x'.repeat(2_000_000)]) {
    await redis.xadd(keys.news(study), '*', 'news', text);
    await redis.publish(keys.orders(study), text);
    await redis.sadd(keys.workers, `garbage ${text.length}`);
    await redis.set(keys.worker(`garbage ${text.length}`), text, 'PX', 5_000);
  }
  // A worker that lies: an answer whose bytes are not those of its hash, to every trial that is under way.
  const jobs = (await redis.keys(`${prefix}:${name}:${study}.*`)).map((key) => key.split(':')[2] as string);
  for (const job of jobs.filter((id) => !id.includes(':'))) {
    const answer = { inline: Buffer.from('{"state":"done"}').toString('base64') };
    const ended = {
      kind: 'ended',
      job,
      worker: 'liar',
      attempt: 1,
      sha256: '0'.repeat(64),
      answer,
      seconds: 0,
      spans: [],
      log: '',
    };
    await redis.xadd(keys.news(study), '*', 'news', JSON.stringify(ended));
  }
  await queue.close();
  redis.disconnect();
}

export const queue: Suite = {
  unit: 'faults among many machines',
  shortRounds: 3,
  longRounds: 300,
  async run({ rounds, seed, isStrict = true }) {
    if (withoutServer !== undefined) return { tried: 0, found: [], skipped: withoutServer };
    const random = chance(seed);
    const found: string[] = [];
    const kinds = Object.keys(faults) as (keyof typeof faults)[];
    for (let round = 0; round < rounds; round++) {
      const kind = kinds[round % kinds.length] as (typeof kinds)[number];
      const world = await machines(2);
      try {
        const begun = world.run();
        await begun.told(1);
        const run = await faults[kind](world, begun, random);
        const { code, err } = await run.ended;
        if (code !== 0) found.push(`${kind}: the run ended with ${code}: ${err}`);
        found.push(...world.faults().map((fault) => `${kind}: ${fault}\n${err}`));
        // Others may take a trial over on a machine so busy that its worker is silent for too long.
        if (isStrict && kind === 'the server is killed and comes back' && world.executions() > trials)
          found.push(`${kind}: ${world.executions()} trials were begun, of ${trials}`);
      } finally {
        await world.end();
      }
    }
    return { tried: rounds, found };
  },
};
