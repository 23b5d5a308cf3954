/**
 * The rows of the table trial as their writer sees them: each is written with its digest in one statement, since every trial
 * begins and ends with one. Not here: rows as others read them (trial-row.ts), and changes that are rare (seals.ts).
 */
import type Database from 'better-sqlite3';
import { covered, expectIntact, rowDigest } from './digest.ts';
import { sealedRows } from './seals.ts';
import type { TrialRow } from './trial-row.ts';

type Column = string | number | null;
type Columns = Readonly<Record<string, Column>>;

export interface TrialRows {
  /** Inserts a waiting trial and returns its id. */
  insert(given: Columns): number;
  /** @throws DamagedRecord where it is not what was written: it would be sealed with its damage */
  find(id: number): TrialRow | undefined;
  /** Writes other columns of a row that was found within the same transaction. */
  change(row: TrialRow, columns: Columns): void;
}

/** What a trial is that nothing has become of yet. */
const fresh: Columns = {
  ...Object.fromEntries(covered.trial.map((column) => [column, null])),
  ...{ state: 'waiting', attempts: 0, crashes: 0, start_forced: 0 },
};

/** As SQLite gives it back: zero has no sign there. Half of a pair is what U+FFFD is in UTF-8, which is what is hashed. */
const stored = (value: Column): Column => (value === 0 ? 0 : value);

export function trialRowsOn(db: Database.Database): TrialRows {
  const written = [...covered.trial, 'digest'];
  const byId = db.prepare<[number], TrialRow>(`${sealedRows.trial} WHERE id = ?`);
  const lastId = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM trial').pluck();
  const insert = db.prepare<Columns>(
    `INSERT INTO trial (${written.join(', ')}) VALUES (${written.map((column) => `@${column}`).join(', ')})`,
  );
  /** By the names of their columns; there are as many as things that become of a trial. */
  const updates = new Map<string, Database.Statement<Columns>>();
  const updateOf = (columns: readonly string[]) => {
    const names = columns.join();
    const known = updates.get(names);
    if (known !== undefined) return known;
    const update = db.prepare<Columns>(
      `UPDATE trial SET ${columns.map((column) => `${column} = @${column}`).join(', ')}, digest = @digest WHERE id = @id`,
    );
    updates.set(names, update);
    return update;
  };
  return {
    insert(given) {
      const id = (lastId.get() ?? 0) + 1;
      const row = { ...fresh, ...given, id };
      insert.run({ ...row, digest: rowDigest('trial', row) });
      return id;
    },
    find(id) {
      const row = byId.get(id);
      if (row !== undefined) expectIntact('trial', row);
      return row;
    },
    change(row, columns) {
      const changed: Record<string, Column> = {};
      for (const column of Object.keys(columns)) changed[column] = stored(columns[column] ?? null);
      const digest = rowDigest('trial', { ...row, ...changed });
      updateOf(Object.keys(columns)).run({ ...changed, digest, id: row.id });
    },
  };
}
