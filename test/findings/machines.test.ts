import t from 'tap';
import { staysOf } from '../../src/findings/machines.ts';
import type { TrialStint } from '../../src/store/machine-records.ts';

const stint = (
  trialId: number,
  machine: string,
  from: number,
  to: number,
  how: TrialStint['end']['how'],
) => ({
  ...{ trialId, session: 1, machine, from, end: { at: to, how } },
});

t.test('a trial was at one machine after the other; who paused and went on there was not away', async (t) => {
  const stints = [
    stint(1, 'alpha#1-aaaa', 0, 4, 'lost'),
    stint(1, 'beta#2-bbbb', 10, 11, 'stopped'),
    stint(1, 'beta#2-bbbb', 12, 13, 'stopped'),
    stint(1, 'beta#2-bbbb', 14, 15, 'done'),
    stint(2, 'alpha#3-cccc', 0, 1, 'done'),
  ];
  const idle = { session: 1, name: 'beta#9-dddd', firstThread: 3, threads: 1, from: 0, end: undefined };
  const recorded = { machines: [idle], stints };
  t.same(staysOf(1, recorded), [
    { machine: 'alpha#1', seconds: 4, how: 'lost' },
    { machine: 'beta#2', seconds: 3, how: 'done' },
  ]);
  t.same(staysOf(2, recorded), [{ machine: 'alpha#3', seconds: 1, how: 'done' }]);
  t.same(staysOf(3, recorded), []);
});
