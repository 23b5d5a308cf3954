/**
 * The questions that results.db answers: the promise of everyone who reads, and its one implementation.
 * Not here: which trial is better (ranking.ts), writing (store.ts), opening (database.ts), SQL of people's own (open-results.ts).
 */
import type Database from 'better-sqlite3';
import { errors } from '../errors.ts';
import { type Metric, measuredOf, type NetworkMetric } from '../metric.ts';
import type { Artifact, ArtifactName, Report, Span, TrainedWeights, Trial } from '../trial.ts';
import { artifactRows } from './artifact-rows.ts';
import { DamagedRecord, formerReportsSha256, reportsSha256 } from './digest.ts';
import { type ExperimentRow, experimentOf } from './experiment-row.ts';
import { explained } from './explained.ts';
import type { MachineRecords } from './machine-records.ts';
import { machineRecords } from './machine-rows.ts';
import { type Ranking, rankingOf } from './ranking.ts';
import { versionOf } from './schema.ts';
import { rowsOf } from './seals.ts';
import { sessionRows } from './session-rows.ts';
import { hasDigests, soundnessOn } from './soundness.ts';
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

/** What a run that goes on may be written as otherwise. */
export type ResumedDefinition = Pick<NewExperiment, 'definition' | 'definitionHash'>;

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
  /** The reports of one trial, the first first; empty until the trial has ended. */
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
  /** When the done and the pruned trials of an experiment ran, in the order in which they ended; times of each session start at 0. */
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

/**
 * Answers from an open connection, which its opener closes. Every record is held against its digest before anything of
 * it is given away.
 * @internal better-sqlite3 has no declarations of its own, so the package's must not name it
 */
export function resultsOf(
  db: Database.Database,
  path: string,
  soundness = soundnessOn(db),
): Omit<Results, 'close'> {
  // An older database is read as one of today's (former.ts); the next run upgrades it.
  const version = versionOf(db);
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
  const pieces = db.prepare<[number], LogRow>(`${rows.log} WHERE trial_id = ? ORDER BY "from"`);

  const artifacts = artifactRows(db, path, version);
  const sessions = sessionRows(db, version);
  const ranking = rankingOf(db, path, soundness);
  const { machines, stints } = machineRecords(db);
  const answer = <Args extends unknown[], Answer>(ask: (...args: Args) => Answer) => explained(path, ask);
  const experiments = () => all.all().map(experimentOf);
  const trials = (experimentId: number) => soundness.rows(experimentId).map(intactTrialOf);
  return {
    experiments: answer(experiments),
    latestExperiment: answer(() => {
      const row = latest.get();
      return row && experimentOf(row);
    }),
    trials: answer(trials),
    ...ranking,
    table: answer((experimentId: number) => {
      const metrics = experiments().find(({ id }) => id === experimentId)?.metrics ?? [];
      const finals = trials(experimentId).filter(({ role }) => role === 'final');
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
    artifact: answer(artifacts.artifact),
    weights: answer((trialId: number, kind: WeightsKind) => {
      const found = artifacts.artifact(trialId, kind);
      return found?.kind === 'network' ? found.weights : undefined;
    }),
    log: answer((trialId: number) => logIn(trialId, pieces.all(trialId))),
    correct: answer(artifacts.correct),
    spans: answer(sessions.spans),
    machines: answer(machines),
    stints: answer(stints),
    sessions: answer((experimentId: number) => {
      const found = sessions.sessions(experimentId);
      soundness.expectSessions(experimentId, found.length);
      return found;
    }),
  };
}
