/** SIGKILL at random instants of small sweeps, once or many times in a row, and on from there. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { CoresweepError } from '../../src/errors.ts';
import { readModelFile } from '../../src/model/model-file.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { chance } from '../fixtures/chance.ts';
import { foreignFaults } from './foreign-files.ts';
import { content, faults, faultsSince, filesBeside, finalsOf, noFinals } from './oracle.ts';
import { newDatabase, type SmallSweep, type StartOptions, smallSweeps, start } from './small-sweep.ts';
import type { Suite, SuiteReport } from './suite.ts';

/** When a sweep is killed: a share of its usual time, or a few milliseconds after it has told of its nth trial. */
type Instant = { readonly share: number } | { readonly afterTrial: number; readonly ms: number };

/** One kill a round; three in ten are aimed at the commits and renames around the end of a trial. */
export const kills: Suite = {
  unit: 'kills',
  shortRounds: 2,
  longRounds: 1_000,
  run: ({ rounds, seed }) =>
    rounded(rounds, 1, seed, (random) =>
      random() < 0.3
        ? { afterTrial: 1 + Math.floor(5 * random()), ms: 10 * random() }
        : { share: 1.1 * random() },
    ),
};

/** Ten kills within one run each. */
export const chains: Suite = {
  unit: 'kills, ten within each run',
  shortRounds: 1,
  longRounds: 100,
  // The first third of a run is the start of the process, which a kill teaches nothing new after the first time.
  run: ({ rounds, seed }) => rounded(rounds, 10, seed, (random) => ({ share: 0.3 + 0.6 * random() })),
};

async function rounded(
  rounds: number,
  each: number,
  seed: number,
  instant: (random: () => number) => Instant,
): Promise<SuiteReport> {
  const sweeps = await smallSweeps();
  const random = chance(seed);
  // Apart, so that more definitions do not move the instants.
  const drawn = chance(~seed);
  const found: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const small = await sweeps.of(drawn());
    const instants = Array.from({ length: each }, () => instant(random));
    const faulty = await killedAt(small, instants);
    found.push(...faulty.map((fault) => `${small.kind}, killed at ${JSON.stringify(instants)}: ${fault}`));
  }
  sweeps.forget();
  return { tried: rounds * each, found };
}

async function killedAt(small: SmallSweep, instants: readonly Instant[]): Promise<string[]> {
  const database = newDatabase(small.folder);
  const found: string[] = [];
  const acknowledged = new Map<number, string>();
  for (const instant of instants) {
    const run = start({ ...small, database });
    if ('share' in instant) await delay(instant.share * small.ms);
    else await run.told(instant.afterTrial).then(() => delay(instant.ms));
    run.kill('SIGKILL');
    const ended = await run.ended;
    for (const [number, state] of ended.acknowledged) acknowledged.set(number, state);
    if (ended.signal === null && ended.code !== small.code)
      found.push(`ended by itself with ${ended.code}: ${ended.err}`);
    if (existsSync(database)) found.push(...faultsAfterKill(database, acknowledged));
  }
  return [...found, ...(await faultsAfterResume(small, database))];
}

/** Runs on to the end, and holds what is left to an undisturbed run's, and to what was final before. */
export async function faultsAfterResume(
  small: SmallSweep,
  database: string,
  options: StartOptions = {},
): Promise<string[]> {
  const found: string[] = [];
  const before = existsSync(database) ? finalsOf(database) : noFinals;
  const last = await start({ ...small, database }, options).ended;
  if (last.code !== small.code) return [`the last run ended with ${last.code}: ${last.err}`];
  // Before this process looks, which leaves files of SQLite's there.
  const files = filesBeside(database);
  const kept = content(database);
  if (kept !== small.expected)
    found.push(`the content differs:\n${kept}\ninstead of\n${small.expected}${failures(database)}`);
  found.push(...faults(database), ...faultsSince(before, finalsOf(database), last.acknowledged.keys()));
  found.push(...foreignFaults(dirname(database)));
  if (files.join() !== small.files.join())
    found.push(`beside it are ${files.join(', ')}, not ${small.files.join(', ')}`);
  return found;
}

/** A line for each trial that was set aside, with its reason. */
function failures(database: string): string {
  const db = new Database(database, { readonly: true });
  const rows = db.prepare("SELECT role, number, attempts, error FROM trial WHERE state = 'failed'").all();
  db.close();
  return rows.map((row) => `\n${JSON.stringify(row)}`).join('');
}

/** Whoever reads finds results, or is told that there are none yet, or that a run must go on first. */
function wordsForReaders(database: string): string[] {
  try {
    openReadOnly(database).close();
    return [];
  } catch (error) {
    const isWords =
      error instanceof CoresweepError && ['ERR_RESULTS_MISSING', 'ERR_CHANGE_CUT_OFF'].includes(error.code);
    return isWords ? [] : [`whoever reads is told: ${String(error)}`];
  }
}

/** What is wrong with a database whose process was killed, and with the files beside it. */
export const faultsAfterKill = (database: string, acknowledged: ReadonlyMap<number, string>): string[] => [
  ...foreignFaults(dirname(database)),
  ...faultsOfResults(database, acknowledged),
];

function faultsOfResults(database: string, acknowledged: ReadonlyMap<number, string>): string[] {
  const model = join(dirname(database), 'bestmodel.json');
  try {
    // Going on would make it anew; whoever looks before that must find a whole one or none.
    if (existsSync(model)) readModelFile(model);
    return [...wordsForReaders(database), ...faults(database, acknowledged)];
  } catch (error) {
    // Before the schema was there, there is nothing to look at, and nothing was told.
    const isEmpty =
      acknowledged.size === 0 &&
      /no such table|unable to open|not a database|readonly database|There are no results/.test(
        String(error),
      );
    return isEmpty ? [] : [String(error)];
  }
}
