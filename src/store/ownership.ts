/**
 * At most one process writes to a results.db. Its right is a lock that the system takes away when the process ends,
 * however it ends: nothing that a dead process left behind has to be cleaned up or guessed at.
 */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import Database from 'better-sqlite3';
import { errors } from '../errors.ts';
import { databaseFile } from './database-file.ts';

/** The process that owns the database, or the last one that did. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/** Longer than anybody asks who owns a database. */
const askingMs = 1000;

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
    // Fails where there is an owner, and not where somebody only asks.
    lock.exec('BEGIN IMMEDIATE; ROLLBACK');
    // Exclusive, so that those who may only read the file can tell as well. Nobody comes in between: see above.
    lock.pragma(`busy_timeout = ${askingMs}`);
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw isBusy(error) ? errors.databaseOwned(path, ownerOf(db)) : error;
  }
}

/**
 * Whether a process owns the database at `path` in this moment: it runs, whatever else is recorded of it. Where the lock
 * cannot be read, what is recorded has to be believed.
 */
export function isOwned(path: string): boolean {
  const file = lockPath(databaseFile(path));
  if (!existsSync(file)) return false;
  let lock: Database.Database | undefined;
  try {
    lock = new Database(file, { readonly: true, timeout: 0 });
    lock.pragma('schema_version');
    return false;
  } catch {
    return true;
  } finally {
    lock?.close();
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY';

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
