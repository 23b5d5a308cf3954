/**
 * The truth about every experiment: reads and writes of results.db, for the one process that owns it.
 * Not here: people's own SQL and reading beside a running sweep (open-results.ts), clocks (times are given).
 *
 * Each writing method is one durable transaction: when it returns, its effect survives a kill and a power cut; when it
 * throws, it has had none.
 */
import { weightsBytes } from '../train/weights-hash.ts';
import type { EpochMetrics, TrainedWeights, TrialOutcome, TrialSpec } from '../trial.ts';
import { openForWriting } from './database.ts';
import { explained } from './explained.ts';
import { type NewExperiment, type Results, resultsOf, type WeightsKind } from './results.ts';
import { outcomeColumns, outcomeRow } from './trial-row.ts';

export interface Store extends Results {
  /** Records a new run and returns its id. */
  beginExperiment(experiment: NewExperiment): number;
  /** Adds waiting trials, all or none; throws if the experiment has one of the keys or numbers already. */
  addTrials(experimentId: number, specs: readonly TrialSpec[]): void;
  /** Counts an attempt and marks the trial as running; throws if it is done or diverged, which is final. */
  startAttempt(trialId: number): void;
  /** Ends the running attempt: state, metrics, epochs and both models at once; throws if the trial is not running. */
  finish(trialId: number, outcome: TrialOutcome): void;
  /** Ends the run; `seconds` counts from its beginning. */
  finishExperiment(experimentId: number, state: 'done' | 'stopped', seconds: number): void;
}

/** Opens the database at `path`, made with its folder where missing; a foreign or newer file is refused, untouched. */
export function openStore(path: string): Store {
  const db = openForWriting(path);
  const insertExperiment = db.prepare<NewExperiment>(
    `INSERT INTO experiment (name, definition, definition_hash, data_hash, kernel_hash, seed, metric, created_at, state)
     VALUES (@name, @definition, @definitionHash, @dataHash, @kernelHash, @seed, @metric, @createdAt, 'running')`,
  );
  const endExperiment = db.prepare<[string, number, number]>(
    'UPDATE experiment SET state = ?, seconds = ? WHERE id = ?',
  );
  const insertTrial = db.prepare<object>(
    `INSERT INTO trial (experiment_id, phase, number, key, replicate, params)
     VALUES (@experimentId, @phase, @number, @key, @replicate, @params)`,
  );
  const beginAttempt = db.prepare<[number]>(
    `UPDATE trial SET state = 'running', attempts = attempts + 1, seconds = NULL, error_code = NULL, error = NULL
     WHERE id = ? AND state NOT IN ('done', 'diverged')`,
  );
  const endAttempt = db.prepare<object>(
    `UPDATE trial SET ${outcomeColumns.map((column) => `${column} = @${column}`).join(', ')}
     WHERE id = @id AND state = 'running'`,
  );
  const insertEpoch = db.prepare<object>(
    `INSERT INTO epoch (trial_id, epoch, training_loss, training_accuracy, evaluation_loss, evaluation_accuracy)
     VALUES (@trialId, @epoch, @trainingLoss, @trainingAccuracy, @evaluationLoss, @evaluationAccuracy)`,
  );
  const insertModel = db.prepare<[number, WeightsKind, string, Buffer, string]>(
    'INSERT INTO model (trial_id, kind, sizes, parameters, sha256) VALUES (?, ?, ?, ?, ?)',
  );
  // The trial's model is its best weights in phase 1, its last ones in phase 2.
  const setCorrect = db.prepare<{ correct: Uint8Array; trialId: number }>(
    `UPDATE model SET correct = @correct
     WHERE trial_id = @trialId AND kind = (SELECT iif(phase = 1, 'best', 'last') FROM trial WHERE id = @trialId)`,
  );
  const insertSpan = db.prepare<[number, number, number, number]>(
    'INSERT INTO span (trial_id, thread, "from", "to") VALUES (?, ?, ?, ?)',
  );

  const addCurve = (trialId: number, curve: readonly EpochMetrics[]) => {
    for (const metrics of curve) insertEpoch.run({ trialId, ...metrics });
  };
  const addModel = (trialId: number, kind: WeightsKind, { sizes, parameters, sha256 }: TrainedWeights) => {
    insertModel.run(trialId, kind, JSON.stringify(sizes), weightsBytes(parameters), sha256);
  };
  // IMMEDIATE takes the write lock at once: a reader that turns writer fails without waiting (SQLITE_BUSY_SNAPSHOT).
  const write = <Args extends unknown[], Answer>(
    act: (...args: Args) => Answer,
  ): ((...args: Args) => Answer) => explained(path, db.transaction(act).immediate);

  return {
    ...resultsOf(db, path),
    beginExperiment: write((experiment: NewExperiment) =>
      Number(insertExperiment.run(experiment).lastInsertRowid),
    ),
    addTrials: write((experimentId: number, specs: readonly TrialSpec[]) => {
      for (const spec of specs)
        insertTrial.run({ ...spec, experimentId, params: JSON.stringify(spec.params) });
    }),
    startAttempt: write((trialId: number) => {
      const { changes } = beginAttempt.run(trialId);
      if (changes !== 1)
        throw new Error(`trial ${trialId} cannot be started: it is unknown or has its final record`);
    }),
    finish: write((trialId: number, outcome: TrialOutcome) => {
      const { changes } = endAttempt.run({ id: trialId, ...outcomeRow(outcome) });
      if (changes !== 1) throw new Error(`trial ${trialId} cannot be finished: it is not running`);
      if (outcome.state === 'diverged') addCurve(trialId, outcome.curve);
      if (outcome.state === 'done') {
        addCurve(trialId, outcome.result.curve);
        addModel(trialId, 'best', outcome.result.bestWeights);
        addModel(trialId, 'last', outcome.result.lastWeights);
        setCorrect.run({ correct: outcome.result.correct, trialId });
        for (const { thread, from, to } of outcome.result.spans) insertSpan.run(trialId, thread, from, to);
      }
    }),
    finishExperiment: write((experimentId: number, state: 'done' | 'stopped', seconds: number) => {
      const { changes } = endExperiment.run(state, seconds, experimentId);
      if (changes !== 1) throw new Error(`experiment ${experimentId} cannot be finished: it is unknown`);
    }),
  };
}
