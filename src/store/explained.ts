/** What the errors of SQLite and of the file system mean to a person. */
import Database from 'better-sqlite3';
import { CoresweepError, errors } from '../errors.ts';
import { explainedBy, fileFault } from '../files/file-faults.ts';
import { DamagedRecord } from './digest.ts';

/** `act` with the errors of SQLite and of the file system put into words; `path` is the file it works on. */
export const explained = <Args extends unknown[], Result>(path: string, act: (...args: Args) => Result) =>
  explainedBy((error) => explanation(path, error), act);

/**
 * Prepares statements on a connection that was just opened, and closes it where that fails: a schema that our own
 * statements do not fit is a damaged one.
 */
export const withStatements = <Answer>(path: string, close: () => void, prepare: () => Answer): Answer =>
  explained(path, () => {
    try {
      return prepare();
    } catch (error) {
      close();
      // What is put right in it may also hold values that our own rules forbid.
      const isDamage =
        error instanceof Database.SqliteError &&
        (error.code === 'SQLITE_ERROR' || error.code === 'SQLITE_CONSTRAINT_CHECK');
      throw isDamage ? errors.databaseDamaged(path, error) : error;
    }
  })();

/** What `error`, thrown while working on the file at `path`, means to a person; anything unknown stays as it is. */
export function explanation(path: string, error: unknown): unknown {
  if (error instanceof CoresweepError || !(error instanceof Error)) return error;
  if (error instanceof DamagedRecord) return errors.recordDamaged(path, error);
  if (!(error instanceof Database.SqliteError)) {
    // The only text that the store parses is its own JSON.
    if (error instanceof SyntaxError) return errors.databaseDamaged(path, error);
    return fileFault(path, error);
  }
  // Only a connection that may write can put that right.
  if (error.code === 'SQLITE_READONLY_ROLLBACK') return errors.changeCutOff(path, error);
  const [, kind] = error.code.split('_');
  switch (kind) {
    case 'ERROR':
      // Of our own statements: a person's have errors of their own (open-results.ts).
      return error.message === 'malformed JSON' ? errors.databaseDamaged(path, error) : error;
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
