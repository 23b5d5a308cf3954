import t from 'tap';
import { Evidence } from '../../src/dashboard/evidence.ts';

t.test('importances are worked out once a revision of a run', async (t) => {
  const evidence = new Evidence();
  let times = 0;
  const workOut = () => [{ name: 'alpha', fanova: 1, pedAnova: ++times }];
  const timesAt = (id: number, revision: string) => evidence.importances(id, revision, workOut)[0]?.pedAnova;
  t.equal(timesAt(1, 'done-9'), 1);
  t.equal(timesAt(1, 'done-9'), 1, 'kept');
  t.equal(timesAt(1, 'done-10'), 2, 'a trial has ended');
  t.equal(timesAt(2, 'done-10'), 3, 'another run');
});
