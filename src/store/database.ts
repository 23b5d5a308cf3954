/**
 * Opening results.db: for the one process that writes, or for reading alone, and which settings hold.
 * Not here: what is refused (usable-file.ts); questions and answers, which are in results.ts and store.ts.
 */
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { errors } from '../errors.ts';
import { makeFolder } from '../files/write-whole.ts';
import { openAtRest } from './at-rest.ts';
import { databaseFile } from './database-file.ts';
import { removeEmptyLog } from './empty-log.ts';
import { explained, withStatements } from './explained.ts';
import { fileSystemType, sharedFileSystem } from './file-system.ts';
import { createFormerViews } from './former.ts';
import { filesInPlace } from './in-place.ts';
import { takingAway } from './made-anew.ts';
import { backUp, migrate } from './migrate.ts';
import { lockPath, own, recordOwner } from './ownership.ts';
import { createSchema, identity, isCurrent, schemaVersion, versionOf } from './schema.ts';
import { transaction } from './transaction.ts';
import { expectResults, expectSound, expectWritable, holdOpen, openingTimeoutMs } from './usable-file.ts';
import { createViews } from './views.ts';

/** How long a write waits, with everything else in the process: short, because writers try again. */
const writingTimeoutMs = 20;

/** The connection of the one process that writes. */
export interface OwnedDatabase {
  readonly db: Database.Database;
  /** What the user should know about where the database lies. */
  readonly remarks: readonly string[];
  /** @throws ERR_DATABASE_GONE where the file was deleted or replaced since it was opened */
  expectInPlace(): void;
  /** Gives the ownership back, and takes away a database that was made anew and holds no run; a second call does nothing. */
  close(): void;
}

/**
 * Opens or creates the database at `given`, with its folder, for the one process that writes; upgrades an older one.
 * @throws ERR_DATABASE_OWNED where another process writes to it
 */
export const openForWriting = (given: string, folderType = fileSystemType): OwnedDatabase =>
  explained(given, () => {
    const path = databaseFile(given);
    const takeAway = takingAway(path);
    makeFolder(dirname(path));
    expectWritable(path);
    const db = new Database(path, { timeout: openingTimeoutMs });
    return withStatements(
      path,
      () => db.close(),
      () => {
        // Before journal_mode, which is the first pragma that would write to the file.
        identity(db, path);
        // Again where expectWritable() has looked: a connection that can only read knows no CHECKs.
        expectSound(db, path);
        const remarks = prepareFor(db, path, sharedFileSystem(folderType(dirname(path))));
        const lock = ownAndUpgrade(db, path);
        const wrong = filesInPlace([path, lockPath(path), ...(remarks.length === 0 ? [`${path}-wal`] : [])]);
        const letGo = holdOpen(path, lock);
        db.pragma(`busy_timeout = ${writingTimeoutMs}`);
        return {
          db,
          remarks,
          expectInPlace() {
            const gone = wrong();
            if (gone !== undefined) throw errors.databaseGone(gone);
          },
          close() {
            if (!db.open) return;
            emptyLog(db);
            const isForNothing = takeAway !== undefined && wrong() === undefined && holdsNoRun(db);
            db.close();
            letGo();
            // Before the lock is released: the next owner must not find a file that is about to go away.
            if (isForNothing) takeAway();
            lock.close();
          },
        };
      },
    );
  })();

const holdsNoRun = (db: Database.Database): boolean =>
  db.prepare('SELECT 1 FROM experiment').get() === undefined;

/** A connection through which nothing can be written. */
export interface ReadDatabase {
  readonly db: Database.Database;
  /** False where it shows a copy of what has changed since, which only another connection sees. */
  isCurrent(): boolean;
  /** Leaves no empty write-ahead log behind; a second call does nothing. */
  close(): void;
}

/** Opens the database at `given` such that nothing can be written through it; it must hold results already. */
export const openForReading = (given: string): ReadDatabase =>
  explained(given, () => {
    const path = databaseFile(given);
    expectResults(path);
    const atRest = openAtRest(path);
    const db = atRest?.db ?? new Database(path, { readonly: true, timeout: 2 * openingTimeoutMs });
    return withStatements(
      path,
      () => db.close(),
      () => {
        db.pragma('trusted_schema = OFF');
        if (identity(db, path) === 'empty') throw errors.resultsMissing(path);
        const version = versionOf(db);
        if (version < schemaVersion) createFormerViews(db, version);
        // Of an older database they are others; and what a damaged view says is no more than its text.
        createViews(db, 'for this connection');
        db.pragma('query_only = ON');
        return {
          db,
          isCurrent: () => atRest?.isCurrent() ?? true,
          close() {
            if (!db.open) return;
            db.close();
            removeEmptyLog(path);
          },
        };
      },
    );
  })();

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
