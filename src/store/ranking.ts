/**
 * Which trials are better, and which one is the final training: the questions that everyone asks of a ranking.
 * Not here: the rule, which is written in views.sql alone; nobody sorts by a metric again.
 */
import type Database from 'better-sqlite3';
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
  readonly replicates: number;
  /** How many of them are done: the mean is theirs. A combination that lacks one stands behind all that lack none. */
  readonly done: number;
  /** Of the best epochs; null where no replicate is done. */
  readonly accuracy: Spread | null;
  readonly loss: Spread | null;
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
  /**
   * The final training of the present winner; undefined where that has none. Other final trials belong to former
   * winners. After a run with --force-model it is the one that started from the forced weights.
   */
  finalTrial(experimentId: number): Trial | undefined;
}

interface CombinationRow extends Omit<Combination, 'params' | 'accuracy' | 'loss'> {
  readonly params: string;
  readonly accuracy: number | null;
  readonly accuracyDeviation: number | null;
  readonly loss: number | null;
  readonly lossDeviation: number | null;
}

function combinationOf({
  accuracy,
  accuracyDeviation,
  loss,
  lossDeviation,
  ...row
}: CombinationRow): Combination {
  const spread = (mean: number | null, deviation: number | null) =>
    mean === null ? null : Object.freeze({ mean, deviation });
  return Object.freeze({
    ...row,
    params: storedParams('a combination', row.params),
    accuracy: spread(accuracy, accuracyDeviation),
    loss: spread(loss, lossDeviation),
  });
}

/** The final training that starts where the winner's does now; the first version did not record starts. */
const finalTrialSql = `
  SELECT final.* FROM leaderboard AS winner
  JOIN experiment ON experiment.id = winner.experiment_id
  JOIN trial AS its ON its.id = winner.trial_id
  JOIN trial AS final ON final.experiment_id = winner.experiment_id AND final.role = 'final'
    AND final.params = winner.params AND final.replicate = winner.replicate
  WHERE winner.experiment_id = ? AND winner.rank = 1 AND winner.state = 'done'
    AND coalesce(final.start_sha256, its.best_sha256, its.model_sha256)
      IS coalesce(experiment.forced_sha256, its.best_sha256, its.model_sha256)
  ORDER BY final.number DESC LIMIT 1`;

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
    `SELECT rank, params, replicates, done, validation_accuracy AS accuracy, validation_accuracy_deviation AS accuracyDeviation,
       validation_loss AS loss, validation_loss_deviation AS lossDeviation, trial AS best, seconds
     FROM combinations WHERE experiment_id = ?`,
  );
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
    combinations: answer((experimentId) => {
      expectSound(experimentId);
      return combinations.all(experimentId).map(combinationOf);
    }),
    finalTrial: answer((experimentId) => {
      expectSound(experimentId);
      const row = final.get(experimentId);
      return row && trialOf(row);
    }),
  };
}
