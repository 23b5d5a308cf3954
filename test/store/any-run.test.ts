/** Runs whose trials are no networks: any metrics, pruned and paused trials, models that are bytes, and logs. */
import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import type { Metric } from '../../src/metric.ts';
import { checkDatabase } from '../../src/store/check-database.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import type { NewExperiment } from '../../src/store/results.ts';
import { openStore } from '../../src/store/store.ts';
import { mostLogBytes } from '../../src/store/trial-log.ts';
import type { Artifact, TrialOutcome, TrialSpec } from '../../src/trial.ts';

const metrics: readonly Metric[] = [
  { name: 'error', goal: 'minimise' },
  { name: 'rows', goal: 'none' },
  { name: 'gain', goal: 'maximise' },
];

const run = (changes: Partial<NewExperiment> = {}): NewExperiment => ({
  ...{ name: 'ridge', definition: '{"name":"ridge"}', definitionHash: 'd'.repeat(64) },
  ...{ dataHash: null, kernelHash: null, encoding: null, metric: null, objectiveHash: 'o'.repeat(64) },
  ...{ metrics, seed: 1, createdAt: '2026-01-02T03:04:05.678Z' },
  ...changes,
});

const spec = (number: number): TrialSpec => ({
  ...{ number, role: 'search', key: `key ${number}`, replicate: 0 },
  params: { solver: 'qr', alpha: number / 10, layers: [[20], [64, 32]] },
});

const ended = (state: 'done' | 'pruned', ...values: readonly (readonly number[])[]): TrialOutcome => {
  const reports = values.map((of, index) => ({ step: 2 * index + 1, values: of }));
  const [best, last] = [reports[0], reports.at(-1)];
  if (best === undefined || last === undefined) throw new Error('A result needs a report.');
  return { state, result: { reports, best, last, artifacts: [], spans: [], seconds: 1 } };
};

function storeWith(
  t: Test,
  outcomes: readonly (TrialOutcome | undefined)[],
  changes: Partial<NewExperiment> = {},
) {
  const path = `${t.testdir()}/results.db`;
  const store = openStore(path);
  const id = store.beginExperiment(run(changes));
  const trials = store.addTrials(
    id,
    outcomes.map((_, index) => spec(index + 1)),
  );
  for (const [index, outcome] of outcomes.entries()) {
    const trial = trials[index]?.id ?? 0;
    if (outcome === undefined) continue;
    store.startAttempt(trial);
    store.finish(trial, outcome);
  }
  return { path, store, id, ids: trials.map((trial) => trial.id) };
}

t.test(
  'the first metric decides, then the next one with a goal, then the lower number; pruned ones come after',
  async (t) => {
    const { store, path, id } = storeWith(t, [
      ended('pruned', [0.1, 1, 9]),
      ended('done', [0.5, 9, 2]),
      ended('done', [0.5, 0, 3]),
      { state: 'failed', code: 'ERR_TRIAL', reason: 'no', reports: [], seconds: 1 },
      ended('done', [0.4, 0, 0]),
      ended('done', [0.5, 7, 3]),
      ended('pruned', [0.05, 1, 0]),
      undefined,
    ]);
    t.same(
      store.ranked(id).map(({ number }) => number),
      [5, 3, 6, 2, 7, 1, 4, 8],
    );
    t.equal(store.winner(id)?.number, 5);
    t.equal(store.combinations(id).find(({ rank }) => rank === 1)?.best, 5);
    const results = openReadOnly(path);
    t.same(results.query('SELECT trial FROM leaderboard WHERE rank IS NOT NULL ORDER BY rank').rows.flat(), [
      ...[5, 3, 6, 2, 7, 1],
    ]);
    t.equal(
      results.query('SELECT max(rank) FROM leaderboard').rows[0]?.[0],
      6,
      'the others take no rank away',
    );
    const { rows } = results.query(
      "SELECT rank, trial, params ->> 'alpha', v1, v3, state FROM trials WHERE experiment = 'ridge' LIMIT 2",
    );
    t.same(rows, [
      [1, 5, 0.5, 0.4, 0, 'done'],
      [2, 3, 0.3, 0.5, 3, 'done'],
    ]);
    store.close();
  },
);

t.test('where all that ended was pruned there is no winner', async (t) => {
  const { store, id } = storeWith(t, [ended('pruned', [1, 1, 1])]);
  store.addTrials(id, [{ ...spec(1), role: 'final', key: 'final' }]);
  t.equal(store.winner(id), undefined);
  t.equal(store.finalTrial(id), undefined);
  t.match(store.ranked(id), [{ state: 'pruned', best: { step: 1, values: [1, 1, 1] } }]);
  store.close();
});

t.test('a final trial that began from nothing is none of a winner that has saved something', async (t) => {
  const bytes = Uint8Array.of(1, 2, 3);
  const model = {
    kind: 'bytes',
    name: 'model',
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  } as const;
  const { store, id } = storeWith(t, [savedWith(ended('done', [1, 1, 1]), [model])]);
  store.addTrials(id, [{ ...spec(1), role: 'final', key: 'final' }]);
  t.equal(store.finalTrial(id), undefined);
  store.addTrials(id, [{ ...spec(2), role: 'final', key: 'another', params: spec(1).params }], model.sha256);
  t.equal(store.finalTrial(id)?.number, 2);
  store.close();
});

const savedWith = (outcome: TrialOutcome, artifacts: readonly Artifact[]): TrialOutcome =>
  outcome.state === 'done' ? { ...outcome, result: { ...outcome.result, artifacts } } : outcome;

t.test('a run tells its metrics, and its columns of a network are empty', async (t) => {
  const { store, path, id } = storeWith(t, [ended('done', [1, 2, 3], [4, 5, 6])]);
  t.same(store.experiments()[0]?.metrics, metrics);
  t.match(store.experiments()[0], { metric: null, dataHash: null, kernelHash: null, encoding: null });
  t.same(store.reports(store.trials(id)[0]?.id ?? 0), [
    { step: 1, values: [1, 2, 3] },
    { step: 3, values: [4, 5, 6] },
  ]);
  const results = openReadOnly(path);
  t.same(results.query('SELECT validation_accuracy, validation_loss, best_epoch FROM leaderboard').rows, [
    [null, null, 1],
  ]);
  t.same(results.query('SELECT step, v2 FROM reports').rows, [
    [1, 2],
    [3, 5],
  ]);
  results.close();
  store.close();
});

t.test('parameters and metrics are columns by their names', async (t) => {
  const { store, id } = storeWith(t, [ended('done', [1, 2, 3]), undefined]);
  t.same(store.table(id), {
    columns: [
      'trial',
      'role',
      'rank',
      'replicate',
      'state',
      'solver',
      'alpha',
      'layers',
      'step',
      'error',
      'rows',
      'gain',
      'seconds',
    ],
    rows: [
      [1, 'search', 1, 0, 'done', 'qr', 0.1, [[20], [64, 32]], 1, 1, 2, 3, 1],
      [2, 'search', null, 0, 'waiting', 'qr', 0.2, [[20], [64, 32]], null, null, null, null, null],
    ],
  });
  store.close();
});

t.test('a report of another number of values, or one that is not finite, is refused', async (t) => {
  const { store, ids } = storeWith(t, [undefined]);
  store.startAttempt(ids[0] as number);
  for (const values of [[1], [1, 2, 3, 4], [1, Number.NaN, 3], [1, 2, Number.POSITIVE_INFINITY]])
    t.throws(() => store.finish(ids[0] as number, ended('done', values)), /3 finite numbers/);
  store.close();
});

t.test(
  'a paused trial keeps its checkpoint, goes on without another attempt, and outlives its process',
  async (t) => {
    const { store, path, ids } = storeWith(t, [undefined]);
    const trial = ids[0] as number;
    const checkpoint = { step: 3, reports: [{ step: 3, values: [1, 2, 3] }], bytes: Uint8Array.of(1, 2, 3) };
    t.throws(() => store.pause(trial, { checkpoint, seconds: 1 }), /not running/);
    store.startAttempt(trial);
    store.pause(trial, { checkpoint, seconds: 1.5 });
    store.close();
    const again = openStore(path);
    t.match(again.trial(trial), { state: 'paused', attempts: 1 });
    t.strictSame(again.checkpoint(trial), { checkpoint, seconds: 1.5 });
    again.startAttempt(trial);
    t.match(again.trial(trial), { state: 'running', attempts: 1 });
    again.finish(trial, ended('pruned', [1, 2, 3]));
    t.equal(again.checkpoint(trial), undefined);
    t.throws(() => again.startAttempt(trial), /final record/);
    again.close();
  },
);

t.test('a model that is bytes comes back with every bit, and damage to it is told', async (t) => {
  const { store, path, ids } = storeWith(t, [undefined]);
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const outcome = ended('done', [1, 2, 3]);
  const artifact = { kind: 'bytes', name: 'model', bytes, sha256 } as const;
  store.startAttempt(ids[0] as number);
  if (outcome.state === 'done')
    store.finish(ids[0] as number, { ...outcome, result: { ...outcome.result, artifacts: [artifact] } });
  t.strictSame(store.artifact(ids[0] as number, 'model'), artifact);
  t.match(store.trial(ids[0] as number), { artifacts: { model: sha256 } });
  store.close();
  t.same(checkDatabase(path).damage, []);
  const db = new Database(path);
  db.exec("UPDATE artifact SET bytes = zeroblob(1000) WHERE name = 'model'");
  db.close();
  const results = openReadOnly(path);
  t.throws(() => results.artifact(ids[0] as number, 'model'), { code: 'ERR_WEIGHTS_DAMAGED' });
  results.close();
  t.match(checkDatabase(path).damage, [/SHA-256/]);
});

t.test(
  'a log grows piece by piece up to 1 MiB, and a piece that is changed or missing is told',
  async (t) => {
    const { store, path, ids } = storeWith(t, [undefined, undefined]);
    const [one, other] = ids as [number, number];
    t.equal(store.log(one), undefined);
    store.appendLog(one, 'a line\n');
    store.appendLog(one, '');
    store.appendLog(one, 'zwölf\n');
    t.equal(store.log(one), 'a line\nzwölf\n');
    store.appendLog(other, 'x');
    store.appendLog(other, 'ö'.repeat(mostLogBytes));
    store.appendLog(other, 'never kept');
    const log = store.log(other) ?? '';
    t.match(log, /^xö+\n\[The rest was not kept: a log has at most 1 MiB\.\]\n$/);
    t.ok(Buffer.byteLength(log) < mostLogBytes + 100);
    store.close();
    t.same(checkDatabase(path).damage, []);
    for (const sql of [
      `UPDATE log SET text = 'b line' WHERE trial_id = ${one}`,
      'DELETE FROM log WHERE "from" = 0',
    ]) {
      const db = new Database(path);
      db.exec(sql);
      db.close();
      const results = openReadOnly(path);
      t.throws(() => results.log(one), { code: 'ERR_RECORD_DAMAGED' }, sql);
      results.close();
      t.ok(checkDatabase(path).damage.length > 0);
    }
  },
);

t.test('of a log that is full to the byte is said as well that more was not kept, once', async (t) => {
  const { store, ids } = storeWith(t, [undefined]);
  t.teardown(() => store.close());
  const [id] = ids as [number];
  const full = 'x'.repeat(mostLogBytes);
  store.appendLog(id, full);
  t.ok(store.log(id) === full, 'nothing is missing yet');
  for (const more of ['', 'one', 'two']) store.appendLog(id, more);
  t.equal(store.log(id)?.slice(mostLogBytes), '\n[The rest was not kept: a log has at most 1 MiB.]\n');
});

t.test('a run whose definition cannot be read is not verified, and its faults are named', async (t) => {
  const { store, path } = storeWith(t, [ended('done', [1, 2, 3])]);
  store.close();
  const { typed } = await import('../commands/command-line.ts');
  const { exitCode, err } = await typed('verify', '--db', path);
  t.equal(exitCode, 2);
  t.match(err, /The definition of experiment 1 has a fault:.*ERR_DEFINITION/s);
});
