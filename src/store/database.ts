/**
 * Opening results.db: what is refused, untouched, and which settings hold.
 * Not here: questions and answers, which are in results.ts and store.ts.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { errors } from '../errors.ts';
import { explained } from './explained.ts';

/** Version of the schema that this program writes (SQLite's user_version). */
export const schemaVersion = 1;
/** 'cswp': tells a coresweep database from any other (SQLite's application_id). */
const applicationId = 0x63737770;
const busyTimeoutMs = 2_000;

/** Opens or creates the database at `path`, with its folder, for the one connection that writes. */
export const openForWriting = (path: string): Database.Database =>
  explained(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    if (fileAt(path) !== undefined) refuseForeign(path);
    const db = new Database(path, { timeout: busyTimeoutMs });
    return closedOnError(db, () => {
      // Before journal_mode, which is the first pragma that would write to the file.
      identity(db, path);
      db.pragma('trusted_schema = OFF');
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.pragma('foreign_keys = ON');
      createSchema(db, path);
    });
  })();

/** Opens the database at `path` such that nothing can be written through it; it must hold results already. */
export const openForReading = (path: string): Database.Database =>
  explained(path, () => {
    const file = fileAt(path);
    if (file === undefined || file.size === 0) throw errors.resultsMissing(path);
    refuseForeign(path);
    const db = new Database(path, { readonly: true, timeout: busyTimeoutMs });
    return closedOnError(db, () => {
      db.pragma('trusted_schema = OFF');
      db.pragma('query_only = ON');
      if (identity(db, path) === 'empty') throw errors.resultsMissing(path);
    });
  })();

/** The regular file at `path`, or undefined where there is nothing; a folder or a pipe is refused, a pipe would block. */
function fileAt(path: string): Stats | undefined {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file !== undefined && !file.isFile()) throw errors.notADatabase(path);
  return file;
}

/**
 * Throws if the file is no database or a newer one, without changing a byte. SQLite itself cannot promise that:
 * closing the last writing connection moves what another program left in the WAL into the file.
 */
function refuseForeign(path: string): void {
  const header = Buffer.alloc(72);
  const file = openSync(path, 'r');
  try {
    const length = readSync(file, header);
    if (length === 0) return;
    if (length < header.length || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
      throw errors.notADatabase(path);
    }
  } finally {
    closeSync(file);
  }
  // https://sqlite.org/fileformat2.html#the_database_header
  const version = header.readInt32BE(60);
  if (version > schemaVersion) throw errors.databaseNewer(path, version, schemaVersion);
  if (!existsSync(`${path}-wal`)) return;
  const db = new Database(path, { readonly: true, timeout: busyTimeoutMs });
  closedOnError(db, () => identity(db, path)).close();
}

/** Whether the database is ours or has nothing in it yet; throws if it is newer or another program's. */
function identity(db: Database.Database, path: string): 'empty' | 'ours' {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > schemaVersion) throw errors.databaseNewer(path, version, schemaVersion);
  if (version === schemaVersion && db.pragma('application_id', { simple: true }) === applicationId)
    return 'ours';
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (version === 0 && tables === 0) return 'empty';
  throw errors.databaseForeign(path);
}

function createSchema(db: Database.Database, path: string): void {
  const schema = readFileSync(new URL('./schema.sql', import.meta.url), 'utf8');
  const createOnce = db.transaction(() => {
    // Asked again inside the transaction: two programs may have found the same empty file.
    if (identity(db, path) === 'empty') db.exec(schema);
  });
  if (identity(db, path) === 'empty') createOnce.immediate();
}

function closedOnError(db: Database.Database, prepare: () => void): Database.Database {
  try {
    prepare();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
