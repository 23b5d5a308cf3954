import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { errors } from '../../src/errors.ts';
import { groupCommit } from '../../src/sweep/group-commit.ts';

/** A store that notes its transactions. */
function noting(beforeEach = () => {}) {
  const groups: unknown[] = [];
  const together = <Answer>(act: () => Answer): Answer => {
    beforeEach();
    const answer = act();
    groups.push(answer);
    return answer;
  };
  return { groups, together };
}
const never = new AbortController().signal;

t.test('what is written in one turn is one transaction, in order; the next turn has its own', async (t) => {
  const store = noting();
  const commit = groupCommit(store, never);
  const first = [commit(() => 'end'), Promise.resolve().then(() => commit(() => 'start'))];
  t.same(store.groups, [], 'nothing before the turn is over');
  t.same(await Promise.all(first), ['end', 'start']);
  await commit(() => 'later');
  t.same(store.groups, [['end', 'start'], ['later']]);
});

t.test(
  'a group waits for others as long as it is told to, which follows from what the last took',
  async (t) => {
    let clock = 0;
    const store = noting(() => {
      clock += 1;
    });
    let times = 0;
    const asked = new Set<number>();
    const patience = (lastMs: number) => {
      asked.add(lastMs);
      return times * lastMs;
    };
    const commit = groupCommit(store, never, patience, () => clock);
    await commit(() => 'start');
    times = 0.5;
    const ends = [commit(() => 'end of one')];
    await setImmediate();
    await setImmediate();
    t.equal(store.groups.length, 1, 'its turn is over, but not its time');
    ends.push(commit(() => 'end of the other'));
    clock += 0.5;
    await Promise.all(ends);
    t.same(store.groups.slice(1), [['end of one', 'end of the other']]);
    t.same([...asked], [0, 1]);

    const last = commit(() => 'the last end');
    await setImmediate();
    times = 0;
    await last;
    t.same(store.groups.at(-1), ['the last end'], 'nobody else can come: the clock stands still');
  },
);

t.test('a write that fails fails alone', async (t) => {
  const store = noting();
  const commit = groupCommit(store, never);
  const wrong = new Error('unknown trial');
  const written: string[] = [];
  const answers = await Promise.allSettled([
    commit(() => written.push('one')),
    commit(() => {
      throw wrong;
    }),
    commit(() => written.push('three')),
  ]);
  t.match(answers, [{ status: 'fulfilled' }, { status: 'rejected', reason: wrong }, { status: 'fulfilled' }]);
  t.same(written.slice(-2), ['one', 'three']);
  t.equal(store.groups.length, 2, 'each of the others as a transaction: it may be several writes');
});

t.test('while another program holds the database, the group is tried again', async (t) => {
  let tries = 0;
  const store = noting(() => {
    tries += 1;
    if (tries < 3) throw errors.databaseBusy('results.db', new Error('locked'));
  });
  t.equal(await groupCommit(store, never)(() => 7), 7);
  t.equal(tries, 3);
  t.same(store.groups, [[7]]);
});

t.test('a group that found no time is not written one by one after that', async (t) => {
  const asked = new Set<unknown>();
  const together = (act: unknown): never => {
    asked.add(act);
    throw errors.databaseBusy('results.db', new Error('locked'));
  };
  const commit = groupCommit({ together }, AbortSignal.abort());
  const written: string[] = [];
  const answers = await Promise.allSettled(['end', 'start'].map((what) => commit(() => written.push(what))));
  for (const answer of answers)
    t.match(answer, { status: 'rejected', reason: { code: 'ERR_DATABASE_BUSY' } });
  t.same(written, []);
  t.equal(asked.size, 1);
});
