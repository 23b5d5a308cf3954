import { mock } from 'node:test';
import t, { type Test } from 'tap';
import { errors } from '../../src/errors.ts';
import type { Running } from '../../src/execute/executor.ts';
import type { SavedCheckpoint } from '../../src/store/checkpoint-row.ts';
import { isSuspect, keepCheckpoints } from '../../src/sweep/checkpoints.ts';
import type { TrialTask } from '../../src/sweep/run-trial.ts';
import type { Checkpoint, Trial } from '../../src/trial.ts';
import { spec } from '../store/example.ts';

const at = (step: number): Checkpoint => ({ step, reports: [], bytes: Uint8Array.of(step) });

/** A trial under way that is saved every 30 seconds, by a clock of the test's own. */
function underway(t: Test, attempts = 0, saved?: SavedCheckpoint) {
  mock.timers.enable({ apis: ['setInterval'] });
  t.teardown(() => mock.timers.reset());
  const saves: SavedCheckpoint[] = [];
  const state = { step: 0, fault: undefined as Error | undefined, further: 0 };
  const task = {
    experiment: { limits: { checkpointSeconds: 30 } },
    store: {
      saveCheckpoint(id: number, checkpoint: SavedCheckpoint) {
        t.equal(id, 7);
        if (state.fault !== undefined) throw state.fault;
        saves.push(checkpoint);
      },
    },
  } as unknown as TrialTask;
  const running = {
    checkpoint: () => (state.step === 0 ? undefined : at(state.step)),
  } as unknown as Running;
  const trial: Trial = { ...spec(1), id: 7, attempts, state: 'waiting' };
  const onFurther = () => {
    state.further++;
  };
  const checkpoints = keepCheckpoints(task, trial, running, saved, onFurther);
  t.teardown(() => checkpoints.end());
  /** Lets the trial reach a step and the time pass. @returns the steps that were saved meanwhile */
  const after = (step: number, ms: number) => {
    state.step = step;
    mock.timers.tick(ms);
    return saves.splice(0).map(({ checkpoint }) => checkpoint.step);
  };
  return { checkpoints, state, saves, after };
}

t.test('a trial is saved as often as its definition says, where it has got further', async (t) => {
  const { checkpoints, after, state } = underway(t);
  t.same(after(0, 60_000), [], 'there is nothing to save yet');
  t.same(after(1, 29_999), []);
  t.same(after(2, 1), [2]);
  t.same(after(2, 60_000), [], 'that step is saved');
  t.same(after(5, 30_000), [5]);
  checkpoints.end();
  t.same(after(9, 60_000), []);
  t.equal(state.further, 0, 'nobody waits for it');
});

t.test('one that goes on is not saved again where it began', async (t) => {
  const { after } = underway(t, 0, { checkpoint: at(4), seconds: 12 });
  t.same(after(4, 30_000), []);
  t.same(after(5, 30_000), [5]);
});

t.test('the time of the attempts before counts', async (t) => {
  for (const [before, saved] of [
    [0, undefined],
    [3600, { checkpoint: at(4), seconds: 3600 }],
  ] as const) {
    const { checkpoints, state, saves } = underway(t, 0, saved);
    state.step = 5;
    checkpoints.save();
    t.ok((saves[0]?.seconds ?? 0) >= before, `${saves[0]?.seconds}`);
    mock.timers.reset();
  }
});

t.test(
  'one that the process ended with before is saved at once, is cleared by that, and then saved as any other',
  async (t) => {
    const { after, state } = underway(t, 1, { checkpoint: at(3), seconds: 1 });
    t.same(after(3, 1_000), [], 'it is no further than the last time');
    t.equal(state.further, 0);
    t.same(after(4, 5), [4]);
    t.equal(state.further, 1);
    t.same(after(5, 29_000), []);
    t.same(after(6, 1_000), [6]);
    t.equal(state.further, 1);
  },
);

t.test('a busy database is tried again at the next turn; any other fault ends the trial', async (t) => {
  const { checkpoints, after, state } = underway(t);
  state.fault = errors.databaseBusy('results.db', new Error('locked'));
  t.same(after(1, 30_000), []);
  state.fault = undefined;
  t.same(after(1, 30_000), [1]);
  state.fault = new Error('the disk is broken');
  t.same(after(2, 30_000), []);
  await t.rejects(checkpoints.fault, { message: 'the disk is broken' });
});

t.test('a suspect is not cleared by what could not be saved', async (t) => {
  const { after, state } = underway(t, 1);
  state.fault = errors.databaseBusy('results.db', new Error('locked'));
  t.same(after(1, 50), []);
  t.equal(state.further, 0);
  state.fault = undefined;
  t.same(after(1, 5), [1]);
  t.equal(state.further, 1);
});

t.test('a trial is a suspect where it waits though it was begun', async (t) => {
  const states = (['waiting', 'running', 'paused', 'stopped'] as const).flatMap((state) =>
    [0, 1, 2].flatMap((attempts) =>
      isSuspect({ ...spec(1), id: 1, state, attempts }) ? [[state, attempts]] : [],
    ),
  );
  t.same(states, [
    ['waiting', 1],
    ['waiting', 2],
  ]);
});
