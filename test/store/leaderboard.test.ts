import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { openReadOnly } from '../../src/store/open-results.ts';
import type { Store } from '../../src/store/store.ts';
import { addExperiment, diverged, done, failed, spec, stopped, storeWith } from './example.ts';

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
