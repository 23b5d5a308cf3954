import t from 'tap';
import type { Job, JobStart } from '../../src/execute/executor.ts';
import type { SavedCheckpoint } from '../../src/store/checkpoint-row.ts';
import { runTrial, type TrialTask } from '../../src/sweep/run-trial.ts';
import type { Trial, TrialOutcome } from '../../src/trial.ts';
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

t.test(
  'one that fails is tried again from what was saved meanwhile, and keeps the reports of that where it fails without any',
  async (t) => {
    const trial: Trial = { ...spec(1), id: 7, attempts: 0, state: 'waiting' };
    const reports = [{ step: 2, values: [3] }];
    const saved: SavedCheckpoint[] = [];
    const starts: JobStart[] = [];
    const finished: TrialOutcome[] = [];
    const failed = { state: 'failed', code: 'ERR_TRIAL_LOST', reason: 'planted', reports: [], seconds: 0 };
    const task = {
      experiment: { limits: { retries: 1, checkpointSeconds: 60 } },
      executor: {
        pauses: false,
        start({ start }: Job) {
          starts.push(start);
          saved.push({ checkpoint: { step: 2, reports, bytes: new Uint8Array() }, seconds: 1 });
          return { outcome: Promise.resolve(failed), progress: () => ({}), log: () => '' };
        },
      },
      store: {
        checkpoint: () => saved.at(-1),
        startAttempt() {},
        finish: (_id: number, outcome: TrialOutcome) => finished.push(outcome),
        trial: () => trial,
      },
      signal: new AbortController().signal,
      commit: async (act: () => unknown) => act(),
      onEvent() {},
    };
    await runTrial(task as unknown as TrialTask, trial, { from: 'nothing' });
    t.match(starts, [{ from: 'nothing' }, { from: 'checkpoint', checkpoint: { step: 2 } }]);
    t.match(finished, [{ state: 'failed', reports, seconds: 1 }]);
  },
);
