/**
 * Ctrl-C and its like during every verb of the command line: each ends soon, and leaves a sound database.
 * Not here: what a sweep does with signals at its many instants (signals.ts).
 */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { verbs } from '../../src/cli.ts';
import { chance } from '../fixtures/chance.ts';
import { faultsAfterKill, faultsAfterResume } from './kills.ts';
import { filesBeside } from './oracle.ts';
import { orderlyMs } from './signals.ts';
import { usual } from './small-definitions.ts';
import { forget, newDatabase, type SmallSweep, smallSweep, start, startCommand } from './small-sweep.ts';
import { evenly, type Suite } from './suite.ts';

const names = ['SIGINT', 'SIGTERM'] as const;

/** What is typed after each verb about the finished run at `db`; `run` has a new one. */
const linesOf = ({ definition, folder }: SmallSweep, db: string): Readonly<Record<string, string[]>> => ({
  run: [definition, '--db', db, '--threads', '2'],
  status: ['--db', db],
  list: ['--db', db],
  leaderboard: ['--db', db],
  importances: ['--db', db],
  show: ['1', '--db', db],
  compare: ['1', '2', '--db', db],
  replay: ['--db', db],
  report: ['--db', db],
  plot: ['--db', db],
  dashboard: ['--db', db, '--port', '0', '--open', 'no'],
  query: [
    'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n',
    '--db',
    db,
  ],
  verify: ['--db', db, '--base', folder, '--threads', '2'],
  check: ['--db', db],
  export: ['trials', '--db', db],
  predict: [
    join(folder, 'data', 't10k-images-idx3-ubyte'),
    ...['--rows', '0..9', '--model', join(dirname(db), 'bestmodel.json')],
  ],
  import: [join(folder, 'winner.safetensors'), '-o', '-', '--db', db],
  schema: [],
  cache: [],
});

/** They only end when somebody ends them. */
const endless: readonly string[] = ['dashboard', 'query'];

export const signalsToVerbs: Suite = {
  unit: 'signals to verbs',
  shortRounds: 4,
  longRounds: 320,
  async run({ rounds, seed, isStrict = true }) {
    // Ten trials, which `importances` asks for.
    const small = await smallSweep(usual({ epochs: 120, batchSize: [16, 24, 32, 48, 64] }));
    const finished = newDatabase(small.folder);
    await start({ ...small, database: finished }).ended;
    const weights = join(small.folder, 'winner.safetensors');
    await startCommand(['export', 'winner', '-o', weights, '--db', finished]).ended;
    const random = chance(seed);
    const known = Object.keys(linesOf(small, finished));
    const all = known.flatMap((verb) => names.map((name) => ({ verb, name })));
    const found = Object.keys(verbs)
      // These three hand out trials: ask-and-tell and the queue have faults of their own.
      .filter((verb) => ![...known, 'worker', 'ask', 'tell'].includes(verb))
      .map((verb) => `the verb "${verb}" is new: give it a line here`);
    for (let tried = 0; tried < rounds; tried += all.length) {
      for (const { verb, name } of evenly(all, rounds - tried)) {
        const share = 0.3 + 0.7 * random();
        const faults = await faultsOf(small, finished, verb, name, share, isStrict ? 1 : 10);
        found.push(...faults.map((fault) => `${name} at ${share} of ${verb}: ${fault}`));
      }
    }
    forget(small);
    return { tried: rounds, found };
  },
};

async function faultsOf(
  small: SmallSweep,
  finished: string,
  verb: string,
  name: (typeof names)[number],
  share: number,
  patience: number,
): Promise<string[]> {
  const line = (db: string) => [verb, ...(linesOf(small, db)[verb] ?? [])];
  const usual = endless.includes(verb)
    ? 1.5 * small.ms
    : share * (await usualMs(line(copyOf(small, finished, verb))));
  const database = copyOf(small, finished, verb);
  const run = startCommand(line(database));
  await delay(usual);
  const signalled = performance.now();
  run.kill(name);
  const found: string[] = [];
  const deadline = setTimeout(
    () => {
      found.push('it does not end');
      run.kill('SIGKILL');
    },
    patience * orderlyMs + 2_000,
  );
  const { code, signal, err, acknowledged } = await run.ended;
  clearTimeout(deadline);
  const took = performance.now() - signalled;
  if (took > patience * orderlyMs) found.push(`took ${took} ms to end`);
  // Whoever does not listen is ended by the system; what had ended before the signal came has ended well.
  const isEnd = signal === name || code === 128 + constants.signals[name] || code === 0;
  if (!isEnd || /^\s+at /m.test(err)) found.push(`ended with ${code ?? signal}: ${err}`);
  found.push(...faultsOfOutput(small, database), ...faultsAfterKill(database, acknowledged));
  return [...found, ...(await faultsAfterResume(small, database))];
}

/** How long it takes when nobody interrupts it. */
async function usualMs(line: readonly string[]): Promise<number> {
  const before = performance.now();
  const { code, err } = await startCommand(line).ended;
  if (code !== 0) throw new Error(`coresweep ${line.join(' ')} failed by itself: ${err}`);
  return performance.now() - before;
}

/** Of a database in a folder of its own: nothing yet for `run`, else the finished run. */
function copyOf({ folder }: SmallSweep, finished: string, verb: string): string {
  const database = newDatabase(folder);
  if (verb !== 'run') cpSync(dirname(finished), dirname(database), { recursive: true });
  return database;
}

/** Looks whether reports and pictures are whole, and takes them away: no run leaves them. */
function faultsOfOutput({ files }: SmallSweep, database: string): string[] {
  const outputs = filesBeside(database).filter(
    (name) => !files.includes(name) && /\.(?:html|svg)$/.test(name),
  );
  return outputs.flatMap((name) => {
    const path = join(dirname(database), name);
    const isWhole = /<\/(?:html|svg)>\s*$/.test(readFileSync(path, 'utf8'));
    rmSync(path);
    return isWhole ? [] : [`${name} is not whole`];
  });
}
