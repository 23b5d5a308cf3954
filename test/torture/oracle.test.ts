/** One record of a sound database at a time is changed, its digest along with it: the oracle has to name each. */
import { copyFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import t from 'tap';
import { rowDigest, type Sealed, spansSha256 } from '../../src/store/digest.ts';
import { sealedRows } from '../../src/store/seals.ts';
import { openStore } from '../../src/store/store.ts';
import type { Trial } from '../../src/trial.ts';
import { diverged, done, experiment, spec } from '../store/example.ts';
import { content, faults, faultsSince, filesBeside, finalsOf } from './oracle.ts';

/** Two finished trials and one that diverged, in one session. */
function soundDatabase(folder: string): string {
  const path = `${folder}/results.db`;
  const store = openStore(path);
  const id = store.beginExperiment(experiment());
  store.beginSession(id, { startedAt: '2026-01-02T03:04:05.678Z', threads: 2 });
  store.addTrials(id, [spec(1), spec(2), spec(3)]);
  for (const [index, outcome] of [done(0.5), diverged, done(0.75)].entries()) {
    const trial = store.trials(id)[index] as Trial;
    store.startAttempt(trial.id);
    const later = { thread: 1, from: 2, to: 3 };
    store.finish(
      trial.id,
      index === 2 && outcome.state === 'done'
        ? { ...outcome, result: { ...outcome.result, spans: [later] } }
        : outcome,
    );
  }
  store.finishExperiment(id, 'done', 4);
  store.close();
  return path;
}

/** Whoever changes a row through coresweep's own code seals it. */
function changed(path: string, sql: string): void {
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  db.exec(sql);
  for (const { id } of db.prepare<[], { id: number }>('SELECT id FROM trial').all()) {
    const spans = db
      .prepare('SELECT session_id AS session, thread, "from", "to" FROM span WHERE trial_id = ? ORDER BY id')
      .all(id) as Parameters<typeof spansSha256>[1];
    if (spans.length > 0)
      db.prepare('UPDATE trial SET spans_sha256 = ? WHERE id = ?').run(spansSha256(id, spans), id);
  }
  for (const table of ['experiment', 'trial', 'session'] satisfies Sealed[])
    for (const row of db.prepare<[], { id: number }>(sealedRows[table]).all())
      db.prepare(`UPDATE ${table} SET digest = ? WHERE id = ?`).run(rowDigest(table, row), row.id);
  db.close();
}

const checkpoint = "(1, 1, 1, x'', x'00', hex(zeroblob(32)))";

const tampered: Readonly<Record<string, RegExp>> = {
  "DELETE FROM artifact WHERE trial_id = 1 AND name = 'last'": /lack epochs or models/,
  'DELETE FROM report WHERE trial_id = 1 AND step = 2': /lack epochs or models/,
  'INSERT INTO report (trial_id, step, v1) SELECT 9, step, 1 FROM report WHERE trial_id = 1':
    /have epochs, but no end/,
  'INSERT INTO artifact SELECT 2, name, kind, sizes, bytes, sha256, correct, digest FROM artifact WHERE trial_id = 1':
    /but are not done/,
  'INSERT INTO span VALUES (9, 2, 1, 1, 0, 0.5)': /but are not done/,
  [`INSERT INTO checkpoint VALUES ${checkpoint}`]: /keep a checkpoint/,
  'DELETE FROM span WHERE trial_id = 1': /have no spans/,
  'UPDATE trial SET crashes = 1 WHERE id = 1': /count crashes/,
  'UPDATE trial SET attempts = 2 WHERE id = 1': /more attempts than sessions/,
  'UPDATE span SET session_id = NULL WHERE trial_id = 1': /of no session/,
  'UPDATE span SET thread = 2 WHERE trial_id = 1': /on threads that their session has not/,
  'UPDATE span SET thread = 1, "to" = 2.5 WHERE trial_id = 1; UPDATE trial SET seconds = 9': /overlap/,
  'UPDATE trial SET seconds = 1 WHERE id = 1': /less time than their spans/,
  'UPDATE experiment SET seconds = 5': /another time than their sessions/,
  "UPDATE trial SET state = 'waiting', best_step = NULL WHERE id = 1": /trials without an end/,
};

t.test('the oracle finds nothing in a sound database, and each record that does not fit', async (t) => {
  const sound = soundDatabase(t.testdir());
  t.same(
    faults(
      sound,
      new Map([
        [1, 'done'],
        [2, 'diverged'],
      ]),
    ),
    [],
  );
  t.match(faults(sound, new Map([[2, 'done']])).join('\n'), /trial 2 was told to be done, but is diverged/);
  for (const [sql, sentence] of Object.entries(tampered)) {
    const path = `${t.testdirName}/changed.db`;
    copyFileSync(sound, path);
    changed(path, sql);
    t.match(faults(path).join('\n'), sentence, sql);
  }
});

t.test('a final trial that was trained again shows, though its answer is the same', async (t) => {
  const path = soundDatabase(t.testdir());
  const [before, answer] = [finalsOf(path), content(path)];
  t.same(faultsSince(before, finalsOf(path), []), []);
  t.match(faultsSince(before, finalsOf(path), [1]), [/trial 1 was final, and was trained again/]);
  for (const sql of [
    'UPDATE trial SET attempts = 2 WHERE id = 1',
    'UPDATE trial SET seconds = 9 WHERE id = 1',
    'UPDATE span SET "to" = 1.8 WHERE trial_id = 1',
  ]) {
    changed(path, sql);
    t.match(
      faultsSince(before, finalsOf(path), []),
      [/trial search.1 was final, but its record has changed/],
      sql,
    );
    t.equal(content(path), answer, sql);
    changed(
      path,
      sql
        .replace('attempts = 2', 'attempts = 1')
        .replace('seconds = 9', 'seconds = 1.25')
        .replace('1.8', '1.75'),
    );
  }
  changed(path, "INSERT INTO session VALUES (2, 1, '2026-01-02T03:04:06.678Z', 1, NULL, NULL)");
  t.match(faultsSince(before, finalsOf(path), []), [/recorded 1 sessions/]);
});

t.test('a file or a table that nobody expects shows', async (t) => {
  const path = soundDatabase(t.testdir());
  const [files, answer] = [filesBeside(path), content(path)];
  writeFileSync(`${path}.123.tmp`, '');
  t.not(filesBeside(path).join(), files.join());
  changed(path, 'CREATE TABLE stray (id INTEGER)');
  t.not(content(path), answer);
});
