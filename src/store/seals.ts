/**
 * Writes the digests of records, within the transaction that wrote the records themselves.
 * Not here: what a digest covers, and how it is checked (digest.ts).
 */
import type Database from 'better-sqlite3';
import type { EpochMetrics } from '../trial.ts';
import { covered, curveSha256, expectIntact, rowDigest, type Sealed, spansSha256 } from './digest.ts';
import type { TrialSpan } from './results.ts';

/** The rows of a table with all that their digests cover. */
export const sealedRows: Readonly<Record<Sealed, string>> = {
  experiment: 'SELECT * FROM experiment',
  // Without the generated columns, for which SQLite would parse the parameters of each.
  trial: `SELECT ${covered.trial.join(', ')}, digest FROM trial`,
  model: `SELECT ${covered.model.join(', ')}, digest FROM model`,
  session: 'SELECT * FROM session',
};

type Changes = Database.RunResult['changes'];

export interface Seals {
  /** Runs a change of one row that is intact, and seals what it has become. Returns how many rows were changed: 0 or 1. */
  change(table: 'experiment' | 'trial' | 'session', id: number, act: () => Changes): Changes;
  /** Seals a row that has just been inserted. */
  seal(table: 'experiment' | 'trial' | 'session', id: number): void;
  sealModel(trialId: number, kind: string): void;
}

export function sealsOn(db: Database.Database): Seals {
  const byId = (table: Sealed) => ({
    row: db.prepare<[number], Record<string, unknown>>(`${sealedRows[table]} WHERE id = ?`),
    put: db.prepare<[string, number]>(`UPDATE ${table} SET digest = ? WHERE id = ?`),
  });
  const tables = { experiment: byId('experiment'), trial: byId('trial'), session: byId('session') };
  const model = db.prepare<[number, string], Record<string, unknown>>(
    `${sealedRows.model} WHERE trial_id = ? AND kind = ?`,
  );
  const putModel = db.prepare<[string, number, string]>(
    'UPDATE model SET digest = ? WHERE trial_id = ? AND kind = ?',
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
    sealModel(trialId, kind) {
      const row = model.get(trialId, kind);
      if (row !== undefined) putModel.run(rowDigest('model', row), trialId, kind);
    },
  };
}

export const epochColumns = `epoch, training_loss AS trainingLoss, training_accuracy AS trainingAccuracy,
  evaluation_loss AS evaluationLoss, evaluation_accuracy AS evaluationAccuracy`;

/** Seals every record of a database that had no digests. */
export function sealAll(db: Database.Database): void {
  const seals = sealsOn(db);
  const curve = db.prepare<[number], EpochMetrics>(
    `SELECT ${epochColumns} FROM epoch WHERE trial_id = ? ORDER BY epoch`,
  );
  const spans = db.prepare<[number], TrialSpan>(
    'SELECT session_id AS session, thread, "from", "to" FROM span WHERE trial_id = ? ORDER BY id',
  );
  const put = db.prepare<[string | null, string | null, number]>(
    'UPDATE trial SET curve_sha256 = ?, spans_sha256 = ? WHERE id = ?',
  );
  const idsIn = (table: string) => db.prepare<[], number>(`SELECT id FROM ${table}`).pluck().all();
  const trials = db.prepare<[], { id: number; state: string }>('SELECT id, state FROM trial').all();
  for (const { id, state } of trials) {
    const hasCurve = state === 'done' || state === 'diverged';
    put.run(
      hasCurve ? curveSha256(id, curve.all(id)) : null,
      state === 'done' ? spansSha256(id, spans.all(id)) : null,
      id,
    );
    seals.seal('trial', id);
  }
  const models = db.prepare<[], { trial_id: number; kind: string }>('SELECT trial_id, kind FROM model').all();
  for (const { trial_id, kind } of models) seals.sealModel(trial_id, kind);
  for (const id of idsIn('experiment')) seals.seal('experiment', id);
}
