-- The tables of results.db, version 4; its views are in views.sql. They are public: results/README.md documents them.
-- Losses are means per row (natural logarithm), accuracies run from 0 to 1, times are seconds.
-- SQLite stores NaN as NULL and sorts NULL before every loss, so no finished row may hold either NaN or infinity.

PRAGMA application_id = 1668511600; -- 'cswp'
PRAGMA user_version = 4;

CREATE TABLE experiment (
  id              INTEGER PRIMARY KEY,
  name            TEXT NOT NULL CHECK (name <> ''),
  definition      TEXT NOT NULL CHECK (json_valid(definition)),
  definition_hash TEXT NOT NULL,
  data_hash       TEXT NOT NULL,
  kernel_hash     TEXT NOT NULL,
  encoding        TEXT CHECK (json_valid(encoding)),
  seed            INTEGER NOT NULL,
  metric          TEXT NOT NULL CHECK (metric IN ('validationAccuracy', 'validationLoss')),
  state           TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped')),
  created_at      TEXT NOT NULL CHECK (datetime(created_at) IS NOT NULL),
  seconds         REAL CHECK (seconds BETWEEN 0 AND 1e300),
  model_sha256    TEXT CHECK (length(model_sha256) = 64),
  forced_sha256   TEXT CHECK (length(forced_sha256) = 64),
  trials          INTEGER NOT NULL DEFAULT 0 CHECK (trials >= 0),
  sessions        INTEGER NOT NULL DEFAULT 0 CHECK (sessions >= 0),
  digest          TEXT CHECK (length(digest) = 64),
  CHECK (state = 'running' OR seconds IS NOT NULL)
) STRICT;

CREATE TABLE trial (
  id            INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiment (id),
  phase         INTEGER NOT NULL CHECK (phase IN (1, 2)),
  number        INTEGER NOT NULL CHECK (number >= 1),
  key           TEXT NOT NULL,
  replicate     INTEGER NOT NULL CHECK (replicate >= 0),
  params        TEXT NOT NULL CHECK (json_valid(params)),
  learning_rate REAL GENERATED ALWAYS AS (params ->> 'learningRate') VIRTUAL,
  batch_size    INTEGER GENERATED ALWAYS AS (params ->> 'batchSize') VIRTUAL,
  state         TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'running', 'done', 'diverged', 'failed', 'stopped')),
  attempts      INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),

  best_epoch               INTEGER CHECK (best_epoch >= 1),
  best_training_loss       REAL CHECK (abs(best_training_loss) < 9e999),
  best_training_accuracy   REAL CHECK (best_training_accuracy BETWEEN 0 AND 1),
  best_evaluation_loss     REAL CHECK (abs(best_evaluation_loss) < 9e999),
  best_evaluation_accuracy REAL CHECK (best_evaluation_accuracy BETWEEN 0 AND 1),
  last_epoch               INTEGER CHECK (last_epoch >= best_epoch),
  last_training_loss       REAL CHECK (abs(last_training_loss) < 9e999),
  last_training_accuracy   REAL CHECK (last_training_accuracy BETWEEN 0 AND 1),
  last_evaluation_loss     REAL CHECK (abs(last_evaluation_loss) < 9e999),
  last_evaluation_accuracy REAL CHECK (last_evaluation_accuracy BETWEEN 0 AND 1),

  diverged_epoch      INTEGER CHECK (diverged_epoch >= 1),
  seconds             REAL CHECK (seconds BETWEEN 0 AND 1e300),
  weights_sha256      TEXT CHECK (length(weights_sha256) = 64),
  last_weights_sha256 TEXT CHECK (length(last_weights_sha256) = 64),
  error_code          TEXT,
  error               TEXT,
  crashes             INTEGER NOT NULL DEFAULT 0 CHECK (crashes >= 0),
  start_sha256        TEXT CHECK (length(start_sha256) = 64),
  start_forced        INTEGER NOT NULL DEFAULT 0 CHECK (start_forced IN (0, 1)),
  curve_sha256        TEXT CHECK (length(curve_sha256) = 64),
  spans_sha256        TEXT CHECK (length(spans_sha256) = 64),
  digest              TEXT CHECK (length(digest) = 64),
  same_as             INTEGER REFERENCES trial (id),

  UNIQUE (experiment_id, key),
  UNIQUE (experiment_id, phase, number),
  CHECK (state = 'waiting' OR attempts >= 1),
  CHECK (state IN ('waiting', 'running') OR seconds IS NOT NULL),
  CHECK ((state = 'done') = (weights_sha256 IS NOT NULL)),
  CHECK ((state = 'diverged') = (diverged_epoch IS NOT NULL)),
  CHECK ((state = 'failed') = (error_code IS NOT NULL AND error IS NOT NULL)),
  CHECK (
    state <> 'done' OR (
      last_weights_sha256 IS NOT NULL
      AND best_epoch IS NOT NULL
      AND best_training_loss IS NOT NULL AND best_training_accuracy IS NOT NULL
      AND best_evaluation_loss IS NOT NULL AND best_evaluation_accuracy IS NOT NULL
      AND last_epoch IS NOT NULL
      AND last_training_loss IS NOT NULL AND last_training_accuracy IS NOT NULL
      AND last_evaluation_loss IS NOT NULL AND last_evaluation_accuracy IS NOT NULL
    )
  )
) STRICT;

CREATE INDEX trial_of_key ON trial (key);

CREATE TABLE epoch (
  trial_id            INTEGER NOT NULL REFERENCES trial (id),
  epoch               INTEGER NOT NULL CHECK (epoch >= 1),
  training_loss       REAL NOT NULL CHECK (abs(training_loss) < 9e999),
  training_accuracy   REAL NOT NULL CHECK (training_accuracy BETWEEN 0 AND 1),
  evaluation_loss     REAL NOT NULL CHECK (abs(evaluation_loss) < 9e999),
  evaluation_accuracy REAL NOT NULL CHECK (evaluation_accuracy BETWEEN 0 AND 1),
  PRIMARY KEY (trial_id, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
  trial_id   INTEGER NOT NULL REFERENCES trial (id),
  kind       TEXT NOT NULL CHECK (kind IN ('best', 'last')),
  sizes      TEXT NOT NULL CHECK (json_valid(sizes)),
  parameters BLOB NOT NULL CHECK (length(parameters) % 4 = 0),
  sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
  -- A bit an evaluation row.
  correct    BLOB,
  digest     TEXT CHECK (length(digest) = 64),
  PRIMARY KEY (trial_id, kind)
) STRICT;

CREATE TABLE checkpoint (
  trial_id       INTEGER PRIMARY KEY REFERENCES trial (id),
  trained_epochs INTEGER NOT NULL CHECK (trained_epochs >= 1),
  best_epoch     INTEGER NOT NULL CHECK (best_epoch BETWEEN 0 AND trained_epochs),
  seconds        REAL NOT NULL CHECK (seconds BETWEEN 0 AND 1e300),
  curve          BLOB NOT NULL CHECK (length(curve) % 32 = 0),
  parameters     BLOB NOT NULL CHECK (length(parameters) % 4 = 0),
  best           BLOB NOT NULL CHECK (length(best) = length(parameters)),
  sha256         TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT;

CREATE TABLE owner (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  pid        INTEGER NOT NULL,
  host       TEXT NOT NULL,
  started_at TEXT NOT NULL CHECK (datetime(started_at) IS NOT NULL)
) STRICT;

-- One process at work on an experiment.
CREATE TABLE session (
  id            INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiment (id),
  started_at    TEXT NOT NULL CHECK (datetime(started_at) IS NOT NULL),
  threads       INTEGER NOT NULL CHECK (threads >= 1),
  seconds       REAL CHECK (seconds BETWEEN 0 AND 1e300),
  digest        TEXT CHECK (length(digest) = 64)
) STRICT;

-- Rows stand in the order in which their trials ended.
CREATE TABLE span (
  id         INTEGER PRIMARY KEY,
  trial_id   INTEGER NOT NULL REFERENCES trial (id),
  session_id INTEGER REFERENCES session (id),
  thread     INTEGER NOT NULL CHECK (thread >= 0),
  "from"     REAL NOT NULL CHECK ("from" >= 0),
  "to"       REAL NOT NULL CHECK ("to" >= "from" AND "to" < 9e999)
) STRICT;
CREATE INDEX span_of_trial ON span (trial_id);
