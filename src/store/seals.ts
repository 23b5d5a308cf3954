/**
 * Writes the digests of records, within the transaction that wrote the records themselves.
 * Not here: what a digest covers, and how it is checked (digest.ts).
 */
import type Database from 'better-sqlite3';
import { covered, expectIntact, rowDigest, type Sealed } from './digest.ts';

const listed = (table: Sealed): string =>
  `SELECT ${covered[table].map((column) => `"${column}"`).join(', ')}, digest FROM ${table}`;

/** The metrics of an experiment as JSON: [name, goal] of each in order. */
const metrics = `(SELECT json_group_array(json_array(name, goal)) FROM
  (SELECT name, goal FROM metric WHERE experiment_id = experiment.id ORDER BY position)) AS metrics`;

/** The rows of a table with all that their digests cover; `artifact` has its bytes apart. */
export const sealedRows: Readonly<Record<Sealed, string>> = {
  experiment: `SELECT *, ${metrics} FROM experiment`,
  trial: listed('trial'),
  artifact: listed('artifact'),
  session: 'SELECT * FROM session',
  log: 'SELECT * FROM log',
  machine: 'SELECT * FROM machine',
  stint: 'SELECT * FROM stint',
};

/** As sealedRows, of the views that stand for the tables of a database of before version 5. */
export const formerRows: Readonly<Record<Sealed, string>> = {
  ...sealedRows,
  trial: 'SELECT * FROM trial',
  artifact: 'SELECT * FROM artifact',
};

export const rowsOf = (version: number) => (version < 5 ? formerRows : sealedRows);

type Changes = Database.RunResult['changes'];

export interface Seals {
  /** Runs a change of one row that is intact, and seals what it has become. Returns how many rows were changed: 0 or 1. */
  change(table: 'experiment' | 'trial' | 'session', id: number, act: () => Changes): Changes;
  /** Seals a row that has just been inserted. */
  seal(table: 'experiment' | 'trial' | 'session', id: number): void;
  sealArtifact(trialId: number, name: string): void;
}

export function sealsOn(db: Database.Database): Seals {
  const byId = (table: Sealed) => ({
    row: db.prepare<[number], Record<string, unknown>>(`${sealedRows[table]} WHERE id = ?`),
    put: db.prepare<[string, number]>(`UPDATE ${table} SET digest = ? WHERE id = ?`),
  });
  const tables = { experiment: byId('experiment'), trial: byId('trial'), session: byId('session') };
  const artifact = db.prepare<[number, string], Record<string, unknown>>(
    `${sealedRows.artifact} WHERE trial_id = ? AND name = ?`,
  );
  const putArtifact = db.prepare<[string, number, string]>(
    'UPDATE artifact SET digest = ? WHERE trial_id = ? AND name = ?',
  );
  const seal: Seals['seal'] = (table, id) => {
    const row = tables[table].row.get(id);
    if (row !== undefined) tables[table].put.run(rowDigest(table, row), id);
  };
  return {
    seal,
    change(table, id, act) {
      const row = tables[table].row.get(id);
      // A damaged row would be sealed with its damage.
      if (row !== undefined) expectIntact(table, row);
      const changes = act();
      if (changes > 0) seal(table, id);
      return changes;
    },
    sealArtifact(trialId, name) {
      const row = artifact.get(trialId, name);
      if (row !== undefined) putArtifact.run(rowDigest('artifact', row), trialId, name);
    },
  };
}
