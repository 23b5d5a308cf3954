/** Which schema a database has, and that of this program. Not here: older ones (migrate.ts, former.ts). */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { errors } from '../errors.ts';
import { createViews } from './views.ts';

/** SQLite's user_version. */
export const versionOf = (db: Database.Database): number =>
  db.pragma('user_version', { simple: true }) as number;

/** Version of the schema that this program writes (SQLite's user_version). */
export const schemaVersion = 8;
/** 'cswp': tells a coresweep database from any other (SQLite's application_id). */
const applicationId = 0x63737770;

/**
 * Whether the database is ours or has nothing in it yet; throws if it is newer or another program's. Asked in one
 * transaction: between two questions another process may make the schema, and ours would look like a stranger's.
 */
export function identity(db: Database.Database, path: string): 'empty' | 'ours' {
  const ask = db.transaction(() => ({
    version: versionOf(db),
    application: db.pragma('application_id', { simple: true }) as number,
    tables: db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number,
  }));
  const { version, application, tables } = ask();
  if (version > schemaVersion) throw errors.databaseNewer(path, version, schemaVersion);
  if (version >= 1 && application === applicationId) return 'ours';
  if (version === 0 && tables === 0) return 'empty';
  throw errors.databaseForeign(path);
}

export const isCurrent = (db: Database.Database): boolean => versionOf(db) === schemaVersion;

/** Makes the tables and views of this version in an empty database. */
export function createSchema(db: Database.Database): void {
  db.exec(readFileSync(new URL('./schema.sql', import.meta.url), 'utf8'));
  createViews(db);
}
