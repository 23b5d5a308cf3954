import { copyFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { diverged, done, failed, spec, stopped, storeWith } from '../store/example.ts';
import { typed } from './command-line.ts';

const { path: sound, store, experimentId } = storeWith(t.testdir(), [done(0.5), diverged, failed, stopped]);
store.beginSession(experimentId, { startedAt: '2026-01-02T03:04:05.678Z', threads: 2 });
store.addTrials(experimentId, [spec(5), spec(1, 'final')]);
store.startAttempt(6);
store.finish(6, done());
store.finishExperiment(experimentId, 'done', 2);
store.close();

function copyOf(t: Test): string {
  const path = join(t.testdir(), 'results.db');
  cpSync(sound, path);
  return path;
}

function damaged(t: Test, sql: string): string {
  const path = copyOf(t);
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  db.exec(sql);
  db.close();
  return path;
}

t.test('a whole database is said to be one, with exit code 0', async (t) => {
  t.match(await typed('check', '--db', sound), {
    exitCode: 0,
    out: '1 experiment with 6 trials: every record is what was written.\n',
  });
});

t.test('a database without digests is said to have none', async (t) => {
  const old = join(t.testdir(), 'results.db');
  copyFileSync(fileURLToPath(new URL('../fixtures/results-version-3.db', import.meta.url)), old);
  t.match(await typed('check', '--db', old), { exitCode: 0, out: /without digests/ });
});

/** Every column that is shown or decides, changed in one row, and who must be named for it. */
const changes: readonly (readonly [sql: string, named: RegExp])[] = [
  ["UPDATE experiment SET name = 'other'", /^experiment 1 /],
  ['UPDATE experiment SET seed = seed - 1', /^experiment 1 /],
  ["UPDATE experiment SET metric = 'validationLoss'", /^experiment 1 /],
  [`UPDATE experiment SET encoding = '{"kind":"none"}'`, /^experiment 1 /],
  [`UPDATE experiment SET definition = json_set(definition, '$.seed', 2)`, /^experiment 1 /],
  ['UPDATE trial SET best_v2 = best_v2 * (1 + 1e-15) WHERE id = 1', /^trial 1 /],
  ['UPDATE trial SET params = \'{"learningRate":0.2,"batchSize":640}\' WHERE id = 5', /^trial 5 /],
  ["UPDATE trial SET key = 'other' WHERE id = 4", /^trial 4 /],
  ["UPDATE trial SET error = 'other' WHERE id = 3", /^trial 3 /],
  ['UPDATE trial SET diverged_step = 3 WHERE id = 2', /^trial 2 /],
  ['UPDATE trial SET seconds = 9 WHERE id = 6', /^final training 1 /],
  ['UPDATE trial SET digest = NULL WHERE id = 1', /^trial 1 /],
  ['DELETE FROM trial WHERE id = 5', /^the list of trials of experiment 1 is not whole/],
  ['UPDATE report SET v3 = 0.5 WHERE trial_id = 1 AND step = 2', /^the curve .* id 1 /],
  ['DELETE FROM report WHERE trial_id = 2', /^the curve .* id 2 /],
  [
    "UPDATE artifact SET sizes = '[2,3,1]' WHERE trial_id = 1 AND name = 'last'",
    /^the model "last" .* id 1 /,
  ],
  ["UPDATE artifact SET correct = x'07' WHERE trial_id = 1 AND name = 'best'", /^the model "best" .* id 1 /],
  ["DELETE FROM artifact WHERE trial_id = 6 AND name = 'best'", /^the model "best" .* id 6 is missing/],
  ["UPDATE artifact SET bytes = zeroblob(44) WHERE trial_id = 6 AND name = 'last'", /SHA-256/],
  ['UPDATE span SET thread = 1 WHERE trial_id = 6', /^the times .* id 6 /],
  ['DELETE FROM span WHERE trial_id = 1', /^the times .* id 1 /],
  ['UPDATE session SET threads = 3', /^session 1 /],
  ['DELETE FROM session', /^the list of sessions of experiment 1 /],
];

t.test('whatever is changed or gone is named, with exit code 65', async (t) => {
  for (const [sql, named] of changes) {
    const { exitCode, out } = await typed('check', '--db', damaged(t, sql));
    t.equal(exitCode, 65, sql);
    t.ok(
      out.split('\n').some((line) => named.test(line)),
      `${sql}: ${out}`,
    );
  }
});

t.test('all damage is listed, not only the first', async (t) => {
  const { out } = await typed('check', '--db', damaged(t, 'UPDATE trial SET replicate = 7'));
  t.equal(out.match(/is not what was written/g)?.length, 6);
});

t.test('every column is covered by a digest but for those that are derived', async (t) => {
  const db = new Database(sound, { readonly: true });
  const { covered } = await import('../../src/store/digest.ts');
  for (const [table, columns] of Object.entries(covered)) {
    const names = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
    // bytes have their own SHA-256, and the metrics of an experiment stand in a table of their own.
    const expected = names.filter((name) => name !== 'digest' && name !== 'bytes');
    if (table === 'experiment') expected.push('metrics');
    t.same(new Set(columns), new Set(expected), table);
  }
  db.close();
});
