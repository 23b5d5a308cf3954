/**
 * Reads everything that a database holds and names what is damaged.
 * Not here: mending anything, and training again, which finds what was wrong when it was written (sweep/verify.ts).
 */
import type Database from 'better-sqlite3';
import { CoresweepError } from '../errors.ts';
import { type CheckpointRow, checkpointOf } from './checkpoint-row.ts';
import { openForReading } from './database.ts';
import { covered, DamagedRecord, expectIntact, type Sealed } from './digest.ts';
import { explained, withStatements } from './explained.ts';
import { type Results, resultsOf } from './results.ts';
import { versionOf } from './schema.ts';
import { schemaFaults } from './schema-faults.ts';
import { rowsOf } from './seals.ts';
import { hasDigests } from './soundness.ts';
import { isIntactFormer } from './to-version-5.ts';

type AnyCheckpoint = CheckpointRow & Parameters<typeof isIntactFormer>[0];

export interface Checked {
  readonly experiments: number;
  readonly trials: number;
  /** Whether records have digests: those of a database that an older version has written last do not. */
  readonly hasDigests: boolean;
  /** A sentence each, without repetitions; empty where everything is as it was written. */
  readonly damage: readonly string[];
}

/** How many faults SQLite itself reports at most. */
const mostFaults = 100;

/** @throws CoresweepError where there is no database of coresweep's to check */
export function checkDatabase(path: string): Checked {
  const { db, close } = openForReading(path);
  try {
    return explained(path, () =>
      checked(
        db,
        withStatements(path, close, () => resultsOf(db, path)),
      ),
    )();
  } finally {
    close();
  }
}

function checked(db: Database.Database, results: Omit<Results, 'close'>): Checked {
  const version = versionOf(db);
  const damage = new Damage();
  checkFile(db, damage);
  if (hasDigests(version)) checkDigests(db, version, damage);
  const experiments = idsIn(db, 'experiment', damage);
  const trials = idsIn(db, 'trial', damage);
  for (const id of experiments)
    for (const question of ['trials', 'ranked', 'spans', 'sessions', 'machines', 'stints'] as const)
      damage.check(() => results[question](id));
  for (const id of trials) {
    damage.check(() => results.reports(id));
    damage.check(() => results.log(id));
    for (const name of ['best', 'last', 'model'] as const) damage.check(() => results.artifact(id, name));
  }
  // The first version had none.
  if (version >= 2) checkCheckpoints(db, version, damage);
  return {
    experiments: experiments.length,
    trials: trials.length,
    hasDigests: hasDigests(version),
    damage: damage.found,
  };
}

/** What was found to be damaged; the same may be met more than once. */
class Damage {
  readonly #found = new Set<string>();

  get found(): string[] {
    return [...this.#found];
  }

  add(text: string): void {
    this.#found.add(text);
  }

  /** Adds what `look` throws, and goes on. */
  check(look: () => void): void {
    try {
      look();
    } catch (error) {
      const cause = error instanceof CoresweepError ? (error.cause ?? error) : error;
      if (!(cause instanceof Error)) throw error;
      this.add(cause instanceof DamagedRecord ? `${cause.record} ${cause.message}` : cause.message);
    }
  }
}

/** What SQLite itself can say, and whether tables, views and indexes are as they were made. */
function checkFile(db: Database.Database, damage: Damage): void {
  damage.check(() => {
    const faults = db.pragma(`integrity_check(${mostFaults})`) as { integrity_check: string }[];
    for (const { integrity_check: fault } of faults) if (fault !== 'ok') damage.add(`SQLite: ${fault}`);
  });
  damage.check(() => {
    for (const { table, parent } of db.pragma('foreign_key_check') as { table: string; parent: string }[])
      damage.add(`a row of the table ${table} belongs to no row of ${parent}`);
  });
  damage.check(() => {
    for (const fault of schemaFaults(db)) damage.add(fault);
  });
}

function checkDigests(db: Database.Database, version: number, damage: Damage): void {
  const rows = rowsOf(version);
  for (const table of Object.keys(covered) as Sealed[])
    damage.check(() => {
      for (const row of db.prepare<[], object>(rows[table]).iterate())
        damage.check(() => expectIntact(table, row));
    });
}

function checkCheckpoints(db: Database.Database, version: number, damage: Damage): void {
  damage.check(() => {
    for (const row of db.prepare<[], AnyCheckpoint>('SELECT * FROM checkpoint').iterate())
      if (version < 5 ? !isIntactFormer(row) : checkpointOf(row) === undefined)
        damage.add(`the checkpoint of the trial with id ${row.trial_id} is not what was written`);
  });
}

function idsIn(db: Database.Database, table: 'experiment' | 'trial', damage: Damage): number[] {
  let ids: number[] = [];
  damage.check(() => {
    ids = db.prepare<[], number>(`SELECT id FROM ${table} ORDER BY id`).pluck().all();
  });
  return ids;
}
