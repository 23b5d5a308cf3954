/**
 * Step 4 of an upgrade: tables for any objective, which are those of today, in place of those that knew networks alone.
 * Not here: what the older tables hold (former.ts); what was damaged before is so after.
 */
import { createHash, hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { metricFacts, type NetworkMetric, reportOf } from '../metric.ts';
import { checkpointFrom } from '../train/checkpoint-bytes.ts';
import { type CheckpointRow, checkpointRow } from './checkpoint-row.ts';
import { expectIntact, formerReportsSha256, reportsSha256, spansSha256 } from './digest.ts';
import { columnsOf, formerEpochColumns, formerTables } from './former.ts';
import type { TrialSpan } from './results.ts';
import { formerRows, sealsOn } from './seals.ts';
import { reportOf as reportIn, type Values, valuesOf } from './trial-row.ts';

const tables = ['span', 'checkpoint', 'model', 'epoch', 'session', 'trial', 'experiment'] as const;
const prefix = 'former_';

/** No record has this digest: one that was damaged before the upgrade has it after. */
const damaged = '0'.repeat(64);

/** @param hasDigests whether the records were sealed by version 4; those of older ones are as they are found */
export function toVersion5(db: Database.Database, hasDigests: boolean): void {
  db.exec('DROP INDEX IF EXISTS trial_of_key; DROP INDEX IF EXISTS span_of_trial; DROP TABLE owner');
  for (const table of tables) db.exec(`ALTER TABLE ${table} RENAME TO ${prefix}${table}`);
  db.exec(readFileSync(new URL('./schema.sql', import.meta.url), 'utf8'));
  const former = formerTables(db, 4, prefix);
  for (const table of ['experiment', 'metric', 'trial', 'report', 'artifact', 'session', 'span'] as const) {
    // All but the digests, which are written anew.
    const kept = columnsOf(db, table).filter((column) => column !== 'digest');
    const columns = kept.map((column) => `"${column}"`).join(', ');
    db.exec(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM (${former[table]})`);
  }
  convertCheckpoints(db);
  if (hasDigests) sealAll(db, { damage: damageIn(db, former), isCurve: curvesOf(db) });
  else sealAll(db);
  for (const table of tables) db.exec(`DROP TABLE ${prefix}${table}`);
}

interface FormerRow {
  readonly id?: number;
  readonly trial_id?: number;
  readonly name?: string;
}

/** The names of rows that are not what version 4 wrote: `trial 4`. */
function damageIn(db: Database.Database, former: ReturnType<typeof formerTables>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const table of ['experiment', 'trial', 'artifact', 'session'] as const) {
    const select = formerRows[table].replace(`FROM ${table}`, `FROM (${former[table]}) AS ${table}`);
    for (const row of db.prepare<[], FormerRow>(select).iterate()) {
      try {
        expectIntact(table, row);
      } catch {
        found.add(table === 'artifact' ? `${table} ${row.trial_id} ${row.name}` : `${table} ${row.id}`);
      }
    }
  }
  return found;
}

/** Which trials have the curve that version 4 wrote. */
function curvesOf(db: Database.Database): Known['isCurve'] {
  const epochs = db
    .prepare<[number], [number, ...number[]]>(
      `SELECT ${formerEpochColumns} FROM ${prefix}epoch WHERE trial_id = ? ORDER BY epoch`,
    )
    .raw();
  return (trialId, recorded) => {
    const curve = epochs.all(trialId);
    return recorded === null ? curve.length === 0 : recorded === formerReportsSha256(trialId, curve);
  };
}

interface FormerCheckpoint {
  readonly trial_id: number;
  readonly trained_epochs: number;
  readonly best_epoch: number;
  readonly seconds: number;
  /** float64 little-endian (epochs x 4). */
  readonly curve: Buffer;
  /** float32 little-endian. */
  readonly parameters: Buffer;
  readonly best: Buffer;
  readonly sha256: string;
}

/** Whether a checkpoint is what was written; versions before 4 left out the trial and the seconds. */
export function isIntactFormer(row: FormerCheckpoint): boolean {
  const { trial_id, seconds, trained_epochs, best_epoch, curve, parameters, best, sha256 } = row;
  const earlier = createHash('sha256')
    .update(`${trained_epochs} ${best_epoch} ${curve.length} `)
    .update(curve)
    .update(parameters)
    .update(best)
    .digest('hex');
  const latest = hash('sha256', `${trial_id} ${seconds} ${earlier}`);
  return sha256 === latest || sha256 === earlier;
}

/** A checkpoint that is damaged stays one; the trial begins anew, as it would have. */
function convertCheckpoints(db: Database.Database): void {
  const insert = db.prepare<CheckpointRow>(
    'INSERT INTO checkpoint VALUES (@trial_id, @step, @seconds, @reports, @bytes, @sha256)',
  );
  const rows = db
    .prepare<[], FormerCheckpoint & { readonly metric: NetworkMetric }>(
      `SELECT former_checkpoint.*, metric FROM former_checkpoint JOIN trial ON trial.id = trial_id
       JOIN experiment ON experiment.id = experiment_id`,
    )
    .all();
  for (const row of rows) {
    const { trial_id, trained_epochs, best_epoch, seconds, metric } = row;
    if (!isIntactFormer(row) || metricFacts[metric] === undefined) {
      const nothing = { reports: Buffer.alloc(0), bytes: Buffer.alloc(0), sha256: damaged };
      insert.run({ trial_id, step: trained_epochs, seconds, ...nothing });
      continue;
    }
    const numbers = new Float64Array(new Uint8Array(row.curve).buffer);
    const floats = (bytes: Buffer) => new Float32Array(new Uint8Array(bytes).buffer);
    const checkpoint = checkpointFrom({
      trainedEpochs: trained_epochs,
      reports: Array.from({ length: numbers.length / 4 }, (_, index) =>
        reportOf(metric, index + 1, numbers.subarray(4 * index, 4 * index + 4)),
      ),
      bestEpoch: best_epoch,
      parameters: floats(row.parameters),
      moments: [],
      best: floats(row.best),
    });
    insert.run(checkpointRow(trial_id, { checkpoint, seconds }));
  }
}

/** What is known of records that have digests already. */
interface Known {
  /** The names of those that are damaged. */
  readonly damage: ReadonlySet<string>;
  isCurve(trialId: number, recorded: string | null): boolean;
}

/** Seals every record as it is found, but for what is known to be damaged. */
export function sealAll(db: Database.Database, known?: Known): void {
  const damage = known?.damage ?? new Set();
  const seals = sealsOn(db);
  const reports = db.prepare<[number], Values & { readonly step: number }>(
    'SELECT * FROM report WHERE trial_id = ? ORDER BY step',
  );
  const spans = db.prepare<[number], TrialSpan>(
    'SELECT session_id AS session, thread, "from", "to" FROM span WHERE trial_id = ? ORDER BY id',
  );
  const put = db.prepare<[string | null, string | null, number]>(
    'UPDATE trial SET reports_sha256 = ?, spans_sha256 = ? WHERE id = ?',
  );
  const spoil = (table: string, where: string) =>
    db.prepare(`UPDATE ${table} SET digest = '${damaged}' WHERE ${where}`);
  const trials = db
    .prepare<[], { id: number; state: string; reports: string | null; spans: string | null }>(
      'SELECT id, state, reports_sha256 AS reports, spans_sha256 AS spans FROM trial',
    )
    .all();
  for (const { id, state, reports: recorded, spans: recordedSpans } of trials) {
    const hasReports = state === 'done' || state === 'diverged';
    const whole = reports
      .all(id)
      .map((row) => reportIn(`the curve of the trial with id ${id}`, row.step, valuesOf(row, '')));
    put.run(
      (known?.isCurve(id, recorded) ?? true) ? (hasReports ? reportsSha256(id, whole) : null) : damaged,
      known ? recordedSpans : state === 'done' ? spansSha256(id, spans.all(id)) : null,
      id,
    );
    if (damage.has(`trial ${id}`)) spoil('trial', `id = ${id}`).run();
    else seals.seal('trial', id);
  }
  const artifacts = db
    .prepare<[], { trial_id: number; name: string }>('SELECT trial_id, name FROM artifact')
    .all();
  for (const { trial_id, name } of artifacts) {
    if (damage.has(`artifact ${trial_id} ${name}`))
      spoil('artifact', `trial_id = ${trial_id} AND name = '${name}'`).run();
    else seals.sealArtifact(trial_id, name);
  }
  for (const table of ['experiment', 'session'] as const) {
    for (const id of db.prepare<[], number>(`SELECT id FROM ${table}`).pluck().all()) {
      if (damage.has(`${table} ${id}`)) spoil(table, `id = ${id}`).run();
      else seals.seal(table, id);
    }
  }
}
