/** Removes the empty write-ahead log, and the memory beside it, that a mere reader leaves beside a database. */
import { statSync } from 'node:fs';
import Database from 'better-sqlite3';

/**
 * A connection that may not write makes results.db-wal and results.db-shm, and cannot remove them. One that may does so
 * itself when it closes, if nobody else has the database open: SQLite knows that, and locks out newcomers meanwhile.
 * An empty log has nothing that would be moved into the database, and any other is left for the next run.
 */
export function removeEmptyLog(path: string): void {
  try {
    if (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size !== 0) return;
    const db = new Database(path, { timeout: 0, fileMustExist: true });
    try {
      // Only a connection that has read knows of a log.
      db.pragma('user_version');
    } finally {
      db.close();
    }
  } catch {
    // Another process is just opening it, or nobody may write here: then two small files stay, which do no harm.
  }
}
