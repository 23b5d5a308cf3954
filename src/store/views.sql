-- The views of results.db: public, documented in results/README.md, and the one place that says which trial is better.
-- A combination is all replicates of equal parameters. It is judged by the mean of its done replicates; one that lacks a
-- replicate, whatever became of it, stands behind all that lack none. Of equals the one that was listed first is better.

CREATE VIEW leaderboard AS
WITH
-- Few columns: what is sorted is carried along.
searched AS (
  SELECT
    trial.id,
    trial.experiment_id,
    trial.number,
    trial.state = 'done' AS is_done,
    trial.best_evaluation_accuracy AS accuracy,
    trial.best_evaluation_loss AS loss,
    experiment.metric,
    experiment.name AS experiment,
    min(trial.state = 'done') OVER combination AS is_whole,
    avg(trial.best_evaluation_accuracy) OVER combination AS mean_accuracy,
    avg(trial.best_evaluation_loss) OVER combination AS mean_loss,
    min(trial.number) OVER combination AS first_number
  FROM trial
  JOIN experiment ON experiment.id = trial.experiment_id
  WHERE trial.phase = 1
  WINDOW combination AS (PARTITION BY trial.experiment_id, trial.params)
),
placed AS (
  SELECT *, dense_rank() OVER (
    PARTITION BY experiment_id
    ORDER BY
      mean_accuracy IS NULL,
      is_whole DESC,
      CASE metric WHEN 'validationLoss' THEN mean_loss END,
      mean_accuracy DESC,
      mean_loss,
      first_number
  ) AS place
  FROM searched
),
ranked AS (
  SELECT
    id,
    experiment,
    CASE WHEN mean_accuracy IS NOT NULL THEN place END AS combination_rank,
    experiment_id,
    CASE WHEN is_done THEN row_number() OVER (
      PARTITION BY experiment_id, is_done
      ORDER BY place, CASE metric WHEN 'validationLoss' THEN loss END, accuracy DESC, loss, number
    ) END AS rank
  FROM placed
)
SELECT
  ranked.experiment_id,
  ranked.experiment,
  ranked.rank,
  trial.id AS trial_id,
  trial.number AS trial,
  trial.learning_rate,
  trial.batch_size,
  trial.replicate,
  trial.state,
  trial.best_epoch,
  trial.best_evaluation_accuracy AS validation_accuracy,
  trial.best_evaluation_loss AS validation_loss,
  trial.best_training_accuracy AS training_accuracy,
  trial.best_training_loss AS training_loss,
  trial.last_epoch,
  trial.last_evaluation_accuracy AS last_validation_accuracy,
  trial.last_evaluation_loss AS last_validation_loss,
  trial.diverged_epoch,
  trial.attempts,
  trial.seconds,
  trial.weights_sha256,
  trial.last_weights_sha256,
  trial.error_code,
  trial.error,
  trial.params,
  ranked.combination_rank
FROM ranked
JOIN trial ON trial.id = ranked.id
ORDER BY ranked.experiment_id, ranked.rank NULLS LAST, trial.number;

CREATE VIEW combinations AS
WITH replicates AS (
  SELECT
    *,
    avg(validation_accuracy) OVER combination AS mean_accuracy,
    avg(validation_loss) OVER combination AS mean_loss,
    min(trial) OVER combination AS first_trial
  FROM leaderboard
  WINDOW combination AS (PARTITION BY experiment_id, params)
)
SELECT
  experiment_id,
  experiment,
  combination_rank AS rank,
  params,
  learning_rate,
  batch_size,
  count(*) AS replicates,
  count(rank) AS done,
  mean_accuracy AS validation_accuracy,
  sqrt(sum((validation_accuracy - mean_accuracy) * (validation_accuracy - mean_accuracy)) / (count(rank) - 1))
    AS validation_accuracy_deviation,
  mean_loss AS validation_loss,
  sqrt(sum((validation_loss - mean_loss) * (validation_loss - mean_loss)) / (count(rank) - 1))
    AS validation_loss_deviation,
  -- SQLite takes columns that stand alone from the row of the only min().
  iif(min(rank) IS NULL, NULL, trial_id) AS trial_id,
  iif(min(rank) IS NULL, NULL, trial) AS trial,
  total(seconds) FILTER (WHERE state <> 'stopped') AS seconds
FROM replicates
GROUP BY experiment_id, params
ORDER BY experiment_id, rank NULLS LAST, first_trial;

CREATE VIEW curves AS
SELECT
  trial.experiment_id,
  experiment.name AS experiment,
  trial.phase,
  trial.id AS trial_id,
  trial.number AS trial,
  trial.learning_rate,
  trial.batch_size,
  trial.replicate,
  trial.state,
  epoch.epoch,
  epoch.training_loss,
  epoch.training_accuracy,
  CASE trial.phase WHEN 1 THEN epoch.evaluation_loss END AS validation_loss,
  CASE trial.phase WHEN 1 THEN epoch.evaluation_accuracy END AS validation_accuracy,
  CASE trial.phase WHEN 2 THEN epoch.evaluation_loss END AS test_loss,
  CASE trial.phase WHEN 2 THEN epoch.evaluation_accuracy END AS test_accuracy
FROM epoch
JOIN trial ON trial.id = epoch.trial_id
JOIN experiment ON experiment.id = trial.experiment_id;
