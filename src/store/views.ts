/**
 * The views of a database: of a new or upgraded one for good, of an older one for the connection that reads it.
 * Not here: what they say (views.sql).
 */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';

/** Makes the views. */
export function createViews(
  db: Database.Database,
  which: 'for good' | 'for this connection' = 'for good',
): void {
  const views = readFileSync(new URL('./views.sql', import.meta.url), 'utf8');
  if (which === 'for this connection') {
    // A temporary view is found before one of the same name in the file.
    db.exec(views.replaceAll('CREATE VIEW', 'CREATE TEMPORARY VIEW'));
    return;
  }
  db.exec(views);
}

/** Removes every view of the file. */
export function dropViews(db: Database.Database): void {
  const names = db
    .prepare<[], string>("SELECT name FROM main.sqlite_schema WHERE type = 'view'")
    .pluck()
    .all();
  for (const name of names) db.exec(`DROP VIEW "${name.replaceAll('"', '""')}"`);
}
