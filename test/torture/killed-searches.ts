/**
 * SIGKILL at random instants of searches that look at results and prune: TPE with successive halving over a function, a command
 * and the network. Not here: grids (kills.ts).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { chance } from '../fixtures/chance.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import type { Suite } from './suite.ts';

const program = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));

const loss = '(x - 0.5) ** 2 + rate + 3 / step';
const common = { search: { method: 'tpe', trials: 14, lag: 3, startupTrials: 4 } };
const ladder = { method: 'asha', minResource: 1, reductionFactor: 3 };
const space = { x: { float: [-2, 2] }, rate: { float: [0.001, 1], scale: 'log' } };

const definitions = {
  function: {
    ...{ name: 'function', objective: './objective.mjs', metrics: { loss: 'minimise' }, space },
    ...{ ...common, prune: ladder },
  },
  command: {
    ...{ name: 'command', objective: { command: [process.execPath, 'program.mjs'] } },
    ...{ metrics: { loss: 'minimise' }, space, ...common, prune: ladder },
  },
  network: {
    name: 'network',
    data: { source: 'idx', folder: 'data', train: [0, 60], validation: [60, 120] },
    ...{ model: { hidden: [5] }, training: { epochs: 60 }, limits: { checkpointSeconds: 0.05 } },
    space: { learningRate: { float: [0.001, 1], scale: 'log' }, batchSize: [10, 20] },
    ...{ ...common, prune: { ...ladder, minResource: 5 } },
  },
} as const;

function folderOfAll(): string {
  const folder = mkdtempSync(join(tmpdir(), 'coresweep-killed-'));
  writeTinyIdx(join(folder, 'data'));
  for (const [name, definition] of Object.entries(definitions))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(definition));
  writeFileSync(
    join(folder, 'objective.mjs'),
    `import { setTimeout as sleep } from 'node:timers/promises';
     export default async ({ params: { x, rate }, report, checkpoint, restored }) => {
       for (let step = 1 + (restored?.[0] ?? 0); step <= 9; step++) {
         await sleep(5);
         await report(step, { loss: ${loss} });
         checkpoint(Uint8Array.of(step));
       }
     };`,
  );
  writeFileSync(
    join(folder, 'program.mjs'),
    `import { createInterface } from 'node:readline';
     const [line] = await createInterface(process.stdin)[Symbol.asyncIterator]().next().then(({ value }) => [value]);
     const { x, rate } = JSON.parse(line);
     for (let step = 1; step <= 9; step++) console.log(JSON.stringify({ step, loss: ${loss} }));
     process.exit();`,
  );
  return folder;
}

/** Runs a search, and kills it after a while if one is given. @returns its exit code */
async function run(
  folder: string,
  name: string,
  database: string,
  killAfterMs?: number,
): Promise<number | null> {
  const words = ['run', join(folder, `${name}.json`), '--db', database, '--threads', '2', '--format', 'csv'];
  const child = spawn(process.execPath, [program, ...words], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  if (killAfterMs !== undefined) {
    await Promise.race([ended, delay(killAfterMs)]);
    child.kill('SIGKILL');
  }
  return await ended;
}

/** What a search has come to: equal texts are equal points, prunings and values. */
function contentOf(database: string): string {
  const db = new Database(database, { readonly: true });
  try {
    const trials = db
      .prepare(
        `SELECT number, key, params, replicate, state, best_step, best_v1, last_step, last_v1 FROM trial ORDER BY number`,
      )
      .all();
    const reports = db
      .prepare('SELECT number, step, v1 FROM report JOIN trial ON trial.id = trial_id ORDER BY number, step')
      .all();
    return JSON.stringify([trials, reports]);
  } finally {
    db.close();
  }
}

/** Two kills within one search a round. */
export const killedSearches: Suite = {
  unit: 'kills of searches that prune',
  shortRounds: 2,
  longRounds: 300,
  async run({ rounds, seed }) {
    const folder = folderOfAll();
    const random = chance(seed);
    const found: string[] = [];
    const usual = new Map<string, { readonly ms: number; readonly content: string }>();
    for (let round = 0; round < rounds; round++) {
      const names = Object.keys(definitions);
      const name = names[round % names.length] as string;
      let known = usual.get(name);
      if (known === undefined) {
        const begun = performance.now();
        const database = join(folder, `${name}.db`);
        await run(folder, name, database);
        known = { ms: performance.now() - begun, content: contentOf(database) };
        usual.set(name, known);
      }
      const database = join(folder, `${name}-${round}.db`);
      const instants = [0, 1].map(() => (0.2 + 0.8 * random()) * (known as { ms: number }).ms);
      for (const instant of instants) await run(folder, name, database, instant);
      const code = await run(folder, name, database);
      if (code !== 0) found.push(`${name}, killed after ${instants} ms: ended with ${code}`);
      else if (contentOf(database) !== known.content)
        found.push(`${name}, killed after ${instants} ms: other trials than undisturbed`);
    }
    rmSync(folder, { recursive: true });
    return { tried: 2 * rounds, found };
  },
};
