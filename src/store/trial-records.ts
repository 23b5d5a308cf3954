/**
 * What is recorded of a trial, from waiting to its final record: its state, its checkpoint and its log.
 * Not here: transactions (store.ts), and what the end of an attempt leaves beside the trial's row (attempt-records.ts).
 * Callers are within a transaction.
 */
import type Database from 'better-sqlite3';
import type { Trial, TrialSpec } from '../trial.ts';
import { attemptRecordsOn } from './attempt-records.ts';
import { type CheckpointRow, checkpointOf } from './checkpoint-row.ts';
import type { RunRecords } from './run-records.ts';
import type { Store } from './store.ts';
import { bytesOf, type LogRow, pieceOf } from './trial-log.ts';
import { outcomeRow, type TrialRow } from './trial-row.ts';
import { trialRowsOn } from './trial-rows.ts';

type TrialRecords = Pick<
  Store,
  | 'addTrials'
  | 'startAttempt'
  | 'cancelAttempt'
  | 'saveCheckpoint'
  | 'pause'
  | 'checkpoint'
  | 'appendLog'
  | 'finish'
  | 'recordSameAs'
>;

export function trialRecordsOn(db: Database.Database, runs: RunRecords): TrialRecords {
  const deleteReports = db.prepare<[number]>('DELETE FROM report WHERE trial_id = ?');
  const getCheckpoint = db.prepare<[number], CheckpointRow>('SELECT * FROM checkpoint WHERE trial_id = ?');
  const dropCheckpoint = db.prepare<[number]>('DELETE FROM checkpoint WHERE trial_id = ?');
  const lastPiece = db.prepare<[number], { readonly from: number; readonly text: string }>(
    'SELECT "from", text FROM log WHERE trial_id = ? ORDER BY "from" DESC LIMIT 1',
  );
  const insertPiece = db.prepare<LogRow>('INSERT INTO log VALUES (@trial_id, @from, @text, @digest)');
  const rows = trialRowsOn(db);
  const records = attemptRecordsOn(db);

  const runningTrial = (trialId: number, what: string): TrialRow => {
    const row = rows.find(trialId);
    if (row?.state !== 'running') throw new Error(`trial ${trialId} cannot ${what}: it is not running`);
    return row;
  };

  return {
    addTrials(experimentId, specs, startSha256) {
      runs.countTrials(experimentId, specs.length);
      const add = (spec: TrialSpec): Trial => {
        const { role, number, key, replicate } = spec;
        const params = JSON.stringify(spec.params);
        const row = { experiment_id: experimentId, role, number, key, replicate, params };
        const id = rows.insert({ ...row, start_sha256: startSha256 ?? null });
        return { ...spec, id, attempts: 0, state: 'waiting' };
      };
      return specs.map(add);
    },
    startAttempt(trialId, { isElsewhere } = { isElsewhere: false }) {
      const row = rows.find(trialId);
      if (row === undefined || row.state === 'done' || row.state === 'pruned' || row.state === 'diverged')
        throw new Error(`trial ${trialId} cannot be started: it is unknown or has its final record`);
      const attempts = row.attempts + (row.state === 'paused' ? 0 : 1);
      const cleared = { seconds: null, error_code: null, error: null, reports_sha256: null };
      const forgiven = isElsewhere ? { crashes: 0 } : {};
      rows.change(row, { state: 'running', attempts, ...cleared, ...forgiven });
      // Those of the attempt that failed.
      if (row.state === 'failed') deleteReports.run(trialId);
    },
    cancelAttempt(trialId) {
      const row = runningTrial(trialId, 'wait again');
      if (row.attempts !== 1) throw new Error(`trial ${trialId} cannot wait again: it had other attempts`);
      rows.change(row, { state: 'waiting', attempts: 0 });
    },
    saveCheckpoint(trialId, { checkpoint, seconds }) {
      rows.change(runningTrial(trialId, 'keep a checkpoint'), { crashes: 0 });
      records.keepCheckpoint(trialId, checkpoint, seconds);
    },
    pause(trialId, { checkpoint, seconds }) {
      rows.change(runningTrial(trialId, 'be paused'), { state: 'paused', seconds, crashes: 0 });
      records.keepCheckpoint(trialId, checkpoint, seconds);
    },
    checkpoint(trialId) {
      const row = getCheckpoint.get(trialId);
      return row && checkpointOf(row);
    },
    appendLog(trialId, text) {
      const last = lastPiece.get(trialId);
      const piece = pieceOf(trialId, last === undefined ? 0 : last.from + bytesOf(last.text), text);
      if (piece !== undefined) insertPiece.run(piece);
    },
    finish(trialId, outcome) {
      records.expectReports(trialId, outcome);
      const row = runningTrial(trialId, 'be finished');
      dropCheckpoint.run(trialId);
      const hashes = records.add(trialId, outcome, runs.session());
      rows.change(row, { ...outcomeRow(outcome), crashes: 0, ...hashes });
    },
    recordSameAs(trialId, sameAs) {
      const row = rows.find(trialId);
      if (row !== undefined) rows.change(row, { same_as: sameAs });
    },
  };
}
