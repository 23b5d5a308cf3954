/** What many machines cost, each of them a process here: a trial's way through the queue, a lost worker, a crowd of workers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Executor, Job } from '../src/execute/executor.ts';
import { queueAddress } from '../src/queue/address.ts';
import { queueExecutor } from '../src/queue/coordinator.ts';
import { openServer } from '../src/queue/server.ts';
import { type RedisServer, startRedis, withoutServer } from '../test/queue/redis-server.ts';
import { type Contestant, timeInTurn } from './process.ts';

export { withoutServer };

const program = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
const simulated = join(import.meta.dirname, 'simulated-workers.ts');
const metrics = [{ name: 'loss', goal: 'minimise' }] as const;

export interface Crowd {
  readonly trialsPerSecond: number;
  readonly msPerTrial: number;
  /** Of CPU time, which says more on a busy machine: of the coordinator, of all workers, of the server. */
  readonly cpuMsPerTrial: readonly [number, number, number];
  /** Of the coordinator, in MiB. */
  readonly memoryMiB: number;
}

/** Trials that do nothing, at so many workers of so many threads each, all in one process. */
export async function crowd(workers: number, threads: number, trials: number): Promise<Crowd> {
  return await withCoordinator(async (executor, { url, pid }, hash) => {
    const child = started([simulated, url, String(workers), String(threads), hash]);
    const spent = () => [process.pid, child.pid as number, pid].map(cpuMs) as [number, number, number];
    try {
      await executor.ready();
      while (executor.seats < workers * threads) await sleep(100);
      // Every engine compiles what is hot first.
      await startAll(executor, 0, Math.ceil(trials / 10));
      const [from, before] = [performance.now(), spent()];
      await startAll(executor, trials, trials);
      const [ms, after] = [performance.now() - from, spent()];
      return {
        trialsPerSecond: (1000 * trials) / ms,
        msPerTrial: ms / trials,
        cpuMsPerTrial: after.map((cpu, at) => (cpu - (before[at] as number)) / trials) as [
          number,
          number,
          number,
        ],
        memoryMiB: process.memoryUsage().rss / 2 ** 20,
      };
    } finally {
      child.kill('SIGKILL');
    }
  });
}

/** User and system time that a process has had, all its threads; none where there is no /proc. */
function cpuMs(pid: number): number {
  if (!existsSync(`/proc/${pid}/stat`)) return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  // In hundredths of a second, as every Linux has it.
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Trials numbered from `from` + 1 on. */
async function startAll(executor: Executor, from: number, trials: number): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  for (let number = 1; number <= trials; number++) {
    while (underWay.size >= executor.capacity(trials - number)) await Promise.race(underWay);
    const { outcome } = executor.start(jobOf(from + number));
    const over: Promise<unknown> = outcome.then(() => underWay.delete(over));
    underWay.add(over);
  }
  await Promise.all(underWay);
}

const jobOf = (number: number): Job => ({
  ...{
    number,
    role: 'search',
    key: `key${number}`,
    replicate: 0,
    params: { x: number },
    attempt: 1,
    seed: 1,
  },
  ...{ start: { from: 'nothing' }, limits: { silentSeconds: 60 } },
});

async function withCoordinator<Answer>(
  act: (executor: Executor, redis: RedisServer, hash: string) => Promise<Answer>,
): Promise<Answer> {
  const redis = await startRedis();
  const server = await openServer(queueAddress(redis.url, {}, false));
  const hash = randomBytes(32).toString('hex');
  const executor = queueExecutor({
    ...{ server, study: randomBytes(8).toString('hex'), name: 'bench', version: '0', pauses: false, metrics },
    ...{ service: { kind: 'objective', hash }, checkpointSeconds: 0.2, password: '', tell: () => {} },
    onConflict(error) {
      throw error;
    },
  });
  try {
    return await act(executor, redis, hash);
  } finally {
    await executor.close();
    await server.close();
    await redis.end();
  }
}

/** Seconds from the death of a worker to the first report of its trial from another one. */
export async function secondsToElsewhere(): Promise<number> {
  return await withCoordinator(async (executor, { url }, hash) => {
    const stuck = join(import.meta.dirname, 'patient-worker.ts');
    const children = [started([stuck, url, hash])];
    try {
      await executor.ready();
      const running = executor.start(jobOf(1));
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      running.onReport(() => void resolve());
      await begun;
      children.push(started([stuck, url, hash]));
      while (executor.seats < 2) await sleep(50);
      const step = running.progress().last?.step ?? 0;
      children[0]?.kill('SIGKILL');
      const from = performance.now();
      while ((running.progress().last?.step ?? 0) <= step + 50) await sleep(10);
      return (performance.now() - from) / 1000;
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  });
}

/** Seconds of the paper's phase 1: one process of two threads, and two workers of one thread each with a run of none. */
export async function paperSeconds(folder: string, rounds: number): Promise<readonly (readonly number[])[]> {
  const redis = await startRedis();
  const workers = [1, 2].map(() => started([program, 'worker', redis.url, '--threads', '1']));
  await sleep(3_000);
  const paper = fileURLToPath(new URL('../experiments/paper.ts', import.meta.url));
  const contestant = (name: string, ...options: readonly string[]): Contestant => ({
    name,
    command: process.execPath,
    args: [program, 'run', paper, '--phase', '1', '--fresh', '--db', join(folder, `${name}.db`), ...options],
  });
  try {
    const timings = await timeInTurn(
      [
        contestant('one-process', '--threads', '2'),
        contestant('two-workers', '--threads', '0', '--workers', redis.url),
      ],
      rounds,
    );
    return timings.map(({ seconds }) => seconds);
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await redis.end();
  }
}

const started = (args: readonly string[]): ChildProcess => spawn(process.execPath, args, { stdio: 'ignore' });
