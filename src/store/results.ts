/**
 * The questions that results.db answers: the promise of everyone who reads, and its one implementation.
 * Not here: which trial is better (ranking.ts), writing (store.ts), opening (database.ts), SQL of people's own (open-results.ts).
 */
import type Database from 'better-sqlite3';
import { errors, shown } from '../errors.ts';
import type { EpochMetrics, Metric, Span, TrainedWeights, Trial } from '../trial.ts';
import { curveSha256, DamagedRecord, expectIntact, modelName, spansSha256 } from './digest.ts';
import { explained } from './explained.ts';
import { type Ranking, rankingOf } from './ranking.ts';
import { epochColumns, sealedRows } from './seals.ts';
import { hasDigests, soundnessOn } from './soundness.ts';
import { storedJson } from './stored-json.ts';
import { intactTrialOf, type TrialRow, trialOf } from './trial-row.ts';
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

interface ExperimentRow {
  readonly id: number;
  readonly name: string;
  readonly definition: string;
  readonly definition_hash: string;
  readonly data_hash: string;
  readonly kernel_hash: string;
  readonly encoding?: string | null;
  readonly seed: number;
  readonly metric: Metric;
  readonly state: Experiment['state'];
  readonly created_at: string;
  readonly seconds: number | null;
}

interface ModelRow {
  readonly trial_id: number;
  readonly kind: WeightsKind;
  readonly sizes: string;
  readonly sha256: string;
  readonly correct?: Buffer | null;
}

interface SessionRow {
  readonly id: number;
  readonly started_at: string;
  readonly threads: number;
  readonly seconds: number | null;
}

function experimentOf(row: ExperimentRow): Experiment {
  expectIntact('experiment', row);
  const { id, name, definition, seed, metric, state, seconds } = row;
  const record = `experiment ${id}`;
  // Of older versions, without digests: whoever reads the row later may rely on these.
  storedJson(record, 'definition', definition);
  if (row.encoding != null) storedJson(record, 'encoding', row.encoding);
  if (metric !== 'validationAccuracy' && metric !== 'validationLoss')
    throw new DamagedRecord(record, `has the metric ${shown(metric satisfies never)}`);
  if (Number.isNaN(Date.parse(row.created_at)))
    throw new DamagedRecord(record, `has ${shown(row.created_at)} as created_at, which is no time`);
  const hashes = {
    definitionHash: row.definition_hash,
    dataHash: row.data_hash,
    kernelHash: row.kernel_hash,
  };
  return Object.freeze({
    ...{ id, name, definition, ...hashes, encoding: row.encoding ?? null, seed, metric, state },
    ...{ createdAt: row.created_at, seconds },
  });
}

function sessionOf(row: SessionRow): Session {
  expectIntact('session', row);
  const { id, started_at, threads, seconds } = row;
  return Object.freeze({ id, startedAt: started_at, threads, seconds });
}

/** What a statement gives that asks for something that the database's version does not have. */
const nothing = 'SELECT NULL WHERE ? IS NULL AND false';

/**
 * Answers from an open connection; whoever opened it closes it. Every record is held against its digest before anything of
 * it is given away.
 * @internal better-sqlite3 has no declarations of its own, so the package's must not name it
 */
export function resultsOf(
  db: Database.Database,
  path: string,
  soundness = soundnessOn(db),
): Omit<Results, 'close'> {
  // An older database is read as it is, without what later versions added; the next run upgrades it.
  const version = db.pragma('user_version', { simple: true }) as number;
  const isSealed = hasDigests(version);
  const all = db.prepare<[], ExperimentRow>(`${sealedRows.experiment} ORDER BY id`);
  const latest = db.prepare<[], ExperimentRow>(`${sealedRows.experiment} ORDER BY id DESC LIMIT 1`);
  const trial = db.prepare<[number], TrialRow>('SELECT * FROM trial WHERE id = ?');
  const curve = db.prepare<[number], EpochMetrics>(
    `SELECT ${epochColumns} FROM epoch WHERE trial_id = ? ORDER BY epoch`,
  );
  const curveHash = db
    .prepare<[number], string | null>(isSealed ? 'SELECT curve_sha256 FROM trial WHERE id = ?' : nothing)
    .pluck();
  const model = db.prepare<[number, WeightsKind], ModelRow>(
    `${isSealed ? sealedRows.model : 'SELECT * FROM model'} WHERE trial_id = ? AND kind = ?`,
  );
  const parameters = db
    .prepare<[number, WeightsKind], Buffer>('SELECT parameters FROM model WHERE trial_id = ? AND kind = ?')
    .pluck();
  const spans = db.prepare<[number], TrialSpan & { readonly hash: string | null }>(
    version < 3
      ? nothing
      : `SELECT trial.id AS trialId, ${isSealed ? 'span.session_id' : 'NULL'} AS session,
           ${isSealed ? 'trial.spans_sha256' : 'NULL'} AS hash, span.thread, span."from", span."to"
         FROM trial LEFT JOIN span ON span.trial_id = trial.id WHERE trial.experiment_id = ? ORDER BY span.id`,
  );
  const sessions = db.prepare<[number], SessionRow>(
    isSealed ? `${sealedRows.session} WHERE experiment_id = ? ORDER BY id` : nothing,
  );

  /** The row of a model, which every done trial has; the last one of a trial of phase 1 has no bits. */
  const modelOf = (trialId: number, kind: WeightsKind): ModelRow | undefined => {
    const row = model.get(trialId, kind);
    if (row !== undefined) expectIntact('model', row);
    else if (isSealed && trial.get(trialId)?.state === 'done')
      throw new DamagedRecord(modelName(trialId, kind), 'is missing');
    return row;
  };
  const correctOf = (trialId: number): Uint8Array | undefined => {
    for (const kind of ['best', 'last'] as const) {
      const bits = modelOf(trialId, kind)?.correct;
      if (bits instanceof Uint8Array) return new Uint8Array(bits);
    }
    return undefined;
  };
  const spansOf = (experimentId: number): TrialSpan[] => {
    const stored = spans.all(experimentId);
    for (const [trialId, [first, ...others]] of Map.groupBy(stored, (row) => row.trialId)) {
      if (first === undefined || first.hash === null) continue;
      const own = [first, ...others].filter(({ thread }) => thread !== null);
      if (spansSha256(trialId, own) !== first.hash)
        throw new DamagedRecord(`the times of the trial with id ${trialId}`, 'are not what was written');
    }
    return stored.filter(({ thread }) => thread !== null).map(({ hash: _, ...span }) => Object.freeze(span));
  };

  const answer = <Args extends unknown[], Answer>(ask: (...args: Args) => Answer) => explained(path, ask);
  return {
    experiments: answer(() => all.all().map(experimentOf)),
    latestExperiment: answer(() => {
      const row = latest.get();
      return row && experimentOf(row);
    }),
    trials: answer((experimentId: number) => {
      return soundness.rows(experimentId).map(intactTrialOf);
    }),
    ...rankingOf(db, path, soundness),
    trial: answer((trialId: number) => {
      const row = trial.get(trialId);
      if (row === undefined) throw new Error(`There is no trial with id ${trialId}.`);
      return trialOf(row);
    }),
    curve: answer((trialId: number) => {
      const epochs = curve.all(trialId);
      const hash = curveHash.get(trialId);
      if (isSealed && (hash == null ? epochs.length > 0 : hash !== curveSha256(trialId, epochs)))
        throw new DamagedRecord(`the curve of the trial with id ${trialId}`, 'is not what was written');
      return epochs.map((row) => Object.freeze(row));
    }),
    weights: answer((trialId: number, kind: WeightsKind) => {
      const row = modelOf(trialId, kind);
      if (row === undefined) return undefined;
      const sizes = storedJson(modelName(trialId, kind), 'sizes', row.sizes);
      return checkedWeights(sizes, parameters.get(trialId, kind) as Buffer, row.sha256, (fault) => {
        throw errors.weightsDamaged(path, trialId, kind, fault);
      });
    }),
    correct: answer(correctOf),
    spans: answer(spansOf),
    sessions: answer((experimentId: number) => {
      const found = sessions.all(experimentId).map(sessionOf);
      soundness.expectSessions(experimentId, found.length);
      return found;
    }),
  };
}
