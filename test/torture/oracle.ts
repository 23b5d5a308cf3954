/**
 * What a database must hold after a sweep, whatever happened on the way: everything but times and counts of attempts.
 * Not here: how a sweep is run or broken.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

/** Columns that depend on clocks, on interruptions or on who ran the sweep. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  experiment: ['created_at', 'seconds', 'sessions', 'digest'],
  trial: ['seconds', 'attempts', 'crashes', 'spans_sha256', 'digest'],
};
const tables = ['experiment', 'trial', 'epoch', 'model', 'checkpoint'];

/** The content of a finished run: equal texts mean equal bits. */
export function content(database: string): string {
  const db = new Database(database, { readonly: true });
  try {
    const hash = createHash('sha256');
    const lines = tables.map((table) => {
      const columns = db
        .prepare<[string], { name: string }>('SELECT name FROM pragma_table_xinfo(?)')
        .all(table)
        .map(({ name }) => name)
        .filter((name) => !leftOut[table]?.includes(name));
      const rows = db
        .prepare(`SELECT ${columns.join(', ')} FROM ${table} ORDER BY 1, 2`)
        .raw()
        .all();
      const text = JSON.stringify(rows, (_key, value: unknown) => (Object.is(value, -0) ? '-0' : value));
      hash.update(text);
      return `${table}: ${rows.length} rows, ${createHash('sha256').update(text).digest('hex')}`;
    });
    const model = join(dirname(database), 'bestmodel.json');
    const modelHash = existsSync(model)
      ? createHash('sha256').update(readFileSync(model)).digest('hex')
      : 'none';
    return [...lines, `bestmodel.json: ${modelHash}`].join('\n');
  } finally {
    db.close();
  }
}

/** One sentence for each thing that must never be true of a database, whatever was done to its process. */
export function faults(database: string, acknowledged: ReadonlyMap<number, string> = new Map()): string[] {
  const found: string[] = [];
  const db = new Database(database, { readonly: true });
  try {
    const check = db.pragma('integrity_check', { simple: true });
    if (check !== 'ok') found.push(`integrity_check says ${String(check)}`);
    if ((db.pragma('foreign_key_check') as unknown[]).length > 0) found.push('a foreign key leads nowhere');
    const half = db
      .prepare(
        `SELECT count(*) FROM trial WHERE state = 'done' AND (
           (SELECT count(*) FROM model WHERE trial_id = trial.id) <> 2
           OR (SELECT count(*) FROM epoch WHERE trial_id = trial.id) <> last_epoch
         )`,
      )
      .pluck()
      .get();
    if (half !== 0) found.push(`${String(half)} done trials lack epochs or models`);
    const state = db
      .prepare<[number], string>('SELECT state FROM trial WHERE phase = 1 AND number = ?')
      .pluck();
    for (const [number, told] of acknowledged) {
      const kept = state.get(number);
      if (kept !== told) found.push(`trial ${number} was told to be ${told}, but is ${kept}`);
    }
  } finally {
    db.close();
  }
  return found;
}

/** Files that only a sweep under way may have beside its database. */
export const leftovers = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.tmp'));
