/**
 * results.db for those who only look: leaderboard, show, plot, and SQL of one's own, also beside a running sweep.
 * Not here: any way to write; the connection is read-only for SQLite itself.
 */
import Database from 'better-sqlite3';
import { errors } from '../errors.ts';
import { openForReading } from './database.ts';
import { explained, withStatements } from './explained.ts';
import { type Results, resultsOf } from './results.ts';

/** A value as it can be printed: integers beyond 2^53 as their digits, blobs as their length in bytes. */
export type Cell = number | string | null;

export interface QueryAnswer {
  /** As the query names them; two may be the same. */
  readonly columns: string[];
  readonly rows: Cell[][];
}

export interface ReadOnlyResults extends Results {
  /**
   * Answers one statement that only reads.
   * @param parameters values for ?, in order, or one object for :name
   * Throws a CoresweepError (usage) for anything that would write or change the connection, and for SQL in error.
   */
  query(sql: string, parameters?: QueryParameters): QueryAnswer;
}

export type QueryParameters = readonly QueryValue[] | Readonly<Record<string, QueryValue>>;
export type QueryValue = number | bigint | string | Uint8Array | null;

/**
 * Opens a database for questions, also while a sweep is writing to it; nothing can be changed through it. The caller closes
 * it. Losses are means per row (natural logarithm), accuracies run from 0 to 1, weights are float32 (inputs x units).
 * @throws CoresweepError where there is no database (ERR_RESULTS_MISSING), a foreign one or a newer one
 *
 * ```ts
 * import { openResults } from 'coresweep';
 *
 * const results = openResults('results/small.db');
 * const experiment = results.latestExperiment();
 * for (const trial of results.ranked(experiment?.id ?? 0)) console.log(trial.number, trial.state);
 * console.log(results.query('SELECT max(validation_accuracy) FROM leaderboard').rows);
 * results.close();
 * ```
 */
export function openReadOnly(path: string): ReadOnlyResults {
  const { db, close } = openForReading(path);
  return {
    ...withStatements(path, close, () => resultsOf(db, path)),
    close,
    query: explained(path, (sql: string, parameters: QueryParameters = []) => {
      try {
        const statement = readingStatement(db, sql);
        const columns = statement.columns().map(({ name }) => name);
        const rows = statement.raw().safeIntegers().all(parameters) as unknown[][];
        return { columns, rows: rows.map((row) => row.map(cell)) };
      } catch (error) {
        throw queryError(error);
      }
    }),
  };
}

/** PRAGMA after any white space and comments. */
const pragma = /^(?:\s|;|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)*pragma\b/i;

function readingStatement(db: Database.Database, sql: string): Database.Statement<[QueryParameters]> {
  if (pragma.test(sql)) {
    throw errors.queryRefused(
      "PRAGMA can change settings; SELECT * FROM pragma_table_info('trial') only reads",
    );
  }
  const statement = db.prepare<[QueryParameters]>(sql);
  if (!statement.reader || !statement.readonly) throw errors.queryRefused('it does not only read');
  return statement;
}

/** better-sqlite3 reports SQL in error as SqliteError, and a wrong number or kind of statements or values as others. */
function queryError(error: unknown): unknown {
  if (error instanceof Database.SqliteError)
    return error.code === 'SQLITE_ERROR' ? errors.queryFailed(error) : error;
  if (error instanceof RangeError || error instanceof TypeError) return errors.queryRefused(error.message);
  return error;
}

function cell(value: unknown): Cell {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Uint8Array) return `blob of ${value.length} bytes`;
  return value as Cell;
}
