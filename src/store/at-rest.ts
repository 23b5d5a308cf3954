/**
 * A database that nobody has open, in a folder where this process may not write: another user's, or a disk that is only read.
 * SQLite would make a log beside it even to read, so its bytes are read into memory. Not here: any other database.
 */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';

/** Node reads no larger file whole. */
const mostBytes = 2 ** 31 - 1;
/** https://sqlite.org/fileformat2.html#file_format_version_numbers: 2 says that there is a log, which memory has none of. */
const versionBytes = [18, 19];

export interface AtRest {
  readonly db: Database.Database;
  /** Whether the file holds now what it held then. */
  isCurrent(): boolean;
}

/** A connection to what the file at `path` holds; undefined where the file itself can be opened, or has to be tried. */
export function openAtRest(path: string): AtRest | undefined {
  if (hasLog(path) || mayWriteBeside(path) || statSync(path).size > mostBytes) return undefined;
  const mark = changesOf(path);
  const bytes = readFileSync(path);
  // Somebody who may write there has just begun.
  if (hasLog(path)) return undefined;
  for (const at of versionBytes) bytes[at] = 1;
  const isCurrent = () => !hasLog(path) && changesOf(path) === mark;
  return { db: new Database(bytes, { readonly: true }), isCurrent };
}

function changesOf(path: string): string | undefined {
  const file = statSync(path, { throwIfNoEntry: false });
  return file && `${file.mtimeMs} ${file.size}`;
}

const hasLog = (path: string): boolean => existsSync(`${path}-wal`) || existsSync(`${path}-journal`);

function mayWriteBeside(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
