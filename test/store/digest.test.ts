/** What digests cover: a column that none covers could be changed unseen. */
import t from 'tap';
import { openForWriting } from '../../src/store/database.ts';
import { covered, reportsSha256, rowDigest, spansSha256 } from '../../src/store/digest.ts';

t.test('every column is covered but those with a hash of their own', async (t) => {
  const { db, close } = openForWriting(`${t.testdir()}/results.db`);
  const left = Object.entries(covered).map(([table, columns]) => {
    const all = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[];
    const known: readonly string[] = columns;
    return [table, all.filter((name) => !known.includes(name))];
  });
  close();
  t.same(Object.fromEntries(left), {
    ...{ experiment: ['digest'], trial: ['digest'], session: ['digest'], log: ['digest'] },
    ...{ artifact: ['bytes', 'digest'], machine: ['digest'], stint: ['digest'] },
  });
});

t.test('no two rows have the same digest, nor reports or spans of two trials', async (t) => {
  const row = { trial_id: 1, sizes: null, sha256: '', correct: null };
  const texts = (name: string, kind: string) => rowDigest('artifact', { ...row, name, kind });
  t.not(texts('ab', 'c'), texts('a', 'bc'));
  const reports = [{ step: 1, values: [0.5] }];
  t.not(reportsSha256(1, reports), reportsSha256(2, reports));
  const span = { thread: 0, from: 1, to: 2 };
  t.not(spansSha256(1, [{ ...span, session: 1 }]), spansSha256(1, [{ ...span, session: 2 }]));
});
