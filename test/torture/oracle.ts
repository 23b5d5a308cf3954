/**
 * What a database must hold after a sweep, whatever happened on the way. What depends on clocks and interruptions cannot
 * equal an undisturbed run's, but has to fit together, and what is final has to stay as it is.
 * Not here: how a sweep is run or broken.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { checkDatabase } from '../../src/store/check-database.ts';

/** Columns that depend on clocks, on interruptions or on who ran the sweep; faults() looks at them. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  experiment: ['created_at', 'seconds', 'sessions', 'digest'],
  trial: ['seconds', 'attempts', 'crashes', 'spans_sha256', 'digest'],
};
const tables = ['sqlite_schema', 'experiment', 'metric', 'trial', 'report', 'artifact', 'checkpoint', 'log'];

/** The content of a finished run: equal texts mean equal bits. */
export function content(database: string): string {
  const db = new Database(database, { readonly: true });
  try {
    const hash = createHash('sha256');
    const lines = tables.map((table) => {
      const columns = db
        .prepare<[string], { name: string }>('SELECT name FROM pragma_table_xinfo(?)')
        .all(table)
        .map(({ name }) => name)
        .filter((name) => !leftOut[table]?.includes(name));
      const rows = db
        .prepare(`SELECT ${columns.map((column) => `"${column}"`).join(', ')} FROM ${table} ORDER BY 1, 2`)
        .raw()
        .all();
      const text = JSON.stringify(rows, (_key, value: unknown) => (Object.is(value, -0) ? '-0' : value));
      hash.update(text);
      return `${table}: ${rows.length} rows, ${createHash('sha256').update(text).digest('hex')}`;
    });
    const model = join(dirname(database), 'bestmodel.json');
    const modelHash = existsSync(model)
      ? createHash('sha256').update(readFileSync(model)).digest('hex')
      : 'none';
    return [...lines, `bestmodel.json: ${modelHash}`].join('\n');
  } finally {
    db.close();
  }
}

/** Each counts what must not be there, in a sentence that begins with their number. */
const wrong: Readonly<Record<string, string>> = {
  'done trials lack epochs or models': `SELECT id FROM trial WHERE state = 'done' AND (
     (SELECT count(*) FROM artifact WHERE trial_id = trial.id) <> 2
     OR (SELECT count(*) FROM report WHERE trial_id = trial.id) <> last_step)`,
  'trials have epochs, but no end': `SELECT DISTINCT trial_id FROM report
     WHERE trial_id NOT IN (SELECT id FROM trial WHERE state IN ('done', 'diverged'))`,
  'trials have models or spans, but are not done': `SELECT trial_id FROM artifact UNION SELECT trial_id FROM span
     EXCEPT SELECT id FROM trial WHERE state = 'done'`,
  'final trials keep a checkpoint': `SELECT trial_id FROM checkpoint JOIN trial ON trial.id = trial_id
     WHERE state IN ('done', 'diverged', 'failed')`,
  'done trials have no spans': `SELECT id FROM trial
     WHERE state = 'done' AND id NOT IN (SELECT trial_id FROM span)`,
  'final trials count crashes': `SELECT id FROM trial WHERE state IN ('done', 'diverged') AND crashes > 0`,
  'trials have more attempts than sessions allow': `SELECT trial.id FROM trial
     JOIN experiment ON experiment.id = experiment_id WHERE attempts >
       (SELECT count(*) FROM session WHERE session.experiment_id = experiment.id)
       * (1 + coalesce(definition ->> '$.limits.retries', 0))`,
  'spans are of no session of their experiment': `SELECT span.id FROM span JOIN trial ON trial.id = trial_id
     LEFT JOIN session ON session.id = session_id WHERE session.experiment_id IS NOT trial.experiment_id`,
  'spans are on threads that their session has not': `SELECT span.id FROM span
     JOIN session ON session.id = session_id WHERE thread >= threads`,
  'spans overlap others of their thread': `SELECT one.id FROM span AS one JOIN span AS other
     ON one.id < other.id AND one.session_id = other.session_id AND one.thread = other.thread
     WHERE min(one."to", other."to") - max(one."from", other."from") > 0.001`,
  'trials took less time than their spans': `SELECT id FROM trial WHERE state = 'done'
     AND seconds < (SELECT sum("to" - "from") FROM span WHERE trial_id = trial.id) - 0.01`,
  'runs took another time than their sessions': `SELECT id FROM experiment WHERE abs(coalesce(seconds, 0) -
     (SELECT coalesce(sum(seconds), 0) FROM session WHERE experiment_id = experiment.id)) > 0.01`,
  'finished runs have trials without an end': `SELECT id FROM experiment WHERE state = 'done' AND id IN
     (SELECT experiment_id FROM trial WHERE state IN ('waiting', 'running', 'stopped'))`,
};

/** One sentence for each thing that must never be true of a database, whatever was done to its process. */
export function faults(database: string, acknowledged: ReadonlyMap<number, string> = new Map()): string[] {
  const found = [...checkDatabase(database).damage];
  const db = new Database(database, { readonly: true });
  try {
    for (const [sentence, sql] of Object.entries(wrong)) {
      const ids = db.prepare<[], number>(sql).pluck().all();
      if (ids.length > 0) found.push(`${ids.length} ${sentence}: ${ids.join(', ')}`);
    }
    const state = db
      .prepare<[number], string>("SELECT state FROM trial WHERE role = 'search' AND number = ?")
      .pluck();
    for (const [number, told] of acknowledged) {
      const kept = state.get(number);
      if (kept !== told) found.push(`trial ${number} was told to be ${told}, but is ${kept}`);
    }
  } finally {
    db.close();
  }
  return found;
}

/** What of a database is final: nothing that a later run does may change it. */
export interface Finals {
  /** All that is recorded of each final trial, by "role.number". */
  readonly trials: ReadonlyMap<string, string>;
  readonly sessions: number;
  readonly isDone: boolean;
}

export const noFinals: Finals = { trials: new Map(), sessions: 0, isDone: false };

export function finalsOf(database: string): Finals {
  const db = new Database(database, { readonly: true });
  try {
    const rows = db
      .prepare<[], { id: number; role: string; number: number }>(
        "SELECT * FROM trial WHERE state IN ('done', 'diverged')",
      )
      .all();
    const records = ['report', 'artifact', 'span'].map((table) =>
      db.prepare(`SELECT * FROM ${table} WHERE trial_id = ? ORDER BY 1, 2`).raw(),
    );
    const trials = rows.map((row) => {
      const text = JSON.stringify([row, ...records.map((statement) => statement.all(row.id))]);
      return [`${row.role}.${row.number}`, createHash('sha256').update(text).digest('hex')] as const;
    });
    const count = (sql: string) => db.prepare<[], number>(sql).pluck().get() as number;
    return {
      trials: new Map(trials),
      sessions: count('SELECT count(*) FROM session'),
      isDone: count("SELECT count(*) FROM experiment WHERE state = 'done'") > 0,
    };
  } catch {
    // There was no whole database yet.
    return noFinals;
  } finally {
    db.close();
  }
}

/** What a run that went on to the end has done to records that were final, or told of them. */
export function faultsSince(before: Finals, after: Finals, told: Iterable<number>): string[] {
  const found: string[] = [];
  for (const [trial, record] of before.trials)
    if (after.trials.get(trial) !== record)
      found.push(`trial ${trial} was final, but its record has changed`);
  for (const number of told)
    if (before.trials.has(`search.${number}`)) found.push(`trial ${number} was final, and was trained again`);
  const sessions = after.sessions - before.sessions;
  if (sessions !== (before.isDone ? 0 : 1)) found.push(`the last run has recorded ${sessions} sessions`);
  return found;
}

/** The files beside a database; those of a run that is under way, and of one that was killed, are more. */
export const filesBeside = (database: string): string[] => readdirSync(dirname(database)).sort();
