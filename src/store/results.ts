/**
 * The questions that results.db answers: the promise of everyone who reads, and its one implementation.
 * Not here: which trial is better (ranking.ts), writing (store.ts), opening (database.ts), SQL of people's own (open-results.ts).
 */
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { errors, shown } from '../errors.ts';
import { type ClassMetric, type Metric, measuredOf, type NetworkMetric, networkMetric } from '../metric.ts';
import { checkedWeights } from '../model/weights-check.ts';
import type { Artifact, ArtifactName, Report, Span, TrainedWeights, Trial } from '../trial.ts';
import {
  DamagedRecord,
  expectIntact,
  formerReportsSha256,
  modelName,
  reportsSha256,
  spansSha256,
} from './digest.ts';
import { explained } from './explained.ts';
import type { MachineRecords } from './machine-records.ts';
import { machineRecords } from './machine-rows.ts';
import { type Ranking, rankingOf } from './ranking.ts';
import { rowsOf } from './seals.ts';
import { hasDigests, soundnessOn } from './soundness.ts';
import { storedJson } from './stored-json.ts';
import { type LogRow, logIn } from './trial-log.ts';
import { intactTrialOf, reportOf, type TrialRow, trialOf, type Values, valuesOf } from './trial-row.ts';
import { type TrialTable, trialTable } from './trial-table.ts';

/** What is known of an experiment before its first trial. */
export interface NewExperiment {
  readonly name: string;
  /** The whole definition as JSON text. */
  readonly definition: string;
  readonly definitionHash: string;
  /** Of the rows; null for a run that is none of networks, as the three after it. */
  readonly dataHash: string | null;
  /** Of the arithmetic. */
  readonly kernelHash: string | null;
  /** What the network's inputs and outputs stand for (an Encoding) as JSON text. */
  readonly encoding: string | null;
  /** Which of the network's metrics decides. */
  readonly metric: NetworkMetric | null;
  /** The identity of an objective of a person's own; null for networks. */
  readonly objectiveHash: string | null;
  /** What is measured, 1 to 8 in order of position. */
  readonly metrics: readonly Metric[];
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** One run of an experiment. */
export interface Experiment extends NewExperiment {
  readonly id: number;
  readonly state: 'running' | 'done' | 'stopped';
  /** How long the run took; null while it runs. */
  readonly seconds: number | null;
}

/** A run of networks, whose metrics and rows are known by name. */
export interface NetworkRun extends Experiment {
  readonly dataHash: string;
  readonly kernelHash: string;
  readonly metric: NetworkMetric;
}

export const isNetworkRun = (run: Experiment): run is NetworkRun => run.metric !== null;

/** @throws ERR_NO_NETWORK where the trials of a run are no networks */
export function networkRun(run: Experiment): NetworkRun {
  if (!isNetworkRun(run)) throw errors.noNetwork(run.id, run.name);
  return run;
}

/** Which weights of a done trial: those of its best epoch (the trial's model) or of its last. */
export type WeightsKind = 'best' | 'last';

/** All answers are frozen and belong to the caller. Every method throws a CoresweepError where the database fails. */
export interface Results extends Ranking, MachineRecords {
  /** All experiments, oldest first. */
  experiments(): Experiment[];
  /** The experiment that was begun last, or undefined in a new database. */
  latestExperiment(): Experiment | undefined;
  /** The trials of one experiment in the order of role and number. */
  trials(experimentId: number): Trial[];
  /** One trial; throws if there is none with this id. */
  trial(trialId: number): Trial;
  /** The reports of one trial, the first first; empty until the trial is done, pruned or diverged. */
  reports(trialId: number): Report[];
  /** What a trial has left behind under this name; throws if it is not what was stored. */
  artifact(trialId: number, name: ArtifactName): Artifact | undefined;
  /** What a trial has written for people; undefined where it has written nothing. */
  log(trialId: number): string | undefined;
  /** The weights of a done trial, undefined for others; throws if they are not those that were stored. */
  weights(trialId: number, kind: WeightsKind): TrainedWeights | undefined;
  /** Bit set of the evaluation rows that the trial's model gets right (see NetworkArtifact); undefined where not kept. */
  correct(trialId: number): Uint8Array | undefined;
  /** The trials of any run, the best first, the final ones last: a column a parameter and a metric, by their names. */
  table(experimentId: number): TrialTable;
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
  readonly data_hash: string | null;
  readonly kernel_hash: string | null;
  readonly objective_hash: string | null;
  readonly encoding: string | null;
  readonly seed: number;
  readonly metric: ClassMetric | null;
  readonly metrics: string;
  readonly state: Experiment['state'];
  readonly created_at: string;
  readonly seconds: number | null;
}

interface ArtifactRow {
  readonly trial_id: number;
  readonly name: ArtifactName;
  readonly kind: Artifact['kind'];
  readonly sizes: string | null;
  readonly sha256: string;
  readonly correct: Buffer | null;
}

interface SessionRow {
  readonly id: number;
  readonly started_at: string;
  readonly threads: number;
  readonly seconds: number | null;
}

function experimentOf(row: ExperimentRow): Experiment {
  expectIntact('experiment', row);
  const { id, name, definition, seed, state, seconds } = row;
  const record = `experiment ${id}`;
  // Of older versions, without digests: whoever reads the row later may rely on these.
  storedJson(record, 'definition', definition);
  if (row.encoding != null) storedJson(record, 'encoding', row.encoding);
  const metrics = metricsIn(record, row.metrics);
  const metric = metricIn(record, row, metrics);
  if (Number.isNaN(Date.parse(row.created_at)))
    throw new DamagedRecord(record, `has ${shown(row.created_at)} as created_at, which is no time`);
  const hashes = {
    definitionHash: row.definition_hash,
    dataHash: row.data_hash,
    kernelHash: row.kernel_hash,
    objectiveHash: row.objective_hash,
  };
  return Object.freeze({
    ...{ id, name, definition, ...hashes, encoding: row.encoding, seed, metric, state },
    ...{ metrics, createdAt: row.created_at, seconds },
  });
}

/** Of networks that tell classes the column says it; of those that give numbers, whose kernels stand there too, the metrics do. */
function metricIn(
  record: string,
  { metric, kernel_hash }: ExperimentRow,
  [first]: readonly Metric[],
): NetworkMetric | null {
  const name = metric ?? (kernel_hash === null ? null : (first?.name ?? ''));
  if (name === null) return null;
  const known = networkMetric(name);
  if (known === undefined) throw new DamagedRecord(record, `has the metric ${shown(name)}`);
  return known;
}

function metricsIn(record: string, text: string): readonly Metric[] {
  const pairs = storedJson(record, 'metrics', text) as readonly (readonly [string, Metric['goal']])[];
  return Object.freeze(pairs.map(([name, goal]) => Object.freeze({ name, goal })));
}

function sessionOf(row: SessionRow): Session {
  expectIntact('session', row);
  const { id, started_at, threads, seconds } = row;
  return Object.freeze({ id, startedAt: started_at, threads, seconds });
}

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
  // An older database is read as one of today's (former.ts); the next run upgrades it.
  const version = db.pragma('user_version', { simple: true }) as number;
  const isSealed = hasDigests(version);
  const rows = rowsOf(version);
  const all = db.prepare<[], ExperimentRow>(`${rows.experiment} ORDER BY id`);
  const latest = db.prepare<[], ExperimentRow>(`${rows.experiment} ORDER BY id DESC LIMIT 1`);
  const trial = db.prepare<[number], TrialRow>(`${rows.trial} WHERE id = ?`);
  const reports = db.prepare<[number], Values & { readonly step: number }>(
    'SELECT * FROM report WHERE trial_id = ? ORDER BY step',
  );
  const reportsHash = db.prepare<[number], { readonly hash: string | null; readonly metric: NetworkMetric }>(
    `SELECT reports_sha256 AS hash, experiment.metric FROM trial
     JOIN experiment ON experiment.id = experiment_id WHERE trial.id = ?`,
  );
  const artifact = db.prepare<[number, ArtifactName], ArtifactRow>(
    `${rows.artifact} WHERE trial_id = ? AND name = ?`,
  );
  const bytes = db
    .prepare<[number, ArtifactName], Buffer>('SELECT bytes FROM artifact WHERE trial_id = ? AND name = ?')
    .pluck();
  const spans = db.prepare<[number], TrialSpan & { readonly hash: string | null }>(
    `SELECT trial.id AS trialId, span.session_id AS session, ${isSealed ? 'trial.spans_sha256' : 'NULL'} AS hash,
       span.thread, span."from", span."to"
     FROM trial LEFT JOIN span ON span.trial_id = trial.id WHERE trial.experiment_id = ? ORDER BY span.id`,
  );
  const sessions = db.prepare<[number], SessionRow>(`${rows.session} WHERE experiment_id = ? ORDER BY id`);
  const pieces = db.prepare<[number], LogRow>(`${rows.log} WHERE trial_id = ? ORDER BY "from"`);

  /** The row of an artifact that is intact, and there where its trial says so; the others are undefined. */
  const rowOf = (trialId: number, name: ArtifactName): ArtifactRow | undefined => {
    const row = artifact.get(trialId, name);
    if (row !== undefined) expectIntact('artifact', row);
    else if (isSealed && trial.get(trialId)?.[`${name}_sha256`] != null)
      throw new DamagedRecord(modelName(trialId, name), 'is missing');
    return row;
  };
  const artifactOf = (trialId: number, name: ArtifactName): Artifact | undefined => {
    const row = rowOf(trialId, name);
    if (row === undefined) return undefined;
    const content = bytes.get(trialId, name) as Buffer;
    const refuse = (fault: string): never => {
      throw errors.weightsDamaged(path, trialId, name, fault);
    };
    if (row.name === 'model') {
      const copy = new Uint8Array(content);
      return createHash('sha256').update(copy).digest('hex') === row.sha256
        ? { kind: 'bytes', name: row.name, bytes: copy, sha256: row.sha256 }
        : refuse('is damaged: its bytes do not have the SHA-256 that is recorded');
    }
    const sizes = storedJson(modelName(trialId, name), 'sizes', row.sizes ?? '');
    const weights = checkedWeights(sizes, content, row.sha256, refuse);
    const correct = row.correct instanceof Uint8Array ? { correct: new Uint8Array(row.correct) } : {};
    return { kind: 'network', name: row.name, weights, ...correct };
  };
  const correctOf = (trialId: number): Uint8Array | undefined => {
    for (const kind of ['best', 'last'] as const) {
      const bits = rowOf(trialId, kind)?.correct;
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

  const ranking = rankingOf(db, path, soundness);
  const { machines, stints } = machineRecords(db);
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
    ...ranking,
    table: answer((experimentId: number) => {
      const metrics =
        all
          .all()
          .map(experimentOf)
          .find(({ id }) => id === experimentId)?.metrics ?? [];
      const finals = soundness
        .rows(experimentId)
        .map(intactTrialOf)
        .filter(({ role }) => role === 'final');
      return trialTable(metrics, [...ranking.ranked(experimentId), ...finals]);
    }),
    trial: answer((trialId: number) => {
      const row = trial.get(trialId);
      if (row === undefined) throw new Error(`There is no trial with id ${trialId}.`);
      return trialOf(row);
    }),
    reports: answer((trialId: number) => {
      const record = `the curve of the trial with id ${trialId}`;
      const found = reports.all(trialId).map((row) => reportOf(record, row.step, valuesOf(row, '')));
      const { hash, metric } = reportsHash.get(trialId) ?? { hash: null, metric: null };
      const own = () =>
        version === 4 && metric !== null
          ? formerReportsSha256(
              trialId,
              found.map((report) => [report.step, ...measuredOf(metric, report)]),
            )
          : reportsSha256(trialId, found);
      if (isSealed && (hash === null ? found.length > 0 : hash !== own()))
        throw new DamagedRecord(record, 'is not what was written');
      return found;
    }),
    artifact: answer(artifactOf),
    weights: answer((trialId: number, kind: WeightsKind) => {
      const found = artifactOf(trialId, kind);
      return found?.kind === 'network' ? found.weights : undefined;
    }),
    log: answer((trialId: number) => logIn(trialId, pieces.all(trialId))),
    correct: answer(correctOf),
    spans: answer(spansOf),
    machines: answer(machines),
    stints: answer(stints),
    sessions: answer((experimentId: number) => {
      const found = sessions.all(experimentId).map(sessionOf);
      soundness.expectSessions(experimentId, found.length);
      return found;
    }),
  };
}
