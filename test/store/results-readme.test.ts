import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import t from 'tap';
import { openReadOnly } from '../../src/store/open-results.ts';
import { diverged, done, failed, spec, storeWith } from './example.ts';

const readme = readFileSync(new URL('../../results/README.md', import.meta.url), 'utf8');
const queries = [...readme.matchAll(/^```sql\n(.*?)^```$/gms)].map(([, sql]) => sql as string);

/** A search with every kind of ending, and a phase 2. */
function smallDatabase(folder: string): string {
  const { path, store, experimentId } = storeWith(folder, [done(0.9), diverged, done(0.95), failed]);
  store.addTrials(experimentId, [{ ...spec(1, 'final'), params: spec(3).params }]);
  const final = store.trials(experimentId)[4]?.id as number;
  store.startAttempt(final);
  store.finish(final, done(0.97));
  store.beginSession(experimentId, { startedAt: '2026-01-02T03:04:05.678Z', threads: 2 });
  store.recordStints(final, [{ machine: 'host#1', from: 1, end: { at: 2, how: 'done' } }]);
  store.finishExperiment(experimentId, 'done', 3);
  store.close();
  return path;
}

t.test('each query of results/README.md runs and finds something', async (t) => {
  const results = openReadOnly(smallDatabase(t.testdir()));
  t.ok(queries.length >= 8);
  for (const sql of queries) t.ok(results.query(sql).rows.length > 0, sql);
  const winners = results.query(queries[0] as string);
  t.strictSame(winners.rows[0]?.slice(0, 6), [1, 'paper', 0.1 / 3, 384, 1, 0.95]);
  results.close();
});

t.test('results/README.md names every table, view and column, and the version', async (t) => {
  const path = smallDatabase(t.testdir());
  const results = openReadOnly(path);
  const names = results.query(
    `SELECT DISTINCT names.value FROM sqlite_schema AS object, pragma_table_xinfo(object.name) AS columns,
       json_each(json_array(object.name, columns.name)) AS names
     WHERE object.type IN ('table', 'view')`,
  );
  t.ok(names.rows.length > 50);
  for (const [name] of names.rows) t.ok(readme.includes(`\`${name}\``), String(name));
  const db = new Database(path, { readonly: true });
  const [version, application] = ['user_version', 'application_id'].map((name) =>
    db.pragma(name, { simple: true }),
  );
  db.close();
  t.match(readme, `\`user_version\`, which is ${version} (\`application_id\` is\n${application})`);
  results.close();
});

t.test('phase and meaning decide which columns of the view curves are filled', async (t) => {
  const results = openReadOnly(smallDatabase(t.testdir()));
  const filled = results.query(
    `SELECT phase, count(*), count(validation_loss), count(validation_accuracy), count(test_loss), count(test_accuracy)
     FROM curves GROUP BY phase ORDER BY phase`,
  );
  t.strictSame(filled.rows, [
    [1, 5, 5, 5, 0, 0],
    [2, 2, 0, 0, 2, 2],
  ]);
  results.close();
});
