-- The views of results.db: public, documented in results/README.md, and the one place that says which trial is better.
-- A combination is all replicates of equal parameters. It is judged by the mean of its done replicates; one that lacks a
-- replicate, whatever became of it, stands behind all that lack none. Of equals the one that was listed first is better.
-- A copy has its result from an earlier trial of this run, of the same point, and is no replicate: no mean and no number counts it.
-- Pruned trials stand behind all that are done, by their own best. The first metric with a goal decides, then the next.
-- A run of networks has its metrics in one of four orders (metric.ts), which the metric that decides, its first, tells apart.

CREATE VIEW leaderboard AS
WITH
-- What a metric is multiplied by so that less is better; NULL for one without a goal, and all its values are equal then.
goal AS (
  SELECT
    experiment_id,
    max(CASE position WHEN 1 THEN sign END) AS g1,
    max(CASE position WHEN 2 THEN sign END) AS g2,
    max(CASE position WHEN 3 THEN sign END) AS g3,
    max(CASE position WHEN 4 THEN sign END) AS g4,
    max(CASE position WHEN 5 THEN sign END) AS g5,
    max(CASE position WHEN 6 THEN sign END) AS g6,
    max(CASE position WHEN 7 THEN sign END) AS g7,
    max(CASE position WHEN 8 THEN sign END) AS g8
  FROM (
    SELECT experiment_id, position, CASE goal WHEN 'minimise' THEN 1.0 WHEN 'maximise' THEN -1.0 END AS sign FROM metric
  )
  GROUP BY experiment_id
),
asked AS (
  SELECT experiment_id, max(replicate) AS last_replicate FROM trial WHERE role = 'search' GROUP BY experiment_id
),
-- Few columns: what is sorted is carried along.
searched AS (
  SELECT
    trial.id,
    trial.experiment_id,
    trial.number,
    trial.params,
    trial.replicate,
    trial.state,
    trial.state = 'done' AS is_done,
    last_replicate,
    EXISTS (SELECT 1 FROM trial AS first WHERE first.id = trial.same_as AND first.experiment_id = trial.experiment_id) AS is_copy,
    g1 * trial.best_v1 AS b1,
    g2 * trial.best_v2 AS b2,
    g3 * trial.best_v3 AS b3,
    g4 * trial.best_v4 AS b4,
    g5 * trial.best_v5 AS b5,
    g6 * trial.best_v6 AS b6,
    g7 * trial.best_v7 AS b7,
    g8 * trial.best_v8 AS b8
  FROM trial
  JOIN goal ON goal.experiment_id = trial.experiment_id
  JOIN asked ON asked.experiment_id = trial.experiment_id
  WHERE trial.role = 'search'
),
combined AS (
  SELECT
    *,
    max(is_done) OVER combination AS has_done,
    min(is_done) OVER combination AND max(replicate) OVER combination = last_replicate AS is_whole,
    avg(b1) FILTER (WHERE is_done AND NOT is_copy) OVER combination AS m1,
    avg(b2) FILTER (WHERE is_done AND NOT is_copy) OVER combination AS m2,
    avg(b3) FILTER (WHERE is_done AND NOT is_copy) OVER combination AS m3,
    avg(b4) FILTER (WHERE is_done AND NOT is_copy) OVER combination AS m4,
    avg(b5) FILTER (WHERE is_done AND NOT is_copy) OVER combination AS m5,
    avg(b6) FILTER (WHERE is_done AND NOT is_copy) OVER combination AS m6,
    avg(b7) FILTER (WHERE is_done AND NOT is_copy) OVER combination AS m7,
    avg(b8) FILTER (WHERE is_done AND NOT is_copy) OVER combination AS m8,
    min(number) OVER combination AS first_number
  FROM searched
  WINDOW combination AS (PARTITION BY experiment_id, params)
),
placed AS (
  SELECT *, dense_rank() OVER (
    PARTITION BY experiment_id
    ORDER BY has_done DESC, is_whole DESC, m1, m2, m3, m4, m5, m6, m7, m8, first_number
  ) AS place
  FROM combined
),
ranked AS (
  SELECT
    id,
    is_copy,
    CASE WHEN has_done THEN place END AS combination_rank,
    CASE WHEN state IN ('done', 'pruned') THEN row_number() OVER (
      PARTITION BY experiment_id
      ORDER BY
        is_done DESC, state = 'pruned' DESC, CASE WHEN is_done THEN place END, b1, b2, b3, b4, b5, b6, b7, b8, number
    ) END AS rank
  FROM placed
)
SELECT
  trial.experiment_id,
  experiment.name AS experiment,
  ranked.rank,
  trial.id AS trial_id,
  trial.number AS trial,
  trial.params ->> 'learningRate' AS learning_rate,
  trial.params ->> 'batchSize' AS batch_size,
  trial.replicate,
  trial.state,
  trial.best_step AS best_epoch,
  CASE decisive.name WHEN 'validationAccuracy' THEN trial.best_v1 WHEN 'validationLoss' THEN trial.best_v2 END AS validation_accuracy,
  CASE decisive.name WHEN 'validationAccuracy' THEN trial.best_v2 WHEN 'validationLoss' THEN trial.best_v1 WHEN 'validationRmse' THEN trial.best_v3 WHEN 'validationR2' THEN trial.best_v3 END AS validation_loss,
  CASE decisive.name WHEN 'validationAccuracy' THEN trial.best_v3 WHEN 'validationLoss' THEN trial.best_v4 END AS training_accuracy,
  CASE decisive.name WHEN 'validationAccuracy' THEN trial.best_v4 WHEN 'validationLoss' THEN trial.best_v3 WHEN 'validationRmse' THEN trial.best_v6 WHEN 'validationR2' THEN trial.best_v6 END AS training_loss,
  trial.last_step AS last_epoch,
  CASE decisive.name WHEN 'validationAccuracy' THEN trial.last_v1 WHEN 'validationLoss' THEN trial.last_v2 END AS last_validation_accuracy,
  CASE decisive.name WHEN 'validationAccuracy' THEN trial.last_v2 WHEN 'validationLoss' THEN trial.last_v1 WHEN 'validationRmse' THEN trial.last_v3 WHEN 'validationR2' THEN trial.last_v3 END AS last_validation_loss,
  trial.diverged_step AS diverged_epoch,
  trial.attempts,
  trial.seconds,
  trial.best_sha256 AS weights_sha256,
  trial.last_sha256 AS last_weights_sha256,
  trial.error_code,
  trial.error,
  trial.params,
  ranked.combination_rank,
  CASE decisive.name WHEN 'validationRmse' THEN trial.best_v1 WHEN 'validationR2' THEN trial.best_v2 END AS validation_rmse,
  CASE decisive.name WHEN 'validationRmse' THEN trial.best_v2 WHEN 'validationR2' THEN trial.best_v1 END AS validation_r2,
  CASE decisive.name WHEN 'validationRmse' THEN trial.best_v4 WHEN 'validationR2' THEN trial.best_v5 END AS training_rmse,
  CASE decisive.name WHEN 'validationRmse' THEN trial.best_v5 WHEN 'validationR2' THEN trial.best_v4 END AS training_r2,
  CASE decisive.name WHEN 'validationRmse' THEN trial.last_v1 WHEN 'validationR2' THEN trial.last_v2 END AS last_validation_rmse,
  CASE decisive.name WHEN 'validationRmse' THEN trial.last_v2 WHEN 'validationR2' THEN trial.last_v1 END AS last_validation_r2,
  ranked.is_copy
FROM ranked
JOIN trial ON trial.id = ranked.id
JOIN experiment ON experiment.id = trial.experiment_id
LEFT JOIN metric AS decisive
  ON decisive.experiment_id = experiment.id AND decisive.position = 1 AND experiment.kernel_hash IS NOT NULL
ORDER BY trial.experiment_id, ranked.rank NULLS LAST, trial.number;

CREATE VIEW combinations AS
WITH
asked AS (
  SELECT experiment_id, max(replicate) AS last_replicate FROM trial WHERE role = 'search' GROUP BY experiment_id
),
replicates AS (
  SELECT
    *,
    state = 'done' AS is_done,
    CASE state WHEN 'done' THEN rank END AS done_rank,
    avg(validation_accuracy) FILTER (WHERE state = 'done') OVER combination AS mean_accuracy,
    avg(validation_loss) FILTER (WHERE state = 'done') OVER combination AS mean_loss,
    avg(validation_rmse) FILTER (WHERE state = 'done') OVER combination AS mean_rmse,
    avg(validation_r2) FILTER (WHERE state = 'done') OVER combination AS mean_r2,
    min(trial) OVER combination AS first_trial,
    max(replicate) OVER combination AS its_last
  FROM leaderboard
  JOIN asked USING (experiment_id)
  WHERE NOT is_copy
  WINDOW combination AS (PARTITION BY experiment_id, params)
)
SELECT
  experiment_id,
  experiment,
  combination_rank AS rank,
  params,
  learning_rate,
  batch_size,
  -- With those still to come, of the point that was proposed last.
  count(*) + last_replicate - its_last AS replicates,
  count(done_rank) AS done,
  mean_accuracy AS validation_accuracy,
  sqrt(
    sum((validation_accuracy - mean_accuracy) * (validation_accuracy - mean_accuracy)) FILTER (WHERE is_done)
    / (count(done_rank) - 1)
  ) AS validation_accuracy_deviation,
  mean_loss AS validation_loss,
  sqrt(
    sum((validation_loss - mean_loss) * (validation_loss - mean_loss)) FILTER (WHERE is_done)
    / (count(done_rank) - 1)
  ) AS validation_loss_deviation,
  -- SQLite takes columns that stand alone from the row of the only min().
  iif(min(done_rank) IS NULL, NULL, trial_id) AS trial_id,
  iif(min(done_rank) IS NULL, NULL, trial) AS trial,
  total(seconds) FILTER (WHERE state <> 'stopped') AS seconds,
  mean_rmse AS validation_rmse,
  sqrt(
    sum((validation_rmse - mean_rmse) * (validation_rmse - mean_rmse)) FILTER (WHERE is_done)
    / (count(done_rank) - 1)
  ) AS validation_rmse_deviation,
  mean_r2 AS validation_r2,
  sqrt(
    sum((validation_r2 - mean_r2) * (validation_r2 - mean_r2)) FILTER (WHERE is_done)
    / (count(done_rank) - 1)
  ) AS validation_r2_deviation
FROM replicates
GROUP BY experiment_id, params
ORDER BY experiment_id, rank NULLS LAST, first_trial;

CREATE VIEW curves AS
SELECT
  trial.experiment_id,
  experiment.name AS experiment,
  CASE trial.role WHEN 'search' THEN 1 ELSE 2 END AS phase,
  trial.id AS trial_id,
  trial.number AS trial,
  trial.params ->> 'learningRate' AS learning_rate,
  trial.params ->> 'batchSize' AS batch_size,
  trial.replicate,
  trial.state,
  report.step AS epoch,
  CASE decisive.name WHEN 'validationAccuracy' THEN v4 WHEN 'validationLoss' THEN v3 WHEN 'validationRmse' THEN v6 WHEN 'validationR2' THEN v6 END AS training_loss,
  CASE decisive.name WHEN 'validationAccuracy' THEN v3 WHEN 'validationLoss' THEN v4 END AS training_accuracy,
  CASE trial.role WHEN 'search' THEN CASE decisive.name WHEN 'validationAccuracy' THEN v2 WHEN 'validationLoss' THEN v1 WHEN 'validationRmse' THEN v3 WHEN 'validationR2' THEN v3 END END AS validation_loss,
  CASE trial.role WHEN 'search' THEN CASE decisive.name WHEN 'validationAccuracy' THEN v1 WHEN 'validationLoss' THEN v2 END END AS validation_accuracy,
  CASE trial.role WHEN 'final' THEN CASE decisive.name WHEN 'validationAccuracy' THEN v2 WHEN 'validationLoss' THEN v1 WHEN 'validationRmse' THEN v3 WHEN 'validationR2' THEN v3 END END AS test_loss,
  CASE trial.role WHEN 'final' THEN CASE decisive.name WHEN 'validationAccuracy' THEN v1 WHEN 'validationLoss' THEN v2 END END AS test_accuracy,
  CASE decisive.name WHEN 'validationRmse' THEN v4 WHEN 'validationR2' THEN v5 END AS training_rmse,
  CASE decisive.name WHEN 'validationRmse' THEN v5 WHEN 'validationR2' THEN v4 END AS training_r2,
  CASE trial.role WHEN 'search' THEN CASE decisive.name WHEN 'validationRmse' THEN v1 WHEN 'validationR2' THEN v2 END END AS validation_rmse,
  CASE trial.role WHEN 'search' THEN CASE decisive.name WHEN 'validationRmse' THEN v2 WHEN 'validationR2' THEN v1 END END AS validation_r2,
  CASE trial.role WHEN 'final' THEN CASE decisive.name WHEN 'validationRmse' THEN v1 WHEN 'validationR2' THEN v2 END END AS test_rmse,
  CASE trial.role WHEN 'final' THEN CASE decisive.name WHEN 'validationRmse' THEN v2 WHEN 'validationR2' THEN v1 END END AS test_r2
FROM report
JOIN trial ON trial.id = report.trial_id
JOIN experiment ON experiment.id = trial.experiment_id
LEFT JOIN metric AS decisive
  ON decisive.experiment_id = experiment.id AND decisive.position = 1 AND experiment.kernel_hash IS NOT NULL;

-- Every trial of any run: v1 is the best value of the metric at position 1 (table metric), params ->> 'name' a parameter.
CREATE VIEW trials AS
SELECT
  trial.experiment_id,
  experiment.name AS experiment,
  trial.id AS trial_id,
  trial.role,
  trial.number AS trial,
  leaderboard.rank,
  trial.replicate,
  trial.params,
  trial.state,
  trial.best_step,
  trial.best_v1 AS v1,
  trial.best_v2 AS v2,
  trial.best_v3 AS v3,
  trial.best_v4 AS v4,
  trial.best_v5 AS v5,
  trial.best_v6 AS v6,
  trial.best_v7 AS v7,
  trial.best_v8 AS v8,
  trial.last_step,
  trial.last_v1,
  trial.last_v2,
  trial.last_v3,
  trial.last_v4,
  trial.last_v5,
  trial.last_v6,
  trial.last_v7,
  trial.last_v8,
  trial.diverged_step,
  trial.attempts,
  trial.seconds,
  trial.error_code,
  trial.error
FROM trial
JOIN experiment ON experiment.id = trial.experiment_id
LEFT JOIN leaderboard ON leaderboard.trial_id = trial.id
ORDER BY trial.experiment_id, trial.role DESC, leaderboard.rank NULLS LAST, trial.number;

-- Every report of any run.
CREATE VIEW reports AS
SELECT
  trial.experiment_id,
  experiment.name AS experiment,
  trial.role,
  trial.id AS trial_id,
  trial.number AS trial,
  trial.replicate,
  trial.params,
  trial.state,
  report.step,
  report.v1,
  report.v2,
  report.v3,
  report.v4,
  report.v5,
  report.v6,
  report.v7,
  report.v8
FROM report
JOIN trial ON trial.id = report.trial_id
JOIN experiment ON experiment.id = trial.experiment_id;
