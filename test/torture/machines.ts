/** A coordinator, workers and a server of the queue, each a process: what is tortured where there are many machines. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type RedisServer, startServer } from '../queue/redis-server.ts';
import { newDatabase, type Started, start, startCommand } from './small-sweep.ts';
import { type TcpProxy, tcpProxy } from './tcp-proxy.ts';

/** Every step follows from the one before and from chance, so that one that is lost or done twice shows in the end. */
const walk = `import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
export async function objective({ params, number, random, restored, report, checkpoint, save }) {
  const state = restored === undefined ? { step: 0, at: 0 } : JSON.parse(Buffer.from(restored).toString());
  appendFileSync(new URL('./executions.txt', import.meta.url), number + ' from ' + state.step + '\\n');
  while (state.step < 20) {
    state.step++;
    state.at += params.x * random();
    await report(state.step, { loss: state.at });
    checkpoint(Buffer.from(JSON.stringify(state)));
    await sleep(params.pause);
  }
  // More than travels within a message.
  save(Buffer.from(('model ' + state.at + ' ').repeat(5_000)));
}
`;

export interface Machines {
  readonly redis: RedisServer;
  /** Between everybody and the server. */
  readonly proxy: TcpProxy;
  readonly workers: Started[];
  readonly database: string;
  addWorker(env?: NodeJS.ProcessEnv): void;
  /** Lets the server's clock go back by an hour. @returns why that cannot be; undefined where it has */
  turnClockBack(): string | undefined;
  /** Starts the run, or goes on with it. */
  run(): Started;
  /** What is wrong with what the run has left. */
  faults(): string[];
  /** How often a trial was begun or gone on with. */
  executions(): number;
  end(): Promise<void>;
}

export const trials = 8;

export async function machines(workers: number): Promise<Machines> {
  const folder = mkdtempSync(join(tmpdir(), 'coresweep-machines-'));
  writeFileSync(join(folder, 'walk.mjs'), walk);
  const definition = join(folder, 'walk.json');
  const x = Array.from({ length: trials }, (_, index) => index + 1);
  writeFileSync(
    definition,
    JSON.stringify({
      ...{
        name: 'walk',
        objective: './walk.mjs',
        metrics: { loss: 'minimise' },
        space: { x, pause: [40] },
      },
      limits: { checkpointSeconds: 0.3 },
    }),
  );
  const clock = clockToTurn(folder);
  const redis = await startServer({ env: clock?.env });
  const proxy = await tcpProxy(redis.port);
  const url = `redis://127.0.0.1:${proxy.port}`;
  const expected = await undisturbed(definition, folder);
  const executions = join(folder, 'executions.txt');
  rmSync(executions, { force: true });
  const database = newDatabase(folder);
  const started: Started[] = [];
  const world: Machines = {
    ...{ redis, proxy, database, workers: [] },
    addWorker(env = {}) {
      const worker = startCommand(['worker', url, '--threads', '1', '--allow', definition], { env });
      started.push(worker);
      this.workers.push(worker);
    },
    turnClockBack() {
      if (clock === undefined) return 'there is no C compiler (cc) here';
      writeFileSync(clock.file, '');
      return undefined;
    },
    run() {
      const options = ['--threads', '0', '--workers', url];
      const run = startCommand(['run', definition, '--db', database, ...options]);
      started.push(run);
      return run;
    },
    faults() {
      if (!existsSync(database)) return ['it has left no database'];
      const left = content(database);
      return left === expected ? [] : [`the content differs:\n${left}\ninstead of\n${expected}`];
    },
    executions: () => readFileSync(executions, 'utf8').split('\n').length - 1,
    async end() {
      for (const each of started) each.kill('SIGKILL');
      await Promise.all(started.map(({ ended }) => ended));
      proxy.close();
      await redis.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (let index = 0; index < workers; index++) world.addWorker();
  return world;
}

/** What a server is started with whose clock goes back once there is a file. */
function clockToTurn(folder: string) {
  const [library, file] = [join(folder, 'clock-back.so'), join(folder, 'back')];
  const source = join(import.meta.dirname, 'clock-back.c');
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl']);
  // Redis frees memory with its own allocator, whatever else is preloaded.
  return status === 0 ? { file, env: { LD_PRELOAD: library, CLOCK_BACK: file } } : undefined;
}

let known: { readonly text: string; readonly content: string } | undefined;

/** What the definition leaves on one machine; the same every time, and so computed once. */
async function undisturbed(definition: string, folder: string): Promise<string> {
  const text = readFileSync(definition, 'utf8');
  if (known?.text === text) return known.content;
  const database = newDatabase(folder);
  const { code, err } = await start({ definition, database }).ended;
  if (code !== 0) throw new Error(`The run failed by itself: ${err}`);
  known = { text, content: content(database) };
  return known.content;
}

/** All that must be the same whoever has run it. */
function content(database: string): string {
  const db = new Database(database, { readonly: true });
  const rows = db
    .prepare(
      `SELECT number, state, best_step, best_v1, last_step, last_v1, model_sha256, error,
              (SELECT count(*) FROM report WHERE trial_id = trial.id) AS reports,
              (SELECT total(v1) FROM report WHERE trial_id = trial.id) AS sum
       FROM trial ORDER BY role, number`,
    )
    .all();
  db.close();
  return rows.map((row) => JSON.stringify(row)).join('\n');
}
