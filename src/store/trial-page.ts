/**
 * One page of the leaderboard: some trials of the search in an order, and how many there are.
 * Not here: which trial is better, which is written in views.sql alone.
 */
import type Database from 'better-sqlite3';
import { mostMetrics } from '../metric.ts';
import type { Value } from '../trial.ts';
import type { State, TrialLine } from './overview.ts';
import { copyOf } from './ranking.ts';
import { storedParams } from './stored-json.ts';
import { type Values, valuesOf } from './trial-row.ts';

const stateNow = `CASE WHEN trial.id IN (SELECT value FROM json_each(@ready)) THEN 'waiting' ELSE trial.state END`;

/** What a leaderboard can be sorted by, and the column each stands for; besides, each metric and each parameter by its name. */
const sortColumns = {
  rank: 'leaderboard.rank',
  number: 'leaderboard.trial',
  state: stateNow,
  step: 'best_step',
  seconds: 'leaderboard.seconds',
} as const;

export type TrialSort = keyof typeof sortColumns;
export const trialSorts = Object.keys(sortColumns) as readonly TrialSort[];

export interface TrialQuery {
  /** A metric by its place among the values of a report; fronts by trials' ids: within each the rank decides. */
  readonly sort:
    | { readonly by: TrialSort }
    | { readonly metric: number }
    | { readonly parameter: string }
    | { readonly fronts: ReadonlyMap<number, number> };
  readonly descending: boolean;
  readonly state: State | undefined;
  /** Ids of trials that are recorded as running, but lie ready for a thread: they wait. */
  readonly ready: readonly number[];
  /** Only trials whose parameters have exactly these values. */
  readonly values: ReadonlyMap<string, Value>;
  readonly from: number;
  readonly count: number;
}

/** The columns of a report's values. */
const columns = Array.from({ length: mostMetrics }, (_, place) => `best_v${place + 1}`);
export const bestValues = columns.map((name) => `trial.${name} AS ${name}`).join(', ');

const lineColumns = `trial.id, leaderboard.rank, trial.number,
  ${copyOf} AS copyOf,
  trial.replicate, trial.params, ${stateNow} AS state,
  trial.best_step AS step, ${bestValues}, trial.seconds,
  CASE trial.state
    WHEN 'pruned' THEN 'at step ' || trial.last_step
    WHEN 'diverged' THEN 'at step ' || trial.diverged_step
    ELSE trial.error
  END AS remark`;

interface LineRow extends Omit<TrialLine, 'params' | 'values'>, Values<'best_'> {
  readonly params: string;
}

/** Every value is bound; what is put into the text comes from the tables above alone. */
export function trialPageOf(db: Database.Database) {
  const joined = 'leaderboard JOIN trial ON trial.id = leaderboard.trial_id';
  return (experimentId: number, { sort, descending, state, ready, values, from, count }: TrialQuery) => {
    const fronts = 'fronts' in sort ? sort.fronts : new Map<number, number>();
    const named = { ready: JSON.stringify(ready), fronts: JSON.stringify(Object.fromEntries(fronts)) };
    const filters = [
      'trial.experiment_id = ?',
      ...(state === undefined ? [] : [`${stateNow} = ?`]),
      ...[...values].map(() => 'trial.params -> ? = ?'),
    ].join(' AND ');
    const filterValues = [
      experimentId,
      ...(state === undefined ? [] : [state]),
      ...[...values].flatMap(([name, value]) => [jsonPath(name), JSON.stringify(value)]),
    ];
    const [order, tie] = orderOf(sort);
    const orderValues = 'parameter' in sort ? [jsonPath(sort.parameter)] : [];
    const total = db
      .prepare<unknown[], number>(`SELECT count(*) FROM ${joined} WHERE ${filters}`)
      .pluck()
      .get(...filterValues, named);
    const rows = db
      .prepare<unknown[], LineRow>(
        `WITH placed (id, front) AS MATERIALIZED (SELECT key, value FROM json_each(@fronts))
         SELECT ${lineColumns} FROM ${joined} LEFT JOIN placed ON placed.id = CAST(trial.id AS TEXT)
         WHERE ${filters} ORDER BY ${order} ${descending ? 'DESC' : 'ASC'} NULLS LAST, ${tie} LIMIT ? OFFSET ?`,
      )
      .all(...filterValues, ...orderValues, count, from, named);
    return { total: total ?? 0, lines: rows.map(lineOf) };
  };
}

/** What lines stand in order of, and which of equal ones comes first. */
function orderOf(sort: TrialQuery['sort']): readonly [order: string, tie: string] {
  if ('by' in sort) return [sortColumns[sort.by], 'trial.number'];
  if ('fronts' in sort) return ['placed.front', 'leaderboard.rank NULLS LAST, trial.number'];
  if ('parameter' in sort) return ['trial.params ->> ?', 'trial.number'];
  return [`trial.best_v${Math.min(sort.metric, mostMetrics - 1) + 1}`, 'trial.number'];
}

function lineOf(row: LineRow): TrialLine {
  const { id, rank, number, copyOf, replicate, state, step, seconds, remark } = row;
  const params = storedParams(`the trial with id ${id}`, row.params);
  const values = valuesOf(row, 'best_');
  return {
    ...{ id, rank, number, copyOf, replicate, params, state, step, seconds, remark },
    values: values.length === 0 ? null : values,
  };
}

/** A quoted label: no name can be read as a path. */
const jsonPath = (name: string): string => `$.${JSON.stringify(name)}`;
