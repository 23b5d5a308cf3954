/**
 * Opening results.db: what is refused, untouched, and which settings hold.
 * Not here: questions and answers, which are in results.ts and store.ts.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { errors } from '../errors.ts';
import { makeFolder } from '../files/write-whole.ts';
import { databaseFile, expectFilesBeside, expectOneName } from './database-file.ts';
import { removeEmptyLog } from './empty-log.ts';
import { explained, withStatements } from './explained.ts';
import { fileSystemType, sharedFileSystem } from './file-system.ts';
import { createFormerViews } from './former.ts';
import { filesInPlace } from './in-place.ts';
import { backUp, migrate } from './migrate.ts';
import { lockPath, own, recordOwner } from './ownership.ts';
import { transaction } from './transaction.ts';
import { createViews } from './views.ts';

/** Version of the schema that this program writes (SQLite's user_version). */
export const schemaVersion = 7;
/** 'cswp': tells a coresweep database from any other (SQLite's application_id). */
const applicationId = 0x63737770;
/** How long opening waits for another program's transaction. */
const openingTimeoutMs = 1_000;
/** How long a write waits, with everything else in the process: short, because whoever writes tries again. */
const writingTimeoutMs = 20;
/** A database up to this size is checked whole when it is opened for writing, which takes a tenth of a second. */
const maxCheckedBytes = 32 * 1024 * 1024;

/** The connection of the one process that writes. */
export interface OwnedDatabase {
  readonly db: Database.Database;
  /** What the user should know about where the database lies. */
  readonly remarks: readonly string[];
  /** @throws ERR_DATABASE_GONE where the file was deleted or replaced since it was opened */
  expectInPlace(): void;
  /** Gives the ownership back; a second call does nothing. */
  close(): void;
}

/**
 * The locks of the files that this process has open for writing, by device and inode. A lock that nobody held on to would
 * be given back by the garbage collector.
 */
const openFiles = new Map<string, Database.Database>();
const fileIdentity = ({ dev, ino }: Stats): string => `${dev}:${ino}`;

/**
 * Opens or creates the database at `given`, with its folder, for the one process that writes; upgrades an older one.
 * @throws ERR_DATABASE_OWNED where another process writes to it
 */
export const openForWriting = (given: string, folderType = fileSystemType): OwnedDatabase =>
  explained(given, () => {
    const path = databaseFile(given);
    makeFolder(dirname(path));
    const file = fileAt(path);
    if (file !== undefined && !isEmpty(path, file)) refuseUnusable(path, file);
    const db = new Database(path, { timeout: openingTimeoutMs });
    return closedOnError(path, db, () => {
      // Before journal_mode, which is the first pragma that would write to the file.
      identity(db, path);
      // Again where refuseUnusable() has looked: a connection that can only read knows no CHECKs.
      expectSound(db, path);
      const remarks = prepareFor(db, path, sharedFileSystem(folderType(dirname(path))));
      const lock = ownAndUpgrade(db, path);
      const wrong = filesInPlace([path, lockPath(path), ...(remarks.length === 0 ? [`${path}-wal`] : [])]);
      const opened = fileIdentity(statSync(path));
      openFiles.set(opened, lock);
      db.pragma(`busy_timeout = ${writingTimeoutMs}`);
      return {
        db,
        remarks,
        expectInPlace() {
          const gone = wrong();
          if (gone !== undefined) throw errors.databaseGone(gone);
        },
        close() {
          if (db.open) emptyLog(db);
          db.close();
          openFiles.delete(opened);
          lock.close();
        },
      };
    });
  })();

/** A connection through which nothing can be written. */
export interface ReadDatabase {
  readonly db: Database.Database;
  /** Leaves no empty write-ahead log behind; a second call does nothing. */
  close(): void;
}

/** Opens the database at `given` such that nothing can be written through it; it must hold results already. */
export const openForReading = (given: string): ReadDatabase =>
  explained(given, () => {
    const path = databaseFile(given);
    const file = fileAt(path);
    if (file === undefined || isEmpty(path, file)) throw errors.resultsMissing(path);
    refuseForeign(path, file);
    const db = new Database(path, { readonly: true, timeout: 2 * openingTimeoutMs });
    return closedOnError(path, db, () => {
      db.pragma('trusted_schema = OFF');
      if (identity(db, path) === 'empty') throw errors.resultsMissing(path);
      const version = db.pragma('user_version', { simple: true }) as number;
      if (version < schemaVersion) createFormerViews(db, version);
      // Of an older database they are others; and what a damaged view says is no more than its text.
      createViews(db, 'for this connection');
      db.pragma('query_only = ON');
      return {
        db,
        close() {
          if (!db.open) return;
          db.close();
          removeEmptyLog(path);
        },
      };
    });
  })();

/** The regular file at `path`, or undefined where there is nothing; a folder or a pipe is refused, a pipe would block. */
function fileAt(path: string): Stats | undefined {
  expectFilesBeside(path);
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return undefined;
  if (file.isDirectory()) throw errors.databaseIsFolder(path);
  if (!file.isFile()) throw errors.notADatabase(path);
  expectOneName(path, file);
  return file;
}

/**
 * Whether there is nothing in the file, or nothing yet: where a process was killed in its very first transaction, the journal
 * beside it says that there was no page before, and SQLite empties the file as soon as somebody writes.
 */
function isEmpty(path: string, file: Stats): boolean {
  if (file.size === 0) return true;
  const journal = `${path}-journal`;
  if (!existsSync(journal)) return false;
  // https://sqlite.org/fileformat2.html#the_rollback_journal
  const header = bytesOf(journal, 20);
  return (
    header.length === 20 &&
    header.toString('hex', 0, 8) === 'd9d505f920a163d7' &&
    header.readUInt32BE(16) === 0
  );
}

/**
 * Throws if the file is no database or a newer one, without changing a byte. SQLite itself cannot promise that:
 * closing the last writing connection moves what another program left in the WAL into the file.
 */
function refuseForeign(path: string, file: Stats): void {
  // It was looked at when it was opened, and closing a second descriptor would drop the locks of the first.
  if (openFiles.has(fileIdentity(file))) return;
  const header = headerOf(path);
  // https://sqlite.org/fileformat2.html#the_database_header
  const version = header.readInt32BE(60);
  if (version > schemaVersion) throw errors.databaseNewer(path, version, schemaVersion);
  if (existsSync(`${path}-wal`)) readingOnly(path, (db) => identity(db, path));
}

/** As refuseForeign(), and throws if the file is damaged. */
function refuseUnusable(path: string, file: Stats): void {
  refuseForeign(path, file);
  if (existsSync(`${path}-wal`)) readingOnly(path, (db) => expectSound(db, path));
}

function readingOnly(path: string, look: (db: Database.Database) => void): void {
  const db = new Database(path, { readonly: true, timeout: openingTimeoutMs });
  closedOnError(path, db, () => look(db));
  db.close();
}

/** The first bytes of a database. */
function headerOf(path: string): Buffer {
  const header = bytesOf(path, 72);
  if (header.length < 72 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0')
    throw errors.notADatabase(path);
  return header;
}

/** The first `count` bytes of a file, or as many as there are. */
function bytesOf(path: string, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  const file = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/**
 * Whether the database is ours or has nothing in it yet; throws if it is newer or another program's. Asked in one
 * transaction: between two questions another process may make the schema, and ours would look like a stranger's.
 */
function identity(db: Database.Database, path: string): 'empty' | 'ours' {
  const ask = db.transaction(() => ({
    version: db.pragma('user_version', { simple: true }) as number,
    application: db.pragma('application_id', { simple: true }) as number,
    tables: db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number,
  }));
  const { version, application, tables } = ask();
  if (version > schemaVersion) throw errors.databaseNewer(path, version, schemaVersion);
  if (version >= 1 && application === applicationId) return 'ours';
  if (version === 0 && tables === 0) return 'empty';
  throw errors.databaseForeign(path);
}

/** Throws if the database is damaged. Larger ones are only measured: reading all of one would hold up every start. */
function expectSound(db: Database.Database, path: string): void {
  db.pragma('cell_size_check = ON');
  const pages = db.pragma('page_count', { simple: true }) as number;
  const bytes = pages * (db.pragma('page_size', { simple: true }) as number);
  const found = statSync(path).size;
  // Pages may still be in the write-ahead log alone, which is there, empty, as soon as anything is asked.
  const logged = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (found < bytes && logged === 0) {
    throw errors.databaseDamaged(path, new Error(`it must have ${bytes} bytes, but has ${found}`));
  }
  if (bytes > maxCheckedBytes) return;
  const faults = db.pragma('quick_check(1)', { simple: true }) as string;
  if (faults !== 'ok') throw errors.databaseDamaged(path, new Error(faults.replaceAll('\n', ' ')));
}

/** Sets what holds for every write; returns what the user should know about it. */
function prepareFor(db: Database.Database, path: string, sharedBy: string | undefined): string[] {
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('foreign_keys = ON');
  if (sharedBy === undefined) {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    return [];
  }
  // WAL needs memory shared by all who have the file open, which other machines cannot share.
  db.pragma('journal_mode = TRUNCATE');
  db.pragma('synchronous = EXTRA');
  return [
    `${path} lies on a shared file system (${sharedBy}): it is written without a write-ahead log, which is slower, and readers may hold up a sweep. A local disk is better (--db).`,
  ];
}

/**
 * Moves the write-ahead log into the database. Closing does that as well, but not beside a reader, such as a dashboard: the
 * file alone would lack the last results for as long as nobody runs anything.
 */
function emptyLog(db: Database.Database): void {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // Nothing is lost: what is in the log is durable, and read from there.
  }
}

/** Takes the ownership, and makes the schema that of this program. Returns the lock. */
function ownAndUpgrade(db: Database.Database, path: string): Database.Database {
  let lock: Database.Database | undefined;
  try {
    transaction(db, () => {
      lock = own(db, path);
      // Asked again inside the transaction: two programs may have found the same empty file.
      if (identity(db, path) === 'empty') createSchema(db);
      if (isCurrent(db)) recordOwner(db);
    });
    if (!isCurrent(db)) {
      backUp(db, path);
      transaction(db, () => {
        migrate(db, schemaVersion);
        recordOwner(db);
      });
    }
    return lock as unknown as Database.Database;
  } catch (error) {
    lock?.close();
    throw error;
  }
}

const isCurrent = (db: Database.Database): boolean =>
  db.pragma('user_version', { simple: true }) === schemaVersion;

/** Makes the tables and views of this version in an empty database. */
export function createSchema(db: Database.Database): void {
  db.exec(readFileSync(new URL('./schema.sql', import.meta.url), 'utf8'));
  createViews(db);
}

function closedOnError<Answer>(path: string, db: Database.Database, act: () => Answer): Answer {
  return withStatements(path, () => db.close(), act);
}
