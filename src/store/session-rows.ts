/** When processes were at work on a run, and which of its trials at which time, read back. Not here: on which machines. */
import type Database from 'better-sqlite3';
import { DamagedRecord, expectIntact, spansSha256 } from './digest.ts';
import type { Session, TrialSpan } from './results.ts';
import { rowsOf } from './seals.ts';
import { hasDigests } from './soundness.ts';

interface SessionRow {
  readonly id: number;
  readonly started_at: string;
  readonly threads: number;
  readonly seconds: number | null;
}

export interface SessionRows {
  spans(experimentId: number): TrialSpan[];
  sessions(experimentId: number): Session[];
}

/** @param version of the database; one before version 5 is read as one of today's (former.ts) */
export function sessionRows(db: Database.Database, version: number): SessionRows {
  const spans = db.prepare<[number], TrialSpan & { readonly hash: string | null }>(
    `SELECT trial.id AS trialId, span.session_id AS session, ${hasDigests(version) ? 'trial.spans_sha256' : 'NULL'} AS hash,
       span.thread, span."from", span."to"
     FROM trial LEFT JOIN span ON span.trial_id = trial.id WHERE trial.experiment_id = ? ORDER BY span.id`,
  );
  const sessions = db.prepare<[number], SessionRow>(
    `${rowsOf(version).session} WHERE experiment_id = ? ORDER BY id`,
  );

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
  return { spans: spansOf, sessions: (experimentId) => sessions.all(experimentId).map(sessionOf) };
}

function sessionOf(row: SessionRow): Session {
  expectIntact('session', row);
  const { id, started_at, threads, seconds } = row;
  return Object.freeze({ id, startedAt: started_at, threads, seconds });
}
