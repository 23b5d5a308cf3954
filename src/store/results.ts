/**
 * The questions that results.db answers: the promise of everyone who reads, and its one implementation.
 * Not here: which trial is better (ranking.ts), writing (store.ts), opening (database.ts), SQL of people's own (open-results.ts).
 */
import type Database from 'better-sqlite3';
import { errors } from '../errors.ts';
import type { EpochMetrics, Metric, Span, TrainedWeights, Trial } from '../trial.ts';
import { explained } from './explained.ts';
import { type Ranking, rankingOf } from './ranking.ts';
import { type TrialRow, trialOf } from './trial-row.ts';
import { checkedWeights } from './weights-check.ts';

/** What is known of an experiment before its first trial. */
export interface NewExperiment {
  readonly name: string;
  /** The whole definition as JSON text. */
  readonly definition: string;
  readonly definitionHash: string;
  readonly dataHash: string;
  readonly kernelHash: string;
  /** What the network's inputs and outputs stand for (an Encoding) as JSON text. */
  readonly encoding: string;
  readonly seed: number;
  readonly metric: Metric;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** One run of an experiment. */
export interface Experiment extends Omit<NewExperiment, 'encoding'> {
  readonly id: number;
  /** As above; null for a run of a version of coresweep that did not record it. */
  readonly encoding: string | null;
  readonly state: 'running' | 'done' | 'stopped';
  /** How long the run took; null while it runs. */
  readonly seconds: number | null;
}

/** Which weights of a done trial: those of its best epoch (the trial's model) or of its last. */
export type WeightsKind = 'best' | 'last';

/** All answers are frozen and belong to the caller. Every method throws a CoresweepError where the database fails. */
export interface Results extends Ranking {
  /** All experiments, oldest first. */
  experiments(): Experiment[];
  /** The experiment that was begun last, or undefined in a new database. */
  latestExperiment(): Experiment | undefined;
  /** The trials of one experiment in the order of phase and number. */
  trials(experimentId: number): Trial[];
  /** One trial; throws if there is none with this id. */
  trial(trialId: number): Trial;
  /** The finite epochs of one trial, the first first; empty until the trial is done or diverged. */
  curve(trialId: number): EpochMetrics[];
  /** The weights of a done trial, undefined for others; throws if they are not those that were stored. */
  weights(trialId: number, kind: WeightsKind): TrainedWeights | undefined;
  /** Bit set of the evaluation rows that the trial's model gets right (see TrainingResult); undefined where not kept. */
  correct(trialId: number): Uint8Array | undefined;
  /** When the done trials of an experiment ran, in the order in which they ended; times of each session start at 0. */
  spans(experimentId: number): TrialSpan[];
  /** Each time that a process was at work on an experiment, the oldest first; empty for what was run before version 4. */
  sessions(experimentId: number): Session[];
  /** Ends all use of the database; a second call does nothing. */
  close(): void;
}

export interface TrialSpan extends Span {
  readonly trialId: number;
  /** The id of its session; null where it was not recorded (before version 4). */
  readonly session: number | null;
}

/** What is known of a session when it begins. */
export interface NewSession {
  /** When its threads were started, which is the zero of its spans; ISO 8601, UTC. */
  readonly startedAt: string;
  readonly threads: number;
}

/** One process at work on an experiment. */
export interface Session extends NewSession {
  readonly id: number;
  /** From startedAt to its end; null while it runs, and for one that was killed. */
  readonly seconds: number | null;
}

interface ModelRow {
  readonly sizes: string;
  readonly parameters: Buffer;
  readonly sha256: string;
}

const experimentColumns = `id, name, definition, definition_hash AS definitionHash, data_hash AS dataHash,
  kernel_hash AS kernelHash, seed, metric, created_at AS createdAt, state, seconds`;

/**
 * Answers from an open connection; whoever opened it closes it.
 * @internal better-sqlite3 has no declarations of its own, so the package's must not name it
 */
export function resultsOf(db: Database.Database, path: string): Omit<Results, 'close'> {
  // An older database is read as it is, without what later versions added; the next run upgrades it.
  const version = db.pragma('user_version', { simple: true }) as number;
  const isOld = version < 3;
  const columns = `${experimentColumns}, ${isOld ? 'NULL AS encoding' : 'encoding'}`;
  const all = db.prepare<[], Experiment>(`SELECT ${columns} FROM experiment ORDER BY id`);
  const latest = db.prepare<[], Experiment>(`SELECT ${columns} FROM experiment ORDER BY id DESC LIMIT 1`);
  const trials = db.prepare<[number], TrialRow>(
    'SELECT * FROM trial WHERE experiment_id = ? ORDER BY phase, number',
  );
  const trial = db.prepare<[number], TrialRow>('SELECT * FROM trial WHERE id = ?');
  const curve = db.prepare<[number], EpochMetrics>(
    `SELECT epoch, training_loss AS trainingLoss, training_accuracy AS trainingAccuracy,
       evaluation_loss AS evaluationLoss, evaluation_accuracy AS evaluationAccuracy
     FROM epoch WHERE trial_id = ? ORDER BY epoch`,
  );
  const model = db.prepare<[number, WeightsKind], ModelRow>(
    'SELECT sizes, parameters, sha256 FROM model WHERE trial_id = ? AND kind = ?',
  );

  const correct = db
    .prepare<[number], Buffer>(
      isOld
        ? 'SELECT NULL WHERE ? IS NULL AND false'
        : 'SELECT correct FROM model WHERE trial_id = ? AND correct IS NOT NULL',
    )
    .pluck();
  const spans = db.prepare<[number], TrialSpan>(
    isOld
      ? 'SELECT NULL WHERE ? IS NULL AND false'
      : `SELECT span.trial_id AS trialId, ${version < 4 ? 'NULL' : 'span.session_id'} AS session, span.thread, span."from", span."to"
         FROM trial JOIN span ON span.trial_id = trial.id WHERE trial.experiment_id = ? ORDER BY span.id`,
  );
  const sessions = db.prepare<[number], Session>(
    version < 4
      ? 'SELECT NULL WHERE ? IS NULL AND false'
      : 'SELECT id, started_at AS startedAt, threads, seconds FROM session WHERE experiment_id = ? ORDER BY id',
  );

  const answer = <Args extends unknown[], Answer>(ask: (...args: Args) => Answer) => explained(path, ask);
  return {
    experiments: answer(() => all.all().map((row) => Object.freeze(row))),
    latestExperiment: answer(() => {
      const row = latest.get();
      return row && Object.freeze(row);
    }),
    trials: answer((experimentId: number) => trials.all(experimentId).map(trialOf)),
    ...rankingOf(db, path),
    trial: answer((trialId: number) => {
      const row = trial.get(trialId);
      if (row === undefined) throw new Error(`There is no trial with id ${trialId}.`);
      return trialOf(row);
    }),
    curve: answer((trialId: number) => curve.all(trialId).map((row) => Object.freeze(row))),
    weights: answer((trialId: number, kind: WeightsKind) => {
      const row = model.get(trialId, kind);
      return (
        row &&
        checkedWeights(JSON.parse(row.sizes), row.parameters, row.sha256, (fault) => {
          throw errors.weightsDamaged(path, trialId, kind, fault);
        })
      );
    }),
    correct: answer((trialId: number) => {
      const bits = correct.get(trialId);
      return bits && new Uint8Array(bits);
    }),
    spans: answer((experimentId: number) => spans.all(experimentId).map((row) => Object.freeze(row))),
    sessions: answer((experimentId: number) => sessions.all(experimentId).map((row) => Object.freeze(row))),
  };
}
