/**
 * Which trials are better, and which one is the final training: the questions that everyone asks of a ranking.
 * Not here: the rule, which is written in views.sql alone; nobody sorts by a metric again.
 */
import type Database from 'better-sqlite3';
import { mostMetrics } from '../metric.ts';
import type { DoneTrial, Params, Trial } from '../trial.ts';
import { explained } from './explained.ts';
import type { Soundness } from './soundness.ts';
import { storedParams } from './stored-json.ts';
import { intactTrialOf, type TrialRow, trialOf } from './trial-row.ts';

/** All replicates of one combination of parameters, and what they have come to. */
export interface Combination {
  /** Null where no replicate is done. */
  readonly rank: number | null;
  readonly params: Params;
  /** Those still to come among them, and no copies: a point that is proposed again has the result of its first trial. */
  readonly replicates: number;
  /** How many of them are done: the mean is theirs. A combination that lacks one stands behind all that lack none. */
  readonly done: number;
  /** Of what the replicates are ranked by, in the order of the run's metrics; empty where none is done. */
  readonly spreads: readonly Spread[];
  /** Number of the best replicate's trial; null where none is done. */
  readonly best: number | null;
  /** Of all replicates that have ended, together. */
  readonly seconds: number;
}

export interface Spread {
  readonly mean: number;
  /** Standard deviation of a sample; null of fewer than two. */
  readonly deviation: number | null;
}

export interface Ranking {
  /** The trials of the search in the order of the view leaderboard: the best first, those without a rank last. */
  ranked(experimentId: number): Trial[];
  /** The best replicate of the best combination, from which the final training starts; undefined where nothing is done. */
  winner(experimentId: number): DoneTrial | undefined;
  /** The combinations of the search, the best first, those without a rank last. */
  combinations(experimentId: number): Combination[];
  /** Of each trial of the search whose point was tried before, and which has that one's result: that one's number, by its own id. */
  copies(experimentId: number): ReadonlyMap<number, number>;
  /**
   * The final training of the present winner; undefined where that has none. Other final trials belong to former
   * winners. Where an earlier version of coresweep was made to start one from other weights, it is that one.
   */
  finalTrial(experimentId: number): Trial | undefined;
}

interface CombinationRow extends Omit<Combination, 'params' | 'spreads'> {
  readonly params: string;
}

type SpreadRow = Readonly<Record<`mean${number}` | `deviation${number}`, number | null>> & {
  readonly params: string;
};

/** The places of metrics, from 1. */
const places = Array.from({ length: mostMetrics }, (_, index) => index + 1);

/** The number of the trial that a row of the table trial is a copy of; NULL for those that are none (is_copy of views.sql). */
export const copyOf = `(
  SELECT number FROM trial AS first WHERE first.id = trial.same_as AND first.experiment_id = trial.experiment_id)`;

/** Means and standard deviations of every metric over the done replicates of each combination. */
const spreadsSql = `
  WITH done AS (
    SELECT params, ${places.map((n) => `best_v${n} AS v${n}, avg(best_v${n}) OVER combination AS m${n}`).join(', ')}
    FROM trial WHERE experiment_id = ? AND role = 'search' AND state = 'done' AND ${copyOf} IS NULL
    WINDOW combination AS (PARTITION BY params)
  )
  SELECT params, ${places.map((n) => `m${n} AS mean${n}, sqrt(sum((v${n} - m${n}) * (v${n} - m${n})) / (count(*) - 1)) AS deviation${n}`).join(', ')}
  FROM done GROUP BY params`;

const spreadsOf = (row: SpreadRow | undefined): readonly Spread[] =>
  Object.freeze(
    places.flatMap((place) => {
      const mean = row?.[`mean${place}`] ?? null;
      return mean === null ? [] : [Object.freeze({ mean, deviation: row?.[`deviation${place}`] ?? null })];
    }),
  );

/** The final training that starts where the winner's does now; the first version, of networks alone, did not record starts. */
const finalTrialSql = `
  SELECT final.* FROM leaderboard AS winner
  JOIN experiment ON experiment.id = winner.experiment_id
  JOIN trial AS its ON its.id = winner.trial_id
  JOIN trial AS final ON final.experiment_id = winner.experiment_id AND final.role = 'final'
    AND final.params = winner.params AND final.replicate = winner.replicate
  WHERE winner.experiment_id = ? AND winner.rank = 1 AND winner.state = 'done'
    AND coalesce(final.start_sha256, its.best_sha256)
      IS coalesce(experiment.forced_sha256, its.best_sha256, its.model_sha256)
  ORDER BY final.number DESC LIMIT 1`;

const copiesSql = `
  SELECT id, ${copyOf} AS first FROM trial
  WHERE experiment_id = ? AND role = 'search' AND first IS NOT NULL`;

/** @internal as resultsOf */
export function rankingOf(db: Database.Database, path: string, { rows, expectSound }: Soundness): Ranking {
  const order = db
    .prepare<[number], number>(
      'SELECT trial_id FROM leaderboard WHERE experiment_id = ? ORDER BY rank NULLS LAST, trial',
    )
    .pluck();
  const winner = db.prepare<[number], TrialRow>(
    `SELECT trial.* FROM leaderboard JOIN trial ON trial.id = leaderboard.trial_id
     WHERE leaderboard.experiment_id = ? AND leaderboard.rank = 1 AND leaderboard.state = 'done'`,
  );
  const combinations = db.prepare<[number], CombinationRow>(
    'SELECT rank, params, replicates, done, trial AS best, seconds FROM combinations WHERE experiment_id = ?',
  );
  const spreads = db.prepare<[number], SpreadRow>(spreadsSql);
  const copies = db.prepare<[number], [number, number]>(copiesSql).raw();
  const final = db.prepare<[number], TrialRow>(finalTrialSql);
  const answer = <Answer>(ask: (experimentId: number) => Answer) => explained(path, ask);
  return {
    // In one transaction, so that nothing is added between the two questions.
    ranked: answer(
      db.transaction((experimentId: number) => {
        const byId = new Map(rows(experimentId).map((row) => [row.id, row]));
        return order.all(experimentId).map((id) => intactTrialOf(byId.get(id) as TrialRow));
      }),
    ),
    winner: answer((experimentId) => {
      expectSound(experimentId);
      const row = winner.get(experimentId);
      return row && (trialOf(row) as DoneTrial);
    }),
    combinations: answer(
      db.transaction((experimentId: number) => {
        expectSound(experimentId);
        const byParams = new Map(spreads.all(experimentId).map((row) => [row.params, row]));
        return combinations.all(experimentId).map(
          ({ params, ...row }): Combination =>
            Object.freeze({
              ...row,
              params: storedParams('a combination', params),
              spreads: spreadsOf(byParams.get(params)),
            }),
        );
      }),
    ),
    copies: answer((experimentId) => {
      expectSound(experimentId);
      return new Map(copies.all(experimentId));
    }),
    finalTrial: answer((experimentId) => {
      expectSound(experimentId);
      const row = final.get(experimentId);
      return row && trialOf(row);
    }),
  };
}
