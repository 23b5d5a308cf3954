/**
 * What is recorded of a run beside its trials: its definition, its sessions with their machines, its model file, and its end.
 * Not here: transactions (store.ts). Callers are within one.
 */
import type Database from 'better-sqlite3';
import { isClassMetric } from '../metric.ts';
import { machineWriter } from './machine-rows.ts';
import type { NewExperiment, NewSession } from './results.ts';
import type { Seals } from './seals.ts';
import type { Store } from './store.ts';

export interface RunRecords
  extends Pick<
    Store,
    | 'beginExperiment'
    | 'resumeExperiment'
    | 'beginSession'
    | 'recordMachines'
    | 'recordStints'
    | 'recordModelFile'
    | 'modelFileSha256'
    | 'forgetForced'
    | 'finishExperiment'
  > {
  /** The one that was begun here; undefined before it is. */
  session(): number | undefined;
  /** Counts trials that are added. */
  countTrials(experimentId: number, trials: number): void;
}

export function runRecordsOn(db: Database.Database, seals: Seals): RunRecords {
  const insertExperiment = db.prepare<Omit<NewExperiment, 'metrics'>>(
    `INSERT INTO experiment
       (name, definition, definition_hash, data_hash, kernel_hash, objective_hash, encoding, seed, metric, created_at, state)
     VALUES
       (@name, @definition, @definitionHash, @dataHash, @kernelHash, @objectiveHash, @encoding, @seed, @metric, @createdAt,
        'running')`,
  );
  const insertMetric = db.prepare<[number, number, string, string]>('INSERT INTO metric VALUES (?, ?, ?, ?)');
  const beginAgain = db.prepare<object>(
    `UPDATE experiment SET state = 'running', definition = @definition, definition_hash = @definitionHash
     WHERE id = @experimentId`,
  );
  const endExperiment = db.prepare<[string, number, number]>(
    'UPDATE experiment SET state = ?, seconds = coalesce(seconds, 0) + ? WHERE id = ?',
  );
  const insertSession = db.prepare<NewSession & { experimentId: number }>(
    'INSERT INTO session (experiment_id, started_at, threads) VALUES (@experimentId, @startedAt, @threads)',
  );
  const endSession = db.prepare<[number, number]>('UPDATE session SET seconds = ? WHERE id = ?');
  const setModelFile = db.prepare<[string, number]>('UPDATE experiment SET model_sha256 = ? WHERE id = ?');
  const getModelFile = db
    .prepare<[number], string | null>('SELECT model_sha256 FROM experiment WHERE id = ?')
    .pluck();
  const unforce = db.prepare<[number]>('UPDATE experiment SET forced_sha256 = NULL WHERE id = ?');
  const countTrials = db.prepare<[number, number]>('UPDATE experiment SET trials = trials + ? WHERE id = ?');
  const countSession = db.prepare<[number]>('UPDATE experiment SET sessions = sessions + 1 WHERE id = ?');
  const machines = machineWriter(db);
  let session: number | undefined;

  /** Changes the row of a run. @throws where there is none */
  const change = (experimentId: number, what: string, act: () => number): void => {
    if (seals.change('experiment', experimentId, act) !== 1)
      throw new Error(`experiment ${experimentId} cannot be ${what}: it is unknown`);
  };

  return {
    session: () => session,
    beginExperiment({ metrics, ...row }) {
      // The column knows networks that tell classes; of others the metrics say what decides (results.ts).
      const metric = row.metric !== null && isClassMetric(row.metric) ? row.metric : null;
      const id = Number(insertExperiment.run({ ...row, metric }).lastInsertRowid);
      for (const [index, { name, goal }] of metrics.entries()) insertMetric.run(id, index + 1, name, goal);
      seals.seal('experiment', id);
      return id;
    },
    resumeExperiment(experimentId, definition) {
      change(experimentId, 'resumed', () => beginAgain.run({ experimentId, ...definition }).changes);
    },
    beginSession(experimentId, begun) {
      seals.change('experiment', experimentId, () => countSession.run(experimentId).changes);
      session = Number(insertSession.run({ ...begun, experimentId }).lastInsertRowid);
      seals.seal('session', session);
    },
    recordMachines(present) {
      if (session !== undefined) machines.put(session, present);
    },
    recordStints(trialId, stints) {
      if (session !== undefined) machines.add(session, trialId, stints);
    },
    countTrials(experimentId, trials) {
      seals.change('experiment', experimentId, () => countTrials.run(trials, experimentId).changes);
    },
    recordModelFile(experimentId, sha256) {
      seals.change('experiment', experimentId, () => setModelFile.run(sha256, experimentId).changes);
    },
    modelFileSha256: (experimentId) => getModelFile.get(experimentId) ?? undefined,
    forgetForced(experimentId) {
      seals.change('experiment', experimentId, () => unforce.run(experimentId).changes);
    },
    finishExperiment(experimentId, state, seconds) {
      change(experimentId, 'finished', () => endExperiment.run(state, seconds, experimentId).changes);
      const id = session;
      if (id !== undefined) seals.change('session', id, () => endSession.run(seconds, id).changes);
    },
  };
}
