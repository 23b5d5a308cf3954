import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import t from 'tap';
import { openForWriting } from '../../src/store/database.ts';
import { openStore } from '../../src/store/store.ts';
import type { Trial, TrialOutcome } from '../../src/trial.ts';
import { storeContract } from '../contracts/store-contract.ts';
import { weightsIn } from '../fixtures/weights-in.ts';
import {
  diverged,
  done,
  experiment,
  failed,
  report,
  result,
  spec,
  stopped,
  storeWith,
  weights,
} from './example.ts';

t.test('the store in a file keeps the promise of a store', async (t) => {
  storeContract(t, (t) => {
    const path = `${t.testdir()}/results.db`;
    return { open: () => openStore(path) };
  });
});

t.test(
  'a store is created with its folder, and keeps what it is told after it is opened again',
  async (t) => {
    const path = `${t.testdir()}/deep/er/results.db`;
    const store = openStore(path);
    t.equal(store.latestExperiment(), undefined);
    const id = store.beginExperiment(experiment());
    const running = { ...experiment(), id, state: 'running', seconds: null };
    t.strictSame(store.latestExperiment(), running);
    store.finishExperiment(id, 'done', 12.5);
    const second = store.beginExperiment(experiment('validationLoss', 'another'));
    store.close();
    store.close();

    const again = openStore(path);
    t.strictSame(again.experiments()[0], { ...running, state: 'done', seconds: 12.5 });
    t.equal(again.latestExperiment()?.id, second);
    again.close();
    t.notOk(existsSync(`${path}-wal`), 'closing leaves one file');
  },
);

t.test(
  'every outcome comes back as the trial that it made, frozen, in the order of phase and number',
  async (t) => {
    const { store, experimentId } = storeWith(t.testdir(), [done(), diverged, failed, stopped]);
    store.addTrials(experimentId, [spec(1, 'final'), spec(5)]);
    const trials = store.trials(experimentId);
    const { best, last, seconds } = result();
    const artifacts = {
      best: weightsIn(result(), 'best').sha256,
      last: weightsIn(result(), 'last').sha256,
    };
    t.strictSame(
      trials.map(({ id: _, ...trial }) => trial),
      [
        { ...spec(1), attempts: 1, state: 'done', best, last, seconds, artifacts },
        { ...spec(2), attempts: 1, state: 'diverged', step: 2, seconds: 0.5 },
        {
          ...spec(3),
          attempts: 1,
          state: 'failed',
          code: 'ERR_WORKER',
          reason: 'the thread ended',
          seconds: 0.25,
        },
        { ...spec(4), attempts: 1, state: 'stopped' },
        { ...spec(5), attempts: 0, state: 'waiting' },
        { ...spec(1, 'final'), attempts: 0, state: 'waiting' },
      ],
    );
    for (const trial of trials) t.ok(Object.isFrozen(trial) && Object.isFrozen(trial.params));
    t.ok(Object.isFrozen((trials[0] as Extract<Trial, { state: 'done' }>).best));
    store.close();
  },
);

t.test(
  'a done trial keeps its curve and both models, a diverged one its finite epochs, others nothing',
  async (t) => {
    const { store, trialIds } = storeWith(t.testdir(), [done(), diverged, failed, stopped]);
    const [first, second, third, fourth] = trialIds as [number, number, number, number];
    t.strictSame(store.reports(first), result().reports);
    t.strictSame(store.weights(first, 'best'), weightsIn(result(), 'best'));
    t.strictSame(store.weights(first, 'last'), weightsIn(result(), 'last'));
    t.strictSame(store.reports(second), [report(1, 1, 0)]);
    t.equal(store.weights(second, 'best'), undefined);
    t.strictSame([...store.reports(third), ...store.reports(fourth)], []);
    store.close();
  },
);

t.test(
  'weights in shared memory, behind an offset, with -0 and denormals, come back bit for bit',
  async (t) => {
    const { store, trialIds } = storeWith(t.testdir(), [stopped]);
    const id = trialIds[0] as number;
    const values = [-0, 0, 1.4e-45, -1.4e-45, 1.1754942e-38, 3.4028235e38, -3.4028235e38, 1 / 3, 1];
    const parameters = new Float32Array(new SharedArrayBuffer(48), 8, 9);
    parameters.set(values);
    const bestWeights = { ...weights([2, 3], (index) => values[index] as number), parameters };
    store.startAttempt(id);
    store.finish(id, {
      state: 'done',
      result: { ...result(), artifacts: [{ kind: 'network', name: 'best', weights: bestWeights }] },
    });
    const bits = (array: Float32Array) => [...new Uint32Array(Float32Array.from(array).buffer)];
    t.strictSame(bits(store.weights(id, 'best')?.parameters as Float32Array), bits(parameters));
    t.equal(bits(parameters)[0], 0x80000000);
    store.close();
  },
);

t.test('a session without an end was killed, and the spans of a later one are not its own', async (t) => {
  const { store, path, experimentId } = storeWith(t.testdir(), []);
  const begun = { startedAt: '2026-01-02T03:04:05.678Z', threads: 2 };
  store.beginSession(experimentId, begun);
  store.addTrials(experimentId, [spec(1), spec(2)]);
  const [first, second] = store.trials(experimentId).map(({ id }) => id) as [number, number];
  store.startAttempt(first);
  store.finish(first, done());
  store.close();

  const again = openStore(path);
  t.same(again.sessions(experimentId), [{ id: 1, ...begun, seconds: null }]);
  again.beginSession(experimentId, { ...begun, threads: 3 });
  again.startAttempt(second);
  again.finish(second, done());
  again.finishExperiment(experimentId, 'done', 2.5);
  t.same(
    again.sessions(experimentId).map(({ id, threads, seconds }) => [id, threads, seconds]),
    [
      [1, 2, null],
      [2, 3, 2.5],
    ],
  );
  t.same(
    again.spans(experimentId).map(({ trialId, session }) => [trialId, session]),
    [
      [first, 1],
      [second, 2],
    ],
  );
  again.close();
});

t.test('a trial with its final record is neither started nor finished again', async (t) => {
  const { store, experimentId, trialIds } = storeWith(t.testdir(), [done(), diverged, failed, stopped]);
  const [first, second, third, fourth] = trialIds as [number, number, number, number];
  for (const id of [first, second, 999]) t.throws(() => store.startAttempt(id), /cannot be started/);
  for (const id of [first, third, 999]) t.throws(() => store.finish(id, done(1)), /is not running/);
  for (const id of [third, fourth]) {
    store.startAttempt(id);
    store.finish(id, done());
  }
  t.strictSame(
    store.trials(experimentId).map(({ state, attempts }) => [state, attempts]),
    [
      ['done', 1],
      ['diverged', 1],
      ['done', 2],
      ['done', 2],
    ],
  );
  store.close();
});

t.test('a result with a number that is not finite is refused whole, and the trial goes on', async (t) => {
  const { store, experimentId } = storeWith(t.testdir(), []);
  store.addTrials(experimentId, [spec(1)]);
  const id = store.trials(experimentId)[0]?.id as number;
  store.startAttempt(id);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const faulty: TrialOutcome[] = [
      { state: 'done', result: { ...result(), best: report(1, 0.5, bad) } },
      { state: 'done', result: { ...result(), last: { ...report(2), values: [1, 1, bad, 1] } } },
      { state: 'done', result: { ...result(), reports: [report(1), report(2, 0.5, bad)] } },
      { state: 'diverged', step: 2, reports: [report(1, bad)], seconds: 1 },
    ];
    for (const outcome of faulty) t.throws(() => store.finish(id, outcome), /finite numbers/);
  }
  t.equal(store.trials(experimentId)[0]?.state, 'running');
  t.strictSame(store.reports(id), []);
  store.finish(id, done());
  store.close();
});

t.test('what SQLite keeps otherwise than it was given is sealed as it is kept', async (t) => {
  const torn = { ...failed, reason: 'half of a pair: \ud800' };
  const unsigned = done(-0);
  const { store, experimentId } = storeWith(t.testdir(), [torn, unsigned]);
  const [first, second] = store.trials(experimentId);
  t.match(first, { state: 'failed', reason: 'half of a pair: \ufffd' });
  t.match(second, { state: 'done' });
  store.close();
});

t.test('trials are added all or none, and a key or number only once an experiment', async (t) => {
  const { store, experimentId } = storeWith(t.testdir(), [done()]);
  t.throws(() => store.addTrials(experimentId, [spec(2), { ...spec(3), key: spec(1).key }]), /UNIQUE/);
  t.throws(() => store.addTrials(experimentId, [spec(2), { ...spec(2), key: 'another' }]), /UNIQUE/);
  t.throws(() => store.addTrials(999, [spec(2)]), /FOREIGN KEY/);
  t.equal(store.trials(experimentId).length, 1);
  store.addTrials(store.beginExperiment(experiment()), [spec(1)]);
  store.close();
});

t.test('weights that were changed in the database are not handed out', async (t) => {
  const { store, path, trialIds } = storeWith(t.testdir(), [done()]);
  const id = trialIds[0] as number;
  const other = new Database(path);
  const change = other.prepare('UPDATE artifact SET bytes = ? WHERE name = ?');
  const bytes = other.prepare("SELECT bytes FROM artifact WHERE name = 'best'").pluck().get() as Buffer;
  bytes[5] = (bytes[5] as number) ^ 1;
  change.run(bytes, 'best');
  change.run(bytes.subarray(4), 'last');
  t.throws(() => store.weights(id, 'best'), {
    code: 'ERR_WEIGHTS_DAMAGED',
    exitCode: 65,
    message: /SHA-256/,
  });
  t.throws(() => store.weights(id, 'last'), {
    code: 'ERR_WEIGHTS_DAMAGED',
    message: /10 parameters.*3-2-1 needs 11/,
  });
  other.close();
  store.close();
});

t.test('a write waits for another writer, then names it as the cause with exit code 75', async (t) => {
  const { store, path, experimentId } = storeWith(t.testdir(), [done()]);
  const other = new Database(path);
  other.exec('BEGIN IMMEDIATE');
  t.throws(() => store.beginExperiment(experiment()), { code: 'ERR_DATABASE_BUSY', exitCode: 75 });
  t.equal(store.trials(experimentId).length, 1, 'reading goes on');
  other.exec('COMMIT');
  t.equal(store.beginExperiment(experiment()), experimentId + 1);
  other.close();
  store.close();
});

t.test('commits are durable: a write-ahead log, synced at each commit', async (t) => {
  const { store, path } = storeWith(t.testdir(), [done()]);
  t.ok(existsSync(`${path}-wal`));
  store.close();
  const owned = openForWriting(path);
  // https://www.sqlite.org/pragma.html#pragma_synchronous: 2 is FULL; in WAL mode the driver's own is NORMAL.
  t.equal(owned.db.pragma('synchronous', { simple: true }), 2);
  for (const setting of ['foreign_keys', 'cell_size_check'])
    t.equal(owned.db.pragma(setting, { simple: true }), 1, setting);
  owned.close();
  const db = new Database(path);
  t.equal(db.pragma('journal_mode', { simple: true }), 'wal');
  t.strictSame(db.pragma('integrity_check', { simple: true }), 'ok');
  t.strictSame(db.pragma('foreign_key_check'), []);
  db.close();
});

t.test('writes that belong together are all kept, or none', async (t) => {
  const { store, experimentId } = storeWith(t.testdir(), []);
  const [one, two] = store.addTrials(experimentId, [spec(1), spec(2)]);
  const idOf = (trial: { id: number } | undefined) => trial?.id as number;
  store.together(() => {
    store.startAttempt(idOf(one));
    store.finish(idOf(one), done());
    store.startAttempt(idOf(two));
  });
  t.match(store.trials(experimentId), [{ state: 'done' }, { state: 'running' }]);
  t.throws(
    () =>
      store.together(() => {
        store.finish(idOf(two), done());
        store.startAttempt(idOf(one));
      }),
    /final record/,
  );
  t.match(store.trials(experimentId), [{ state: 'done' }, { state: 'running' }]);
  store.close();
});

t.test('what was changed behind the back of a store is not sealed as if it were its own', async (t) => {
  const { store, path, experimentId } = storeWith(t.testdir(), []);
  const [trial] = store.addTrials(experimentId, [spec(1)]);
  const other = new Database(path);
  other.exec("UPDATE trial SET replicate = 7; UPDATE experiment SET name = 'another'");
  other.close();
  t.throws(() => store.startAttempt(trial?.id as number), { code: 'ERR_RECORD_DAMAGED' });
  t.throws(() => store.finishExperiment(experimentId, 'done', 1), { code: 'ERR_RECORD_DAMAGED' });
  store.close();
});

t.test('a run has taken the time of all its sessions, and one that is unknown has no end', async (t) => {
  const { store, experimentId } = storeWith(t.testdir(), []);
  store.finishExperiment(experimentId, 'stopped', 2);
  const { definition, definitionHash } = experiment();
  store.resumeExperiment(experimentId, { definition, definitionHash });
  store.finishExperiment(experimentId, 'done', 3);
  t.match(store.experiments(), [{ state: 'done', seconds: 5 }]);
  t.throws(() => store.finishExperiment(experimentId + 1, 'done', 1), /it is unknown/);
  store.close();
});

t.test('what a failed attempt reported goes with the next one, which reports anew', async (t) => {
  const fault = { code: 'ERR_TRIAL_THREW', reason: 'planted' } as const;
  const thrown = { state: 'failed', ...fault, reports: [report(1), report(2)], seconds: 1 } as const;
  const { store, trialIds } = storeWith(t.testdir(), [thrown]);
  const id = trialIds[0] as number;
  store.startAttempt(id);
  t.same(store.reports(id), []);
  store.finish(id, done());
  t.same(
    store.reports(id).map(({ step }) => step),
    [1, 2],
  );
  store.close();
});

t.test('times that were changed or taken away are not told', async (t) => {
  for (const change of ['UPDATE span SET "to" = "to" + 1', 'DELETE FROM span']) {
    const { store, path, experimentId } = storeWith(t.testdir(), [done()]);
    t.equal(store.spans(experimentId).length, 1);
    const other = new Database(path);
    other.exec(change);
    other.close();
    const told = { code: 'ERR_RECORD_DAMAGED', message: /the times of the trial with id 1 / };
    t.throws(() => store.spans(experimentId), told, change);
    store.close();
  }
});
