/** What every store must keep to, wherever it keeps it. */
import type { Test } from 'tap';
import type { Store } from '../../src/store/store.ts';
import type { DoneTrial, Trial } from '../../src/trial.ts';
import { weightsIn } from '../fixtures/weights-in.ts';
import { diverged, done, experiment, failed, result, spec, stopped } from '../store/example.ts';

/** A place for a store that can be opened, let go of, and opened again. */
export interface Place {
  open(): Store;
}

const begun = { startedAt: '2026-01-02T03:04:05.678Z', threads: 2 };

/** A new experiment with trials that wait, and their ids. */
function waiting(store: Store, count: number): { id: number; trials: readonly number[] } {
  const id = store.beginExperiment(experiment());
  store.beginSession(id, begun);
  store.addTrials(
    id,
    Array.from({ length: count }, (_, index) => spec(index + 1)),
  );
  return { id, trials: store.trials(id).map((trial) => trial.id) };
}

/** Holds a store to the promise of store/store.ts. @param place is called once a test */
export function storeContract(t: Test, place: (t: Test) => Place): void {
  t.test('what a write has returned from is there after the store is opened again', async (t) => {
    const { open } = place(t);
    const store = open();
    const { id, trials } = waiting(store, 4);
    for (const [index, outcome] of [done(0.25), diverged, failed, stopped].entries()) {
      store.startAttempt(trials[index] as number);
      store.finish(trials[index] as number, outcome);
    }
    store.finishExperiment(id, 'stopped', 3);
    const ask = (asked: Store) => ({
      experiments: asked.experiments(),
      trials: asked.trials(id),
      ranked: asked.ranked(id),
      winner: asked.winner(id),
      curves: trials.map((trial) => asked.reports(trial)),
      weights: trials.map((trial) => [asked.weights(trial, 'best'), asked.weights(trial, 'last')]),
      correct: trials.map((trial) => asked.correct(trial)),
      spans: asked.spans(id),
      sessions: asked.sessions(id),
      checkpoint: asked.checkpoint(trials[3] as number),
    });
    const before = ask(store);
    store.close();
    const again = open();
    t.same(ask(again), before);
    again.close();
  });

  t.test('who of several machines worked when, and at what, is recorded once it is over', async (t) => {
    const { open } = place(t);
    const store = open();
    const { id, trials } = waiting(store, 2);
    const [trial] = trials as [number];
    const one = { name: 'one', firstThread: 0, threads: 2, from: 0.5, end: undefined };
    const lost = { ...one, end: { at: 4, how: 'lost' } } as const;
    const back = { ...one, from: 9 };
    const stints = [
      { machine: 'one', from: 1, end: { at: 4, how: 'lost' } },
      { machine: 'two', from: 4.5, end: { at: 5, how: 'done' } },
    ] as const;
    store.recordMachines([one]);
    store.recordMachines([lost, back]);
    store.recordStints(trial, [...stints, { machine: 'one', from: 9, end: undefined }]);
    store.recordStints(trial, [{ machine: 'one', from: 9, end: { at: 10, how: 'failed' } }]);
    store.close();
    const again = open();
    const [session] = again.sessions(id).map((found) => found.id);
    t.same(again.machines(id), [
      { ...lost, session },
      { ...back, session },
    ]);
    t.same(
      again.stints(id).map(({ machine, end }) => [machine, end.how]),
      [
        ['one', 'lost'],
        ['two', 'done'],
        ['one', 'failed'],
      ],
    );
    t.match(again.stints(id)[0], { ...stints[0], session, trialId: trial });
    again.close();
  });

  t.test(
    'a trial that paused and was judged later was pruned at the machine where it was last',
    async (t) => {
      const { open } = place(t);
      const store = open();
      const { id, trials } = waiting(store, 2);
      const stop = (at: number) =>
        ({ machine: `at ${at}`, from: at - 1, end: { at, how: 'stopped' } }) as const;
      for (const trial of trials) store.recordStints(trial, [stop(1), stop(2)]);
      const [pruned] = trials as [number];
      store.startAttempt(pruned);
      store.finish(pruned, { state: 'pruned', result: result() });
      const ends = store.stints(id).map(({ trialId, end }) => [trialId === pruned, end.how]);
      t.same(ends, [
        [true, 'stopped'],
        [true, 'pruned'],
        [false, 'stopped'],
        [false, 'stopped'],
      ]);
      store.close();
    },
  );

  t.test('each trial gets one final record', async (t) => {
    const store = place(t).open();
    const { trials } = waiting(store, 2);
    for (const [index, outcome] of [done(), diverged].entries()) {
      const trial = trials[index] as number;
      t.throws(() => store.finish(trial, outcome), /not running/, 'not begun');
      store.startAttempt(trial);
      store.finish(trial, outcome);
      t.throws(() => store.finish(trial, outcome), /not running/);
      t.throws(() => store.startAttempt(trial), /final record/);
    }
    store.close();
  });

  t.test('a first attempt that never began is taken back, and no other is', async (t) => {
    const store = place(t).open();
    const { trials } = waiting(store, 1);
    const [trial = 0] = trials;
    t.throws(() => store.cancelAttempt(trial), /not running/);
    store.startAttempt(trial);
    store.cancelAttempt(trial);
    t.match(store.trial(trial), { state: 'waiting', attempts: 0 });
    store.startAttempt(trial);
    store.finish(trial, failed);
    store.startAttempt(trial);
    t.throws(() => store.cancelAttempt(trial), /other attempts/);
    store.close();
  });

  t.test('a trial that failed or was stopped can be tried again', async (t) => {
    const store = place(t).open();
    const { trials } = waiting(store, 2);
    for (const [index, outcome] of [failed, stopped].entries()) {
      const trial = trials[index] as number;
      store.startAttempt(trial);
      store.finish(trial, outcome);
      store.startAttempt(trial);
      store.finish(trial, done());
      t.match(store.trial(trial), { state: 'done', attempts: 2 });
    }
    store.close();
  });

  t.test('a write that throws has had no effect', async (t) => {
    const store = place(t).open();
    const { id, trials } = waiting(store, 1);
    const [trial] = trials as [number];
    const before = () => JSON.stringify([store.trials(id), store.experiments(), store.reports(trial)]);
    store.startAttempt(trial);
    const known = before();
    const faulty = { ...result(), last: { ...result().last, values: [0.5, Number.NaN, 0.5, 0.5] } };
    t.throws(() => store.finish(trial, { state: 'done', result: faulty }));
    t.throws(() => store.addTrials(id, [spec(2), { ...spec(3), key: spec(1).key }]));
    t.throws(() => store.startAttempt(999));
    t.equal(before(), known);
    store.finish(trial, done());
    store.close();
  });

  t.test('a process that ended in the middle of a trial leaves it to be tried again', async (t) => {
    const { open } = place(t);
    const store = open();
    const { id, trials } = waiting(store, 1);
    store.startAttempt(trials[0] as number);
    store.close();
    const again = open();
    t.match(again.trials(id), [{ state: 'waiting', attempts: 1 }]);
    t.match(again.experiments(), [{ state: 'stopped' }]);
    again.close();
  });

  t.test('the best trial is first, and those without a result are last', async (t) => {
    const store = place(t).open();
    const { id, trials } = waiting(store, 4);
    for (const [index, outcome] of [failed, done(0.5), done(0.75)].entries()) {
      store.startAttempt(trials[index] as number);
      store.finish(trials[index] as number, outcome);
    }
    t.same(
      store.ranked(id).map(({ number }) => number),
      [3, 2, 1, 4],
    );
    t.equal(store.winner(id)?.number, 3);
    store.close();
  });

  t.test('an experiment knows nothing of the trials of another', async (t) => {
    const store = place(t).open();
    const [one, other] = [waiting(store, 2), waiting(store, 1)];
    t.equal(store.trials(one.id).length, 2);
    t.same(
      store.trials(other.id).map((trial) => trial.id),
      other.trials,
    );
    t.equal(store.latestExperiment()?.id, other.id);
    store.close();
  });

  t.test('answers are frozen, and weights belong to whoever asked', async (t) => {
    const store = place(t).open();
    const { id, trials } = waiting(store, 1);
    const [trial] = trials as [number];
    store.startAttempt(trial);
    store.finish(trial, done());
    const [found] = store.trials(id) as [Trial];
    t.ok(
      Object.isFrozen(found) && Object.isFrozen(found.params) && Object.isFrozen((found as DoneTrial).best),
    );
    store.weights(trial, 'best')?.parameters.fill(7);
    t.same(store.weights(trial, 'best'), weightsIn(result(), 'best'));
    store.close();
    store.close();
  });
}
