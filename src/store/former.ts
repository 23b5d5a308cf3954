/**
 * What a database of version 1 to 7 holds, as the tables of today: as views for the connection that reads it, and as what an
 * upgrade copies. Not here: the upgrade (migrate.ts), checkpoints, which only an upgrade reads.
 */
import type Database from 'better-sqlite3';
import { measuredColumns, metricsFor, mostMetrics, networkMetrics } from '../metric.ts';
import { covered, formerlyCovered } from './digest.ts';

type Table = 'experiment' | 'metric' | 'trial' | 'report' | 'artifact' | 'session' | 'span' | 'log';

/** Makes temporary views in the names of today's tables, which a connection finds before the file's own. */
export function createFormerViews(db: Database.Database, version: number): void {
  const former = version < 5 ? formerTables(db, version, 'main.') : {};
  const unknown =
    version < 6
      ? {
          machine: nothing(...covered.machine, 'digest'),
          stint: nothing(...covered.stint, 'digest'),
        }
      : {};
  for (const [table, select] of Object.entries({ ...former, ...unknown }))
    db.exec(`CREATE TEMPORARY VIEW ${table} AS ${select}`);
}

const nothing = (...columns: readonly string[]): string =>
  `SELECT ${columns.map((column) => `NULL AS "${column}"`).join(', ')} WHERE false`;

/** A SELECT for each table that version 5 had, from tables of `version` whose names begin with `prefix`. */
export function formerTables(
  db: Database.Database,
  version: number,
  prefix: string,
): Readonly<Record<Table, string>> {
  const [experiment, trial, epoch, model, session, span] = (
    ['experiment', 'trial', 'epoch', 'model', 'session', 'span'] as const
  ).map((name) => `${prefix}${name}`) as [string, string, string, string, string, string];
  /** Columns that a version may not have had. */
  const added = (table: string, columns: Readonly<Record<string, string>>): string => {
    const name = table.slice(table.indexOf('.') + 1);
    const known = columnsOf(db, name);
    return Object.entries(columns)
      .map(([column, otherwise]) => (known.includes(column) ? `its.${column}` : `${otherwise} AS ${column}`))
      .join(', ');
  };
  /** Rows of version 4 have digests, which cover columns by their names of then. */
  const sealed = (columns: readonly string[]): string =>
    version < 4 ? '' : `, 4 AS version, its.digest${columns.map((column) => `, its.${column}`).join('')}`;
  const onlyThen = formerlyCovered.trial.filter((column) => !kept.includes(column));
  return {
    experiment: `SELECT its.id, its.name, its.definition, its.definition_hash, its.data_hash, its.kernel_hash,
        NULL AS objective_hash, its.seed, its.metric, its.state, its.created_at, its.seconds,
        ${added(experiment, { encoding: 'NULL', model_sha256: 'NULL', trials: '0', sessions: '0' })},
        ${added(experiment, { forced_sha256: version < 2 ? 'NULL' : lastForced(trial, 'its.id') })}
        ${sealed([])}
      FROM ${experiment} AS its`,
    metric: `WITH network (metric, position, name, goal) AS (VALUES ${networkRows()})
      SELECT its.id AS experiment_id, position, network.name, goal FROM ${experiment} AS its JOIN network USING (metric)`,
    trial: `SELECT its.id, its.experiment_id, ${roleOf('its.phase')} AS role, its.number, its.key, its.replicate,
        its.params, its.state, its.attempts,
        its.best_epoch AS best_step, ${values('its.best_', 'best_')},
        its.last_epoch AS last_step, ${values('its.last_', 'last_')},
        its.diverged_epoch AS diverged_step, its.seconds, its.weights_sha256 AS best_sha256,
        its.last_weights_sha256 AS last_sha256, NULL AS model_sha256, its.error_code, its.error,
        ${added(trial, { crashes: '0', start_sha256: 'NULL', start_forced: '0', spans_sha256: 'NULL', same_as: 'NULL' })},
        ${version < 4 ? 'NULL' : 'its.curve_sha256'} AS reports_sha256
        ${sealed(onlyThen)}
      FROM ${trial} AS its JOIN ${experiment} AS run ON run.id = its.experiment_id`,
    report: `SELECT its.trial_id, its.epoch AS step, ${values('its.')}
      FROM ${epoch} AS its JOIN ${trial} AS owner ON owner.id = its.trial_id
      JOIN ${experiment} AS run ON run.id = owner.experiment_id`,
    artifact: `SELECT its.trial_id, its.kind AS name, 'network' AS kind, its.sizes, its.parameters AS bytes, its.sha256,
        ${added(model, { correct: 'NULL' })}${sealed([])}
      FROM ${model} AS its`,
    session:
      version < 4
        ? nothing('id', 'experiment_id', 'started_at', 'threads', 'seconds')
        : `SELECT its.*, 4 AS version FROM ${session} AS its`,
    span:
      version < 3
        ? nothing('id', 'trial_id', 'session_id', 'thread', 'from', 'to')
        : `SELECT its.id, its.trial_id, ${added(span, { session_id: 'NULL' })}, its.thread, its."from", its."to"
           FROM ${span} AS its`,
    log: nothing('trial_id', 'from', 'text', 'digest'),
  };
}

/** The names of a table's columns. */
export const columnsOf = (db: Database.Database, table: string): string[] =>
  db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);

/** Columns of the table trial that are called today as they were then. */
const kept: readonly string[] = [
  ...['id', 'experiment_id', 'number', 'key', 'replicate', 'params', 'state', 'attempts', 'seconds'],
  ...['error_code', 'error', 'crashes', 'start_sha256', 'start_forced', 'spans_sha256', 'same_as'],
];

/** SQL: the weights that the last final training started from, where a person had put them in place of the winner's. */
export const lastForced = (trial: string, experimentId: string): string =>
  `(SELECT iif(start_forced, start_sha256, NULL) FROM ${trial}
    WHERE experiment_id = ${experimentId} AND phase = 2 ORDER BY number DESC LIMIT 1)`;

const roleOf = (phase: string): string => `CASE ${phase} WHEN 1 THEN 'search' WHEN 2 THEN 'final' END`;

const networkRows = (): string =>
  metricsFor('classes')
    .flatMap((metric) =>
      networkMetrics(metric).map(
        ({ name, goal }, index) => `('${metric}', ${index + 1}, '${name}', '${goal}')`,
      ),
    )
    .join(', ');

/** The column of each metric of a network: `validationLoss` was `evaluation_loss`. */
const columnOf = (name: string): string =>
  name.replace('validation', 'evaluation').replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`);

/** The numbers of an epoch as v1 to v8, in the order that the experiment's metric asks for. */
function values(from: string, to = ''): string {
  const [accuracy, loss] = [networkMetrics('validationAccuracy'), networkMetrics('validationLoss')];
  return Array.from({ length: mostMetrics }, (_, index) => {
    const [one, other] = [accuracy[index]?.name, loss[index]?.name];
    const value =
      one === undefined || other === undefined
        ? 'NULL'
        : `CASE run.metric WHEN 'validationLoss' THEN ${from}${columnOf(other)} ELSE ${from}${columnOf(one)} END`;
    return `${value} AS ${to}v${index + 1}`;
  }).join(', ');
}

/** SQL: an epoch of version 4 as its digest had it. */
export const formerEpochColumns = ['epoch', ...measuredColumns.classes.map(columnOf)].join(', ');
