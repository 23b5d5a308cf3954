/** What the errors of SQLite and of the file system mean to a person. */
import Database from 'better-sqlite3';
import { CoresweepError, errors } from '../errors.ts';

/** `act` with the errors of SQLite and of the file system put into words; `path` is the file it works on. */
export function explained<Args extends unknown[], Result>(path: string, act: (...args: Args) => Result) {
  return (...args: Args): Result => {
    try {
      return act(...args);
    } catch (error) {
      throw explanation(path, error);
    }
  };
}

/** What `error`, thrown while working on the file at `path`, means to a person; anything unknown stays as it is. */
export function explanation(path: string, error: unknown): unknown {
  if (error instanceof CoresweepError || !(error instanceof Error)) return error;
  if (!(error instanceof Database.SqliteError)) {
    return 'syscall' in error ? errors.fileSystemFault(path, error) : error;
  }
  const [, kind] = error.code.split('_');
  switch (kind) {
    case 'NOTADB':
      return errors.notADatabase(path, error);
    case 'CORRUPT':
      return errors.databaseDamaged(path, error);
    case 'BUSY':
    case 'LOCKED':
      return errors.databaseBusy(path, error);
    case 'CANTOPEN':
    case 'FULL':
    case 'IOERR':
    case 'PERM':
    case 'READONLY':
      return errors.fileSystemFault(path, error);
    default:
      return error;
  }
}
