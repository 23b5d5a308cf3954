/**
 * Upgrades an older results.db to the schema of this program.
 * Not here: who may do so (ownership.ts); the schema of a new database (schema.sql).
 */
import { existsSync, readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { putInPlace } from '../files/write-whole.ts';
import { columnsOf, lastForced } from './former.ts';
import { versionOf } from './schema.ts';
import { toVersion5 } from './to-version-5.ts';
import { createViews, dropViews, replaceViews } from './views.ts';

/** Adds a column that is not there yet: version 2 had some of version 3 before the number was raised. */
function addColumn(db: Database.Database, table: string, name: string, type: string): void {
  if (!columnsOf(db, table).includes(name)) db.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
}

/** The statements of schema.sql that make these tables. */
function tablesOf(...names: readonly string[]): string {
  const schema = readFileSync(new URL('./schema.sql', import.meta.url), 'utf8');
  return names.map((name) => new RegExp(`^CREATE TABLE ${name} .*?;$`, 'ms').exec(schema)?.[0]).join('\n');
}

/** What turns a database of each version into one of the next. */
const steps: Readonly<Record<number, (db: Database.Database, first: number) => void>> = {
  1: (db) => {
    db.exec(`
      ALTER TABLE experiment ADD COLUMN model_sha256 TEXT CHECK (length(model_sha256) = 64);
      ALTER TABLE trial ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0 CHECK (crashes >= 0);
      ALTER TABLE trial ADD COLUMN start_sha256 TEXT CHECK (length(start_sha256) = 64);
      ALTER TABLE trial ADD COLUMN start_forced INTEGER NOT NULL DEFAULT 0 CHECK (start_forced IN (0, 1));
      CREATE TABLE checkpoint (
        trial_id       INTEGER PRIMARY KEY REFERENCES trial (id),
        trained_epochs INTEGER NOT NULL CHECK (trained_epochs >= 1),
        best_epoch     INTEGER NOT NULL CHECK (best_epoch BETWEEN 0 AND trained_epochs),
        seconds        REAL NOT NULL CHECK (seconds BETWEEN 0 AND 1e300),
        curve          BLOB NOT NULL CHECK (length(curve) % 32 = 0),
        parameters     BLOB NOT NULL CHECK (length(parameters) % 4 = 0),
        best           BLOB NOT NULL CHECK (length(best) = length(parameters)),
        sha256         TEXT NOT NULL CHECK (length(sha256) = 64)
      ) STRICT;
      CREATE TABLE owner (
        id         INTEGER PRIMARY KEY CHECK (id = 1),
        pid        INTEGER NOT NULL,
        host       TEXT NOT NULL,
        started_at TEXT NOT NULL CHECK (datetime(started_at) IS NOT NULL)
      ) STRICT;
      PRAGMA user_version = 2;`);
  },
  2: (db) => {
    addColumn(db, 'experiment', 'encoding', 'TEXT CHECK (json_valid(encoding))');
    addColumn(db, 'model', 'correct', 'BLOB');
    db.exec(`
      CREATE TABLE IF NOT EXISTS span (
        id       INTEGER PRIMARY KEY,
        trial_id INTEGER NOT NULL REFERENCES trial (id),
        thread   INTEGER NOT NULL CHECK (thread >= 0),
        "from"   REAL NOT NULL CHECK ("from" >= 0),
        "to"     REAL NOT NULL CHECK ("to" >= "from" AND "to" < 9e999)
      ) STRICT;
      CREATE INDEX IF NOT EXISTS span_of_trial ON span (trial_id);
      PRAGMA user_version = 3;`);
  },
  3: (db) => {
    addColumn(db, 'experiment', 'forced_sha256', 'TEXT CHECK (length(forced_sha256) = 64)');
    db.exec(`
      CREATE TABLE session (
        id            INTEGER PRIMARY KEY,
        experiment_id INTEGER NOT NULL REFERENCES experiment (id),
        started_at    TEXT NOT NULL CHECK (datetime(started_at) IS NOT NULL),
        threads       INTEGER NOT NULL CHECK (threads >= 1),
        seconds       REAL CHECK (seconds BETWEEN 0 AND 1e300),
        digest        TEXT CHECK (length(digest) = 64)
      ) STRICT;
      ALTER TABLE span ADD COLUMN session_id INTEGER REFERENCES session (id);
      ALTER TABLE trial ADD COLUMN same_as INTEGER REFERENCES trial (id);
      CREATE INDEX trial_of_key ON trial (key);
      -- Until now the last final training was the one that counted.
      UPDATE experiment SET forced_sha256 = ${lastForced('trial', 'experiment.id')};
      ALTER TABLE experiment ADD COLUMN trials INTEGER NOT NULL DEFAULT 0 CHECK (trials >= 0);
      ALTER TABLE experiment ADD COLUMN sessions INTEGER NOT NULL DEFAULT 0 CHECK (sessions >= 0);
      UPDATE experiment SET trials = (SELECT count(*) FROM trial WHERE experiment_id = experiment.id);
      ALTER TABLE experiment ADD COLUMN digest TEXT CHECK (length(digest) = 64);
      ALTER TABLE trial ADD COLUMN curve_sha256 TEXT CHECK (length(curve_sha256) = 64);
      ALTER TABLE trial ADD COLUMN spans_sha256 TEXT CHECK (length(spans_sha256) = 64);
      ALTER TABLE trial ADD COLUMN digest TEXT CHECK (length(digest) = 64);
      ALTER TABLE model ADD COLUMN digest TEXT CHECK (length(digest) = 64);
      PRAGMA user_version = 4;`);
  },
  // To the tables of today, whichever version that is.
  4: (db, first) => {
    dropViews(db);
    toVersion5(db, first === 4);
    createViews(db);
  },
  5: (db) => {
    db.exec(tablesOf('machine', 'stint'));
    db.exec('PRAGMA user_version = 6');
  },
  // Views alone: those of networks that learn numbers.
  6: (db) => {
    replaceViews(db);
    db.exec('PRAGMA user_version = 7');
  },
  // Again: copies count for nothing.
  7: (db) => {
    replaceViews(db);
    db.exec('PRAGMA user_version = 8');
  },
};

/** Where the copy of a database of version `version` is kept while it is upgraded, and after. */
export const backupPath = (path: string, version: number): string => `${path}.version-${version}`;

/** Copies the whole database beside itself, unless that was done before; the copy appears whole or not at all. */
export function backUp(db: Database.Database, path: string): void {
  const copy = backupPath(path, versionOf(db));
  if (existsSync(copy)) return;
  putInPlace(copy, (temporary) => db.prepare('VACUUM INTO ?').run(temporary));
}

/** Runs every step from the database's version to `version`; must be called within a transaction. */
export function migrate(db: Database.Database, version: number): void {
  const first = versionOf(db);
  for (let from = first; from < version; from = versionOf(db)) steps[from]?.(db, first);
}
