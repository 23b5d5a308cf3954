/**
 * Which files are refused as results.db, without changing a byte of them: folders, strangers, newer and damaged ones.
 * Not here: where a path leads (database-file.ts).
 */
import { closeSync, existsSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { errors } from '../errors.ts';
import { expectFilesBeside, expectOneName } from './database-file.ts';
import { withStatements } from './explained.ts';
import { identity, schemaVersion } from './schema.ts';

/** How long opening waits for another program's transaction. */
export const openingTimeoutMs = 1_000;
/** A database up to this size is checked whole when it is opened for writing, which takes a tenth of a second. */
const maxCheckedBytes = 32 * 1024 * 1024;

/**
 * The locks of the files that this process has open for writing, by device and inode. A lock that nobody held on to would
 * be given back by the garbage collector.
 */
const held = new Map<string, Database.Database>();
const fileIdentity = ({ dev, ino }: Stats): string => `${dev}:${ino}`;

/** Says that this process has the file at `path` open for writing. @returns takes that back */
export function holdOpen(path: string, lock: Database.Database): () => void {
  const file = fileIdentity(statSync(path));
  held.set(file, lock);
  return () => held.delete(file);
}

/** Nothing, an empty file, or a database of ours that is sound, is what may be written to. */
export function expectWritable(path: string): void {
  const file = fileAt(path);
  if (file === undefined || isEmpty(path, file)) return;
  refuseForeign(path, file);
  if (existsSync(`${path}-wal`)) readingOnly(path, (db) => expectSound(db, path));
}

/** @throws ERR_RESULTS_MISSING where there is nothing yet */
export function expectResults(path: string): void {
  const file = fileAt(path);
  if (file === undefined || isEmpty(path, file)) throw errors.resultsMissing(path);
  refuseForeign(path, file);
}

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
  if (held.has(fileIdentity(file))) return;
  const header = headerOf(path);
  // https://sqlite.org/fileformat2.html#the_database_header
  const version = header.readInt32BE(60);
  if (version > schemaVersion) throw errors.databaseNewer(path, version, schemaVersion);
  if (existsSync(`${path}-wal`)) readingOnly(path, (db) => identity(db, path));
}

function readingOnly(path: string, look: (db: Database.Database) => void): void {
  const db = new Database(path, { readonly: true, timeout: openingTimeoutMs });
  withStatements(
    path,
    () => db.close(),
    () => look(db),
  );
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

/** Throws if the database is damaged. Larger ones are only measured: reading all of one would hold up every start. */
export function expectSound(db: Database.Database, path: string): void {
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
