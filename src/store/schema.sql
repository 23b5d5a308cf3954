-- The tables of results.db, version 8; its views are in views.sql. They are public: results/README.md documents them.
-- Times are seconds. v1 to v8 are the values of a run's metrics in order; those that it does not have are NULL.
-- SQLite stores NaN as NULL and sorts NULL before every number, so no value may be either NaN or infinite.

PRAGMA application_id = 1668511600; -- 'cswp'
PRAGMA user_version = 8;

CREATE TABLE experiment (
  id              INTEGER PRIMARY KEY,
  name            TEXT NOT NULL CHECK (name <> ''),
  definition      TEXT NOT NULL CHECK (json_valid(definition)),
  definition_hash TEXT NOT NULL,
  data_hash       TEXT,
  kernel_hash     TEXT,
  objective_hash  TEXT,
  encoding        TEXT CHECK (json_valid(encoding)),
  seed            INTEGER NOT NULL,
  metric          TEXT CHECK (metric IN ('validationAccuracy', 'validationLoss')),
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

-- What a run measures: the first with a goal decides, the next ones decide among equals.
CREATE TABLE metric (
  experiment_id INTEGER NOT NULL REFERENCES experiment (id),
  position      INTEGER NOT NULL CHECK (position BETWEEN 1 AND 8),
  name          TEXT NOT NULL CHECK (name <> ''),
  goal          TEXT NOT NULL CHECK (goal IN ('minimise', 'maximise', 'none')),
  PRIMARY KEY (experiment_id, position),
  UNIQUE (experiment_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE trial (
  id            INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL REFERENCES experiment (id),
  role          TEXT NOT NULL CHECK (role IN ('search', 'final')),
  number        INTEGER NOT NULL CHECK (number >= 1),
  key           TEXT NOT NULL,
  replicate     INTEGER NOT NULL CHECK (replicate >= 0),
  params        TEXT NOT NULL CHECK (json_valid(params)),
  state         TEXT NOT NULL DEFAULT 'waiting' CHECK (
                  state IN ('waiting', 'running', 'paused', 'stopped', 'done', 'pruned', 'diverged', 'failed')
                ),
  attempts      INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),

  -- What the trial is ranked by, and what it reported last.
  best_step     INTEGER CHECK (best_step >= 1),
  best_v1        REAL CHECK (abs(best_v1) < 9e999),
  best_v2        REAL CHECK (abs(best_v2) < 9e999),
  best_v3        REAL CHECK (abs(best_v3) < 9e999),
  best_v4        REAL CHECK (abs(best_v4) < 9e999),
  best_v5        REAL CHECK (abs(best_v5) < 9e999),
  best_v6        REAL CHECK (abs(best_v6) < 9e999),
  best_v7        REAL CHECK (abs(best_v7) < 9e999),
  best_v8        REAL CHECK (abs(best_v8) < 9e999),
  last_step     INTEGER CHECK (last_step >= best_step),
  last_v1        REAL CHECK (abs(last_v1) < 9e999),
  last_v2        REAL CHECK (abs(last_v2) < 9e999),
  last_v3        REAL CHECK (abs(last_v3) < 9e999),
  last_v4        REAL CHECK (abs(last_v4) < 9e999),
  last_v5        REAL CHECK (abs(last_v5) < 9e999),
  last_v6        REAL CHECK (abs(last_v6) < 9e999),
  last_v7        REAL CHECK (abs(last_v7) < 9e999),
  last_v8        REAL CHECK (abs(last_v8) < 9e999),

  diverged_step  INTEGER CHECK (diverged_step >= 1),
  seconds        REAL CHECK (seconds BETWEEN 0 AND 1e300),
  -- Of its artifacts of these names.
  best_sha256    TEXT CHECK (length(best_sha256) = 64),
  last_sha256    TEXT CHECK (length(last_sha256) = 64),
  model_sha256   TEXT CHECK (length(model_sha256) = 64),
  error_code     TEXT,
  error          TEXT,
  crashes        INTEGER NOT NULL DEFAULT 0 CHECK (crashes >= 0),
  start_sha256   TEXT CHECK (length(start_sha256) = 64),
  start_forced   INTEGER NOT NULL DEFAULT 0 CHECK (start_forced IN (0, 1)),
  reports_sha256 TEXT CHECK (length(reports_sha256) = 64),
  spans_sha256   TEXT CHECK (length(spans_sha256) = 64),
  digest         TEXT CHECK (length(digest) = 64),
  same_as        INTEGER REFERENCES trial (id),

  UNIQUE (experiment_id, key),
  UNIQUE (experiment_id, role, number),
  CHECK (state = 'waiting' OR attempts >= 1),
  CHECK (state IN ('waiting', 'running') OR seconds IS NOT NULL),
  CHECK ((state = 'diverged') = (diverged_step IS NOT NULL)),
  CHECK ((state = 'failed') = (error_code IS NOT NULL AND error IS NOT NULL)),
  CHECK (
    (state IN ('done', 'pruned'))
    = (best_step IS NOT NULL AND best_v1 IS NOT NULL AND last_step IS NOT NULL AND last_v1 IS NOT NULL)
  )
) STRICT;

CREATE INDEX trial_of_key ON trial (key);

CREATE TABLE report (
  trial_id INTEGER NOT NULL REFERENCES trial (id),
  step     INTEGER NOT NULL CHECK (step >= 1),
  v1       REAL NOT NULL CHECK (abs(v1) < 9e999),
  v2       REAL CHECK (abs(v2) < 9e999),
  v3       REAL CHECK (abs(v3) < 9e999),
  v4       REAL CHECK (abs(v4) < 9e999),
  v5       REAL CHECK (abs(v5) < 9e999),
  v6       REAL CHECK (abs(v6) < 9e999),
  v7       REAL CHECK (abs(v7) < 9e999),
  v8       REAL CHECK (abs(v8) < 9e999),
  PRIMARY KEY (trial_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE artifact (
  trial_id INTEGER NOT NULL REFERENCES trial (id),
  name     TEXT NOT NULL CHECK (name IN ('best', 'last', 'model')),
  kind     TEXT NOT NULL CHECK (kind IN ('network', 'bytes')),
  -- Of a network: units of each layer, and bytes are its parameters as float32.
  sizes    TEXT CHECK (json_valid(sizes)),
  bytes    BLOB NOT NULL,
  sha256   TEXT NOT NULL CHECK (length(sha256) = 64),
  -- A bit a row that it was measured on.
  correct  BLOB,
  digest   TEXT CHECK (length(digest) = 64),
  PRIMARY KEY (trial_id, name),
  CHECK ((kind = 'network') = (sizes IS NOT NULL)),
  CHECK (kind = 'bytes' OR length(bytes) % 4 = 0)
) STRICT;

CREATE TABLE checkpoint (
  trial_id INTEGER PRIMARY KEY REFERENCES trial (id),
  step     INTEGER NOT NULL CHECK (step >= 1),
  seconds  REAL NOT NULL CHECK (seconds BETWEEN 0 AND 1e300),
  reports  BLOB NOT NULL CHECK (length(reports) % 8 = 0),
  bytes    BLOB NOT NULL,
  sha256   TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT;

-- What a trial has written for people, piece by piece: a piece begins where the one before it ended.
CREATE TABLE log (
  trial_id INTEGER NOT NULL REFERENCES trial (id),
  "from"   INTEGER NOT NULL CHECK ("from" >= 0),
  text     TEXT NOT NULL CHECK (text <> ''),
  digest   TEXT NOT NULL CHECK (length(digest) = 64),
  PRIMARY KEY (trial_id, "from")
) STRICT, WITHOUT ROWID;

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

-- Who worked in a session of several machines, from when to when. One that came back has another row.
CREATE TABLE machine (
  session_id   INTEGER NOT NULL REFERENCES session (id),
  name         TEXT NOT NULL CHECK (name <> ''),
  first_thread INTEGER NOT NULL CHECK (first_thread >= 0),
  threads      INTEGER NOT NULL CHECK (threads >= 1),
  "from"       REAL NOT NULL CHECK ("from" >= 0),
  "to"         REAL CHECK ("to" >= "from" AND "to" < 9e999),
  how          TEXT CHECK (how IN ('left', 'lost')),
  digest       TEXT NOT NULL CHECK (length(digest) = 64),
  PRIMARY KEY (session_id, name, "from"),
  CHECK (("to" IS NULL) = (how IS NULL))
) STRICT, WITHOUT ROWID;

-- Which of them was at which trial, and how that ended there.
CREATE TABLE stint (
  trial_id   INTEGER NOT NULL REFERENCES trial (id),
  number     INTEGER NOT NULL CHECK (number >= 1),
  session_id INTEGER NOT NULL REFERENCES session (id),
  machine    TEXT NOT NULL CHECK (machine <> ''),
  "from"     REAL NOT NULL CHECK ("from" >= 0),
  "to"       REAL NOT NULL CHECK ("to" >= "from" AND "to" < 9e999),
  how        TEXT NOT NULL CHECK (how IN ('done', 'pruned', 'diverged', 'failed', 'stopped', 'lost')),
  digest     TEXT NOT NULL CHECK (length(digest) = 64),
  PRIMARY KEY (trial_id, number)
) STRICT, WITHOUT ROWID;
