/** A whole SQLite database as bytes, made in memory: for files of other programs. Not here: results.db. */
import Database from 'better-sqlite3';

/** Adds one row to a table: values by column. */
export type Insert = (table: string, row: Readonly<Record<string, string | number | null>>) => void;

/** The file of a database that has the tables of `schema` and the rows that `fill` inserts. */
export function databaseBytes(schema: string, fill: (insert: Insert) => void): Uint8Array {
  const db = new Database(':memory:');
  try {
    db.exec(schema);
    db.transaction(fill)((table, row) => {
      const columns = Object.keys(row);
      const values = columns.map((column) => `@${column}`);
      db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`).run(row);
    });
    return db.serialize();
  } finally {
    db.close();
  }
}
