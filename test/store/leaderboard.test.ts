import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { type NetworkMetric, type NumberMetric, reportOf } from '../../src/metric.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { TrialOutcome } from '../../src/trial.ts';
import {
  addExperiment,
  diverged,
  done,
  experiment,
  failed,
  result,
  spec,
  stopped,
  storeWith,
} from './example.ts';

/** [rank, number] of each trial in the view, which must be the order of ranked(). */
function order(t: Test, store: Store, path: string, experimentId: number): unknown[] {
  const results = openReadOnly(path);
  const { rows } = results.query(
    'SELECT rank, trial FROM leaderboard WHERE experiment_id = ? ORDER BY rank NULLS LAST, trial',
    [experimentId],
  );
  results.close();
  t.strictSame(
    store.ranked(experimentId).map(({ number }) => number),
    rows.map(([, number]) => number),
  );
  return rows;
}

t.test(
  'the highest accuracy is first, then the lower loss, then the lower number; only done trials have a rank',
  async (t) => {
    const { store, path, experimentId } = storeWith(t.testdir(), [
      diverged,
      done(0.8, 0.3),
      done(0.9, 0.5),
      failed,
      done(0.9, 0.4),
      done(0.9, 0.4),
      stopped,
      done(0, 9),
    ]);
    store.addTrials(experimentId, [spec(9), spec(1, 'final')]);
    t.strictSame(order(t, store, path, experimentId), [
      [1, 5],
      [2, 6],
      [3, 3],
      [4, 2],
      [5, 8],
      [null, 1],
      [null, 4],
      [null, 7],
      [null, 9],
    ]);
    store.close();
  },
);

t.test(
  'an experiment that minimises the loss is ranked by it, and each experiment by its own metric',
  async (t) => {
    const outcomes = [done(0.9, 0.5), diverged, done(0.7, 0.2), done(0.8, 0.2), done(0.8, 0.2)];
    const { store, path, experimentId } = storeWith(t.testdir(), outcomes, 'validationLoss');
    const other = addExperiment(store, outcomes);
    const byLoss = [
      [1, 4],
      [2, 5],
      [3, 3],
      [4, 1],
      [null, 2],
    ];
    t.strictSame(order(t, store, path, experimentId), byLoss);
    t.strictSame(order(t, store, path, other.experimentId), [
      [1, 1],
      [2, 4],
      [3, 5],
      [4, 3],
      [null, 2],
    ]);
    store.close();
  },
);

t.test('a row tells of the best epoch, the last epoch, and why a trial has no rank', async (t) => {
  const { store, path } = storeWith(t.testdir(), [done(0.9, 0.25), diverged, failed]);
  store.close();
  const results = openReadOnly(path);
  const rows = (columns: string) => results.query(`SELECT ${columns} FROM leaderboard ORDER BY trial`).rows;
  t.strictSame(rows('learning_rate, batch_size, replicate, attempts, seconds')[0], [0.1, 128, 0, 1, 1.25]);
  t.strictSame(
    rows('best_epoch, validation_accuracy, validation_loss, training_accuracy')[0],
    [1, 0.9, 0.25, 0.75],
  );
  t.strictSame(rows('last_epoch, last_validation_accuracy, last_validation_loss')[0], [2, 0.45, 0.5]);
  t.strictSame(rows('state, diverged_epoch, error_code, error, validation_loss, weights_sha256').slice(1), [
    ['diverged', 2, null, null, null, null],
    ['failed', null, 'ERR_WORKER', 'the thread ended', null, null],
  ]);
  results.close();
});

t.test(
  'a run of networks that learn numbers has its errors in the views, whichever of them decides',
  async (t) => {
    for (const metric of ['validationRmse', 'validationR2'] as const) {
      const { store, path, experimentId, trialIds } = withNumbers(t.testdir(), metric);
      store.addTrials(experimentId, [spec(1, 'final')]);
      const final = store.trials(experimentId).at(-1)?.id as number;
      for (const id of [...trialIds, final]) {
        store.startAttempt(id);
        store.finish(id, ofNumbers(metric, id));
      }
      store.close();
      const results = openReadOnly(path);
      const asked = (sql: string) => results.query(sql).rows;
      t.strictSame(
        asked(`SELECT rank, trial, validation_rmse, validation_r2, validation_loss, training_rmse, training_r2, training_loss,
          last_validation_rmse, last_validation_r2, last_validation_loss, validation_accuracy FROM leaderboard ORDER BY rank`),
        [
          [1, 1, 2.5, 0.75, 0.25, 1.5, 0.875, 0.125, 5, 0.375, 0.5, null],
          [2, 2, 3.5, 0.5, 0.5, 1.5, 0.875, 0.125, 7, 0.25, 1, null],
        ],
        metric,
      );
      t.strictSame(
        asked(
          'SELECT validation_rmse, validation_r2, validation_rmse_deviation, validation_accuracy FROM combinations',
        ),
        [
          [2.5, 0.75, null, null],
          [3.5, 0.5, null, null],
        ],
      );
      t.strictSame(
        asked(`SELECT training_rmse, validation_rmse, validation_r2, test_rmse, test_r2, test_loss, test_accuracy FROM curves
          WHERE epoch = 1 ORDER BY phase, trial`),
        [
          [1.5, 2.5, 0.75, null, null, null, null],
          [1.5, 3.5, 0.5, null, null, null, null],
          [1.5, null, null, 4.5, 0.25, 0.75, null],
        ],
      );
      results.close();
    }
  },
);

t.test('means and deviations of the view combinations are those of the done replicates alone', async (t) => {
  const path = `${t.testdir()}/results.db`;
  const store = openStore(path);
  const ended = (
    metric: NetworkMetric,
    ...replicates: readonly [TrialOutcome, TrialOutcome, TrialOutcome]
  ) => {
    const experimentId = store.beginExperiment(experiment(metric, metric));
    // The third one was the best of all when it was given up; the second combination has nothing, and lacks two.
    const outcomes = [...replicates.slice(0, 2), prunedAs(replicates[2]), failed];
    const specs = outcomes.map((_, index) => ({
      ...{ ...spec(index + 1), replicate: index % 3, params: spec(index < 3 ? 1 : 2).params },
    }));
    for (const [index, { id }] of store.addTrials(experimentId, specs).entries()) {
      store.startAttempt(id);
      store.finish(id, outcomes[index] as TrialOutcome);
    }
  };
  ended('validationAccuracy', done(0.5, 2), done(0.75, 4), done(1, 0));
  // RMSE 2.5 and 4.5; R2 0.75 and 0.25.
  const [one, three, none] = [1, 3, 0].map((place) => ofNumbers('validationRmse', place)) as [
    TrialOutcome,
    TrialOutcome,
    TrialOutcome,
  ];
  ended('validationRmse', one, three, none);
  store.close();
  const results = openReadOnly(path);
  const half = Math.SQRT1_2;
  const rows = (columns: string, name: string) =>
    results.query(
      `SELECT replicates, done, trial, trial_id, ${columns} FROM combinations WHERE experiment = ?`,
      [name],
    ).rows;
  t.strictSame(
    rows(
      'validation_accuracy, validation_accuracy_deviation, validation_loss, validation_loss_deviation',
      'validationAccuracy',
    ),
    [
      [3, 2, 2, 2, 0.625, half / 4, 3, 2 * half],
      [3, 0, null, null, null, null, null, null],
    ],
  );
  t.strictSame(
    rows(
      'validation_rmse, validation_rmse_deviation, validation_r2, validation_r2_deviation',
      'validationRmse',
    ),
    [
      [3, 2, 1, 5, 3.5, 2 * half, 0.5, half / 2],
      [3, 0, null, null, null, null, null, null],
    ],
  );
  results.close();
});

const prunedAs = (outcome: TrialOutcome): TrialOutcome =>
  outcome.state === 'done' ? { ...outcome, state: 'pruned' } : outcome;

/** Two trials of a run that `metric` decides, not begun. */
function withNumbers(folder: string, metric: NumberMetric) {
  const path = `${folder}/results.db`;
  const store = openStore(path);
  const experimentId = store.beginExperiment(experiment(metric));
  store.addTrials(experimentId, [spec(1), spec(2)]);
  return { store, path, experimentId, trialIds: store.trials(experimentId).map(({ id }) => id) };
}

/** Two epochs, of which the first is the best: the worse, the higher the `place` from 1. */
function ofNumbers(metric: NumberMetric, place: number): TrialOutcome {
  const [loss, rmse, r2] = [place / 4, 1.5 + place, 1 - place / 4];
  const best = reportOf(metric, 1, [0.125, 1.5, 0.875, loss, rmse, r2]);
  const last = reportOf(metric, 2, [0.125, 1.5, 0.875, 2 * loss, 2 * rmse, r2 / 2]);
  return { state: 'done', result: { ...result(), reports: [best, last], best, last } };
}

t.test('the database itself refuses a done trial without finite metrics', async (t) => {
  const { store, path } = storeWith(t.testdir(), [done()]);
  store.close();
  const db = new Database(path);
  const columns = [
    ...['best', 'last'].flatMap((which) => ['step', 'v1'].map((column) => `${which}_${column}`)),
    'seconds',
  ];
  for (const column of columns) {
    t.throws(() => db.exec(`UPDATE trial SET ${column} = NULL`), /CHECK constraint failed/, column);
    t.throws(
      () => db.prepare(`UPDATE trial SET ${column} = ?`).run(Number.NaN),
      /CHECK constraint failed/,
      column,
    );
    t.throws(() => db.exec(`UPDATE trial SET ${column} = 9e999`), /constraint failed|cannot store/, column);
  }
  for (const state of ['waiting', 'running', 'paused', 'diverged', 'failed', 'stopped', 'finished']) {
    t.throws(() => db.prepare('UPDATE trial SET state = ?').run(state), /CHECK constraint failed/, state);
  }
  db.close();
});
