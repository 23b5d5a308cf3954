import t from 'tap';
import { runTrial, type TrialTask } from '../../src/sweep/run-trial.ts';
import type { Trial } from '../../src/trial.ts';
import { spec } from '../store/example.ts';

t.test(
  'of a trial that goes on where it is pruned at once the executor is told before that is recorded',
  async (t) => {
    const trial: Trial = { ...spec(1), id: 7, attempts: 1, state: 'waiting' };
    const reports = [{ step: 1, values: [3] }];
    const did: string[] = [];
    const task = {
      experiment: { objective: 'x.ts', metrics: { loss: 'minimise' }, limits: {}, search: {} },
      executor: { forget: (key: string) => did.push(`forgets ${key}`) },
      store: {
        checkpoint: () => ({ checkpoint: { step: 1, reports, bytes: new Uint8Array() }, seconds: 1 }),
        startAttempt() {},
        finish: (_id: number, { state }: { state: string }) => did.push(state),
        trial: () => trial,
      },
      judge: { verdict: () => 'prune', bound: () => 1 },
      commit: async (act: () => unknown) => act(),
      onEvent() {},
    };
    await runTrial(task as unknown as TrialTask, trial, { from: 'nothing' });
    t.same(did, [`forgets ${trial.key}`, 'pruned']);
  },
);
