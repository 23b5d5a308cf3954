/**
 * What of a database's schema is not as this program makes it, by name: SQLite does not notice a rule that has changed.
 * Not here: schemas of older versions, and what people have added of their own, which is no damage.
 */
import Database from 'better-sqlite3';
import { createSchema, isCurrent } from './schema.ts';

interface Named {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

const objectsOf = (db: Database.Database): Named[] =>
  db.prepare<[], Named>('SELECT type, name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL').all();

/** A sentence each. */
export function schemaFaults(db: Database.Database): string[] {
  if (!isCurrent(db)) return [];
  const sound = new Database(':memory:');
  try {
    createSchema(sound);
    const found = new Map(objectsOf(db).map(({ type, name, sql }) => [`${type} ${name}`, sql]));
    return objectsOf(sound).flatMap(({ type, name, sql }) => {
      const known = found.get(`${type} ${name}`);
      if (known === sql) return [];
      return [`the ${type} ${name} is ${known === undefined ? 'missing' : 'not defined as it was made'}`];
    });
  } finally {
    sound.close();
  }
}
