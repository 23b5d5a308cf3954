/** All of some writes, or none. */
import type Database from 'better-sqlite3';

/**
 * Runs `act` as one transaction: all of its writes, or none; within another one, as a part of that.
 * @throws what `act` or SQLite threw first
 */
export function transaction<Answer>(db: Database.Database, act: () => Answer): Answer {
  if (db.inTransaction) return act();
  // IMMEDIATE takes the write lock at once: a reader that turns writer fails without waiting (SQLITE_BUSY_SNAPSHOT).
  db.exec('BEGIN IMMEDIATE');
  try {
    const answer = act();
    db.exec('COMMIT');
    return answer;
  } catch (error) {
    try {
      // SQLite has rolled back by itself where the disk was full; saying so again would be an error, and hide the first.
      if (db.inTransaction) db.exec('ROLLBACK');
    } catch {
      // The connection is of no use any more, and the first error says why.
    }
    throw error;
  }
}
