import t from 'tap';
import { machineLines, staysOf } from '../../src/findings/machines.ts';
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

t.test('a machine is as busy as its threads were while it was there, up to now', async (t) => {
  const machine = { name: 'alpha#1-aaaa', firstThread: 0, threads: 2, from: 0, end: undefined };
  const lost = { ...machine, name: 'beta#2-bbbb', from: 5, end: { at: 7, how: 'lost' } } as const;
  const recorded = {
    sessions: [{ id: 1, startedAt: '2026-01-02T03:04:05.000Z', threads: 4, seconds: null }],
    machines: [],
    stints: [stint(1, machine.name, 0, 4, 'done'), stint(2, lost.name, 5, 7, 'lost')],
  };
  const at = [{ machine: machine.name, from: 4, role: 'search', number: 3 }] as const;
  t.match(machineLines(recorded, { age: 10, machines: [machine, lost], at }), [
    { name: 'alpha', busy: 0.5, ended: 1, lost: 0, state: 'there', goneAt: null },
    { name: 'beta', busy: 0.5, ended: 0, lost: 1, state: 'lost', goneAt: '2026-01-02T03:04:12.000Z' },
  ]);
});
