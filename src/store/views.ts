/**
 * The views of a database: of a new or upgraded one for good, of an older one for the connection that reads it.
 * Not here: what they say (views.sql).
 */
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';

const viewsSql = (): string => readFileSync(new URL('./views.sql', import.meta.url), 'utf8');

/** Makes the views. */
export function createViews(
  db: Database.Database,
  which: 'for good' | 'for this connection' = 'for good',
): void {
  const views = viewsSql();
  if (which === 'for this connection') {
    // A temporary view is found before one of the same name in the file.
    db.exec(views.replaceAll('CREATE VIEW', 'CREATE TEMPORARY VIEW'));
    return;
  }
  db.exec(views);
}

/** Makes those of an older version anew; what people have added of their own stays. */
export function replaceViews(db: Database.Database): void {
  for (const [, name] of viewsSql().matchAll(/^CREATE VIEW (\w+) AS$/gm))
    db.exec(`DROP VIEW IF EXISTS main.${name}`);
  createViews(db);
}

/** Removes every view of the file. */
export function dropViews(db: Database.Database): void {
  const names = db
    .prepare<[], string>("SELECT name FROM main.sqlite_schema WHERE type = 'view'")
    .pluck()
    .all();
  for (const name of names) db.exec(`DROP VIEW "${name.replaceAll('"', '""')}"`);
}
