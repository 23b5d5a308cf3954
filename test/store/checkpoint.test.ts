import Database from 'better-sqlite3';
import t from 'tap';
import { checkDatabase } from '../../src/store/check-database.ts';
import { maxCrashes } from '../../src/store/interrupted.ts';
import { openStore } from '../../src/store/store.ts';
import { checkpointFrom, stateIn } from '../../src/train/checkpoint-bytes.ts';
import type { Checkpoint } from '../../src/trial.ts';
import { diverged, done, failed, report, spec, storeWith, weights } from './example.ts';

const parameters = weights([3, 2, 1], (index) => (index === 4 ? -0 : index / 3)).parameters;
/** Of a network that has trained three epochs and measured two. */
const state = {
  trainedEpochs: 3,
  reports: [report(1, 0.5, 5e-324), report(2, 1, 1 / 3)],
  bestEpoch: 2,
  parameters,
  moments: [parameters.map((value) => value / 3), parameters.map((value) => value ** 2)],
  best: parameters.map((value) => -value),
};
const checkpoint: Checkpoint = {
  ...checkpointFrom(state),
  bytes: new Uint8Array(checkpointFrom(state).bytes),
};

t.test('a checkpoint comes back with every bit, also after the store was opened again', async (t) => {
  const { path, store, experimentId } = storeWith(t.testdir(), []);
  store.addTrials(experimentId, [spec(1)]);
  const id = store.trials(experimentId)[0]?.id as number;
  t.equal(store.checkpoint(id), undefined);
  store.startAttempt(id);
  store.saveCheckpoint(id, { checkpoint: { ...checkpoint, step: 2 }, seconds: 1 });
  store.saveCheckpoint(id, { checkpoint, seconds: 2.5 });
  t.strictSame(store.checkpoint(id), { checkpoint, seconds: 2.5 });
  const kept = store.checkpoint(id)?.checkpoint;
  t.strictSame(kept && stateIn(kept), state, 'for the network that goes on from it');
  t.ok(kept && Object.is(stateIn(kept).parameters[4], -0));
  store.close();
  const again = openStore(path);
  t.strictSame(again.checkpoint(id), { checkpoint, seconds: 2.5 });
  again.close();
});

t.test('the checkpoint goes with the final record; a stopped trial keeps it', async (t) => {
  for (const [outcome, isKept] of [
    [done(), false],
    [diverged, false],
    [failed, false],
    [{ state: 'stopped', checkpoint, seconds: 4 }, true],
  ] as const) {
    const { store, experimentId } = storeWith(t.testdir(), []);
    store.addTrials(experimentId, [spec(1)]);
    const id = store.trials(experimentId)[0]?.id as number;
    store.startAttempt(id);
    store.saveCheckpoint(id, { checkpoint, seconds: 1 });
    store.finish(id, outcome);
    t.strictSame(store.checkpoint(id), isKept ? { checkpoint, seconds: 4 } : undefined, outcome.state);
    store.close();
  }
});

t.test('only a running trial can keep a checkpoint', async (t) => {
  const { store, trialIds } = storeWith(t.testdir(), [done()]);
  t.throws(() => store.saveCheckpoint(trialIds[0] as number, { checkpoint, seconds: 1 }), /not running/);
  store.close();
});

t.test('a checkpoint of which a bit has changed is not used', async (t) => {
  for (const change of [
    'bytes = zeroblob(length(bytes))',
    'reports = zeroblob(length(reports))',
    'step = 2',
    'seconds = 2',
    'trial_id = 2',
  ]) {
    const { path, store, experimentId } = storeWith(t.testdir(), []);
    const [one, other] = store.addTrials(experimentId, [spec(1), spec(2)]).map(({ id }) => id);
    store.startAttempt(one as number);
    store.saveCheckpoint(one as number, { checkpoint, seconds: 1 });
    t.same(checkDatabase(path).damage, []);
    const db = new Database(path);
    db.exec(`UPDATE checkpoint SET ${change}`);
    const changed = db.prepare('SELECT trial_id FROM checkpoint').pluck().get() as number;
    db.close();
    for (const id of [one, other]) t.equal(store.checkpoint(id as number), undefined, change);
    t.match(checkDatabase(path).damage, [`the checkpoint of the trial with id ${changed} is not`]);
    store.close();
  }
});

/** Opens the store, begins the trial and lets go of it as a kill would: without an end. */
function crash(path: string, trialId: number, gotFurther: boolean): void {
  const store = openStore(path);
  store.startAttempt(trialId);
  if (gotFurther) store.saveCheckpoint(trialId, { checkpoint, seconds: 1 });
  store.close();
}

t.test('a trial that ends the process three times in a row is set aside; others are not', async (t) => {
  const { path, store, experimentId } = storeWith(t.testdir(), []);
  store.addTrials(experimentId, [spec(1), spec(2)]);
  const [bad, good] = store.trials(experimentId).map(({ id }) => id) as [number, number];
  store.close();
  for (let crashes = 0; crashes < maxCrashes; crashes++) {
    const before = openStore(path);
    t.match(before.trial(bad), { state: 'waiting', attempts: crashes });
    before.close();
    crash(path, bad, false);
    crash(path, good, true);
  }
  const after = openStore(path);
  t.match(after.trial(bad), { state: 'failed', code: 'ERR_TRIAL_CRASHES', attempts: maxCrashes, seconds: 0 });
  t.match(after.trial(good), { state: 'waiting', attempts: maxCrashes }, 'it got further each time');
  t.equal(after.latestExperiment()?.state, 'stopped', 'nobody runs it');
  after.close();
});

t.test('one that runs on other machines is not set aside: they may be at it still', (t) => {
  const { path, store, experimentId } = storeWith(t.testdir(), []);
  const [trial] = store.addTrials(experimentId, [spec(1)]);
  const id = trial?.id as number;
  store.close();
  for (let crashes = 1; crashes < maxCrashes; crashes++) crash(path, id, false);
  for (let crashes = 0; crashes < maxCrashes; crashes++) {
    const killed = openStore(path);
    killed.startAttempt(id, { isElsewhere: true });
    killed.close();
  }
  const after = openStore(path);
  t.match(after.trial(id), { state: 'waiting', attempts: 2 * maxCrashes - 1 });
  after.close();
  t.end();
});

t.test('one that is set aside keeps the time of its checkpoint, which goes', async (t) => {
  const { path, store, experimentId } = storeWith(t.testdir(), []);
  const [trial] = store.addTrials(experimentId, [spec(1)]);
  const id = trial?.id as number;
  store.close();
  crash(path, id, true);
  for (let crashes = 1; crashes < maxCrashes; crashes++) crash(path, id, false);
  const after = openStore(path);
  t.match(after.trial(id), { state: 'failed', code: 'ERR_TRIAL_CRASHES', seconds: 1 });
  t.equal(after.checkpoint(id), undefined);
  after.close();
});

t.test('a run that was killed in a later session keeps the seconds of those before', async (t) => {
  const { path, store, experimentId } = storeWith(t.testdir(), [done()]);
  store.finishExperiment(experimentId, 'stopped', 12.5);
  const [run] = store.experiments();
  store.resumeExperiment(experimentId, { definition: '{}', definitionHash: run?.definitionHash ?? '' });
  t.match(store.experiments(), [{ state: 'running' }]);
  store.close();
  const after = openStore(path);
  t.match(after.experiments(), [{ state: 'stopped', seconds: 12.5 }]);
  after.close();
});
