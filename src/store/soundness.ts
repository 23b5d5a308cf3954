/**
 * Holds all trials of an experiment against their digests before anything is counted, ranked or shown of them.
 * Not here: curves, models and spans, which are checked where they are read (results.ts), and what a digest covers (digest.ts).
 */
import type Database from 'better-sqlite3';
import { DamagedRecord, expectIntact } from './digest.ts';
import { versionOf } from './schema.ts';
import { rowsOf } from './seals.ts';
import type { TrialRow } from './trial-row.ts';

export interface Soundness {
  /** The rows of an experiment's trials, in the order of role and number, each of them as it was written. */
  rows(experimentId: number): TrialRow[];
  /** Once for each connection and experiment, before anything is counted or ranked; rows are checked again where they are read. */
  expectSound(experimentId: number): void;
  /** That an experiment has `found` sessions. */
  expectSessions(experimentId: number, found: number): void;
  /** As expectSound, for all experiments. */
  expectAllSound(): void;
}

/** A database of before version 4 has no digests to hold it against. */
export const hasDigests = (version: number): boolean => version >= 4;

/** Every method throws a DamagedRecord where a row is not what was written, or is missing. */
export function soundnessOn(db: Database.Database): Soundness {
  const version = versionOf(db);
  const trials = db.prepare<[number], TrialRow>(
    `${rowsOf(version).trial} WHERE experiment_id = ? ORDER BY role = 'final', number`,
  );
  const rows = (experimentId: number) => trials.all(experimentId);
  if (!hasDigests(version)) return { rows, expectSound() {}, expectSessions() {}, expectAllSound() {} };
  const experiment = db.prepare<[number], { readonly trials: number; readonly sessions: number }>(
    `${rowsOf(version).experiment} WHERE experiment.id = ?`,
  );
  const ids = db
    .prepare<[], number>('SELECT id FROM experiment UNION SELECT experiment_id FROM trial')
    .pluck();
  const known = new Set<number>();
  /** In one transaction, so that nothing is added between the two questions. */
  const soundRows = db.transaction((experimentId: number): TrialRow[] => {
    const found = experiment.get(experimentId);
    const all = rows(experimentId);
    if (found === undefined && all.length > 0)
      throw new DamagedRecord(`experiment ${experimentId}`, 'is missing, but has trials');
    if (found !== undefined) expectIntact('experiment', found);
    let before: TrialRow | undefined;
    for (const row of all) {
      expectIntact('trial', row);
      if (before !== undefined && !isLater(row, before)) throw notWhole('trials', experimentId);
      before = row;
    }
    if (all.length !== (found?.trials ?? 0)) throw notWhole('trials', experimentId);
    known.add(experimentId);
    return all;
  });
  const expectSound = (experimentId: number): void => {
    if (!known.has(experimentId)) soundRows(experimentId);
  };
  return {
    rows: soundRows,
    expectSound,
    expectSessions(experimentId, found) {
      const row = experiment.get(experimentId);
      if (row === undefined) return;
      expectIntact('experiment', row);
      if (found !== row.sessions) throw notWhole('sessions', experimentId);
    },
    expectAllSound() {
      for (const id of ids.all()) expectSound(id);
    },
  };
}

const notWhole = (what: 'trials' | 'sessions', experimentId: number) =>
  new DamagedRecord(`the list of ${what} of experiment ${experimentId}`, 'is not whole');

const isLater = (row: TrialRow, before: TrialRow): boolean =>
  row.role === before.role ? row.number > before.number : row.role === 'final';
