/**
 * What the end of an attempt leaves beside the row of its trial: reports, spans and artifacts, or a checkpoint.
 * Not here: transactions (store.ts), and that row (trial-records.ts). Callers are within a transaction.
 */
import type Database from 'better-sqlite3';
import { mostMetrics } from '../metric.ts';
import { weightsBytes } from '../train/weights-hash.ts';
import type { Artifact, Checkpoint, Report, Span, TrialOutcome } from '../trial.ts';
import { type CheckpointRow, checkpointRow } from './checkpoint-row.ts';
import { reportsSha256, rowDigest, spansSha256 } from './digest.ts';
import { sha256Of } from './trial-row.ts';

export interface AttemptRecords {
  /** @throws where an outcome reports anything but a finite number for each metric of the trial's run */
  expectReports(trialId: number, outcome: TrialOutcome): void;
  /** @returns the hashes of it that stand in the trial's row */
  add(trialId: number, outcome: TrialOutcome, session: number | undefined): Readonly<Record<string, string>>;
  keepCheckpoint(trialId: number, checkpoint: Checkpoint | undefined, seconds: number): void;
}

/** Every report that an outcome comes with. */
function reportsIn(outcome: TrialOutcome): readonly Report[] {
  if ('result' in outcome) return [...outcome.result.reports, outcome.result.best, outcome.result.last];
  return 'reports' in outcome ? outcome.reports : [];
}

export function attemptRecordsOn(db: Database.Database): AttemptRecords {
  const putCheckpoint = db.prepare<CheckpointRow>(
    `INSERT OR REPLACE INTO checkpoint (trial_id, step, seconds, reports, bytes, sha256)
     VALUES (@trial_id, @step, @seconds, @reports, @bytes, @sha256)`,
  );
  /** By how many values a report has. */
  const insertReport = Array.from({ length: mostMetrics }, (_, index) => {
    const columns = Array.from({ length: index + 1 }, (_, at) => `v${at + 1}`);
    return db.prepare<number[]>(
      `INSERT INTO report (trial_id, step, ${columns.join(', ')}) VALUES (?, ?, ${columns.map(() => '?').join(', ')})`,
    );
  });
  const insertArtifact = db.prepare<
    [number, string, string, string | null, Uint8Array, string, Uint8Array | null, string]
  >(
    'INSERT INTO artifact (trial_id, name, kind, sizes, bytes, sha256, correct, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const countMetrics = db
    .prepare<[number], number>(
      `SELECT count(*) FROM metric WHERE experiment_id = (SELECT experiment_id FROM trial WHERE id = ?)`,
    )
    .pluck();
  const insertSpan = db.prepare<Span & { trialId: number; session: number | undefined }>(
    'INSERT INTO span (trial_id, session_id, thread, "from", "to") VALUES (@trialId, @session, @thread, @from, @to)',
  );

  /** SQLite would keep NaN as NULL, which a metric that its run does not have is. */
  const expectReports = (trialId: number, outcome: TrialOutcome) => {
    const metrics = countMetrics.get(trialId);
    // The trial is unknown; ending it reports that.
    if (metrics === 0) return;
    for (const { step, values } of reportsIn(outcome))
      if (values.length !== metrics || !values.every(Number.isFinite))
        throw new Error(`trial ${trialId} must report ${metrics} finite numbers at step ${step}: ${values}`);
  };
  const addReports = (trialId: number, reports: readonly Report[]) => {
    for (const { step, values } of reports) insertReport[values.length - 1]?.run(trialId, step, ...values);
    return { reports_sha256: reportsSha256(trialId, reports) };
  };
  const addSpans = (trialId: number, spans: readonly Span[], session: number | undefined) => {
    for (const span of spans) insertSpan.run({ ...span, trialId, session });
    const stored = spans.map((span) => ({ ...span, session: session ?? null }));
    return { spans_sha256: spansSha256(trialId, stored) };
  };
  const addArtifact = (trialId: number, artifact: Artifact) => {
    const { kind, name } = artifact;
    const [sizes, bytes, correct] =
      kind === 'network'
        ? [
            JSON.stringify(artifact.weights.sizes),
            weightsBytes(artifact.weights.parameters),
            artifact.correct ?? null,
          ]
        : [null, artifact.bytes, null];
    const sha256 = sha256Of(artifact);
    const digest = rowDigest('artifact', { trial_id: trialId, name, kind, sizes, sha256, correct });
    insertArtifact.run(trialId, name, kind, sizes, bytes, sha256, correct, digest);
  };
  const keepCheckpoint = (trialId: number, checkpoint: Checkpoint | undefined, seconds: number) => {
    // Before its first step a trial is at its start, which costs nothing to keep.
    if (checkpoint !== undefined && checkpoint.step > 0)
      putCheckpoint.run(checkpointRow(trialId, { checkpoint, seconds }));
  };
  /** What the end of an attempt leaves beside the row of its trial. @returns the hashes of it that stand in that row */
  const add: AttemptRecords['add'] = (trialId, outcome, session) => {
    switch (outcome.state) {
      case 'done':
      case 'pruned': {
        const { reports, artifacts, spans } = outcome.result;
        for (const artifact of artifacts) addArtifact(trialId, artifact);
        return { ...addReports(trialId, reports), ...addSpans(trialId, spans, session) };
      }
      case 'diverged':
      case 'failed':
        return addReports(trialId, outcome.reports);
      case 'stopped':
        keepCheckpoint(trialId, outcome.checkpoint, outcome.seconds);
        return {};
      default:
        return outcome satisfies never;
    }
  };

  return { expectReports, add, keepCheckpoint };
}
