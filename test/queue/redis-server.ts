/** A server of the queue for tests: on this machine only, at a free port, ended by whoever has started it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { queueAddress } from '../../src/queue/address.ts';
import { openServer, type Server } from '../../src/queue/server.ts';

const programs = ['redis-server', 'valkey-server'];

/** The program that is here; undefined where there is none. */
const program = programs.find((name) => spawnSync(name, ['--version']).status === 0);

/** Why there is no server; undefined where there can be one. */
export const withoutServer: string | undefined =
  program === undefined
    ? 'neither redis-server nor valkey-server is installed (Debian: apt install redis-server)'
    : undefined;

export const freePort = async (): Promise<number> =>
  await new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** Kills it. @param forgets whether what it has written goes as well */
  kill(forgets?: boolean): Promise<void>;
  /** Starts it again where it was. */
  again(): Promise<void>;
  end(): Promise<void>;
}

/** A test that is cut off ends them too. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export const startRedis = (...options: readonly string[]): Promise<RedisServer> => startServer({ options });

/** The queue on a server of its own, which ends with the test. */
export async function queueOnRedis(
  t: Pick<Test, 'teardown'>,
): Promise<{ redis: RedisServer; server: Server }> {
  const redis = await startRedis();
  t.teardown(() => redis.end());
  const server = await openServer(queueAddress(redis.url, {}, false));
  t.teardown(() => server.close());
  return { redis, server };
}

export async function startServer({
  options = [],
  env,
}: {
  readonly options?: readonly string[];
  readonly env?: NodeJS.ProcessEnv | undefined;
}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'coresweep-redis-'));
  const port = await freePort();
  let child: ChildProcess;
  const start = async () => {
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
    child = spawn(program as string, [...args, '--appendonly', 'yes', ...options], {
      stdio: 'ignore',
      env: { ...process.env, ...env },
    });
    running.add(child);
    while (spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' }).stdout !== 'PONG\n') {
      if (child.exitCode !== null) throw new Error(`The server does not start with ${options.join(' ')}.`);
      await sleep(20);
    }
  };
  const kill = async (forgets = false) => {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGKILL')) await exited;
    running.delete(child);
    if (forgets) rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true });
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child.pid as number;
    },
    kill,
    again: start,
    async end() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
