/**
 * results.db for those who only look: leaderboard, show, plot, and SQL of one's own, also beside a running sweep.
 * Not here: any way to write; the connection is read-only for SQLite itself.
 */
import Database from 'better-sqlite3';
import { errors, shown } from '../errors.ts';
import { openForReading } from './database.ts';
import { explained, explanation, withStatements } from './explained.ts';
import { type Results, resultsOf } from './results.ts';

/** A value as it can be printed: integers beyond 2^53 as their digits, blobs as their length in bytes. */
export type Cell = number | string | null;

export interface QueryAnswer {
  /** As the query names them; two may be the same. */
  readonly columns: string[];
  readonly rows: Cell[][];
}

/** The results of a database that is open for reading; the caller closes it. */
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
        const rows = statement.raw().safeIntegers().iterate(parameters) as Iterable<unknown[]>;
        return { columns, rows: rowsOf(rows) };
      } catch (error) {
        throw queryError(path, error);
      }
    }),
  };
}

/** White space and comments. */
const gap = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*(?:\*/|$))`;
const beginning = (words: string): RegExp => new RegExp(`^(?:${gap}|;)*${words}(?![\\w$])`, 'i');
/** What a statement that only reads begins with; whether it goes on so is SQLite's to say. */
const reading = beginning(`(?:explain${gap}+(?:query${gap}+plan${gap}+)?)?(?:select|values|with)`);
/** What SQLite takes for reading as well. Some PRAGMAs have their effect when they are prepared, also behind an EXPLAIN. */
const settings = beginning('(?:explain|pragma)');
/** PRAGMAs as tables: what these tell is how a database is made. Others reach the connection, or check for hours. */
const knownPragmas = new Set(
  [
    'table_info',
    'table_xinfo',
    'table_list',
    'index_list',
    'index_info',
    'index_xinfo',
    'foreign_key_list',
  ].map((name) => `pragma_${name}`),
);

function readingStatement(db: Database.Database, sql: string): Database.Statement<[QueryParameters]> {
  if (typeof sql !== 'string') throw errors.queryRefused(`SQL is a text, but got ${shown(sql)}`);
  const isReading = reading.test(sql);
  if (!isReading && settings.test(sql)) {
    throw errors.queryRefused(
      "PRAGMA can change settings; SELECT * FROM pragma_table_info('trial') only reads",
    );
  }
  const unknown = sql.match(/\bpragma_\w+/gi)?.find((name) => !knownPragmas.has(name.toLowerCase()));
  if (unknown !== undefined) {
    throw errors.queryRefused(`of the tables pragma_*, only ${[...knownPragmas].join(', ')} can be read`);
  }
  const statement = db.prepare<[QueryParameters]>(sql);
  if (!isReading || !statement.readonly) throw errors.queryRefused('it does not only read');
  return statement;
}

/** An answer is kept whole until it is printed; about so many bytes of it. */
const mostBytes = 2 ** 28;

/** The rows of an answer, which may have no end. */
function rowsOf(rows: Iterable<readonly unknown[]>): Cell[][] {
  const all: Cell[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const cells = row.map(cell);
    all.push(cells);
    // A character may take six in JSON.
    bytes +=
      64 + cells.reduce<number>((sum, one) => sum + 8 + (typeof one === 'string' ? 4 * one.length : 0), 0);
    if (bytes > mostBytes) throw errors.queryTooLarge(all.length);
  }
  return all;
}

/** better-sqlite3 reports SQL in error as SqliteError, and a wrong number or kind of statements or values as others. */
function queryError(path: string, error: unknown): unknown {
  if (error instanceof Database.SqliteError) {
    switch (error.code) {
      // What the store would take for damage is the person's own JSON here.
      case 'SQLITE_ERROR':
        return errors.queryFailed(error);
      default: {
        const told = explanation(path, error);
        return told === error ? errors.queryFailed(error) : told;
      }
    }
  }
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
