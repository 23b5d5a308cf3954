/** Rows that were added or taken away are missed, though each that is there is what was written. */
import Database from 'better-sqlite3';
import t from 'tap';
import { rowDigest } from '../../src/store/digest.ts';
import { sealedRows } from '../../src/store/seals.ts';
import { soundnessOn } from '../../src/store/soundness.ts';
import { done, storeWith } from './example.ts';

t.test('a list of trials or sessions that is too long or too short is not sound', async (t) => {
  const { store, path, experimentId } = storeWith(t.testdir(), [done(), done()]);
  store.beginSession(experimentId, { startedAt: '2026-01-02T03:04:05.678Z', threads: 1 });
  store.close();
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  const after = (change: string, check: (sound: ReturnType<typeof soundnessOn>) => void) => {
    db.exec('BEGIN');
    db.exec(change);
    for (const row of db.prepare<[], { id: number }>(sealedRows.experiment).all())
      db.prepare('UPDATE experiment SET digest = ? WHERE id = ?').run(rowDigest('experiment', row), row.id);
    check(soundnessOn(db));
    db.exec('ROLLBACK');
  };
  const all = (sound: ReturnType<typeof soundnessOn>) => sound.expectAllSound();
  after('SELECT 1', (sound) => t.doesNotThrow(() => all(sound)));
  for (const change of ['DELETE FROM trial WHERE number = 1', 'UPDATE experiment SET trials = 1'])
    after(change, (sound) => t.throws(() => all(sound), { message: 'is not whole' }, change));
  // As a damaged page may list them; a connection finds temporary tables before the file's own.
  const one = 'SELECT * FROM main.trial WHERE number = 1';
  after(`CREATE TEMPORARY TABLE trial AS ${one} UNION ALL ${one}`, (sound) =>
    t.throws(() => all(sound), { message: 'is not whole' }, 'one trial twice, the other not'),
  );
  after('DELETE FROM experiment', (sound) =>
    t.throws(() => all(sound), { message: 'is missing, but has trials' }),
  );
  after('SELECT 1', (sound) => {
    t.doesNotThrow(() => sound.expectSessions(experimentId, 1));
    for (const found of [0, 2])
      t.throws(() => sound.expectSessions(experimentId, found), { message: 'is not whole' });
  });
  db.close();
});
