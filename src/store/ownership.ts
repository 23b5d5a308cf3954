/**
 * At most one process writes to a results.db. Its right is a lock that the system takes away when the process ends,
 * however it ends: nothing that a dead process left behind has to be cleaned up or guessed at.
 */
import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import { errors } from '../errors.ts';

/** The process that owns the database, or the last one that did. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/** The file that is locked for as long as a process owns the database; it stays empty. */
export const lockPath = (path: string): string => `${path}-lock`;

/**
 * Takes the right to write to the database at `path`; closing the connection that is returned gives it back.
 * Must be called within a write transaction of `db` that ends with recordOwner(): whoever finds the lock taken, in a
 * transaction of its own, then also finds the owner's name.
 * @throws ERR_DATABASE_OWNED
 */
export function own(db: Database.Database, path: string): Database.Database {
  const lock = new Database(lockPath(path), { timeout: 0 });
  try {
    // Otherwise an empty journal would lie beside the lock.
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN IMMEDIATE');
    return lock;
  } catch (error) {
    lock.close();
    const isTaken = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
    throw isTaken ? errors.databaseOwned(path, ownerOf(db)) : error;
  }
}

/** Writes this process's name into the database. */
export function recordOwner(db: Database.Database): void {
  db.prepare(
    `INSERT OR REPLACE INTO owner (id, pid, host, started_at)
     VALUES (1, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`,
  ).run(process.pid, hostname());
}

/** Undefined where nobody has owned the database yet, or an older version of coresweep did. */
function ownerOf(db: Database.Database): Owner | undefined {
  const hasTable = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'owner'").get();
  if (hasTable === undefined) return undefined;
  return db.prepare<[], Owner>('SELECT pid, host, started_at AS startedAt FROM owner').get();
}
