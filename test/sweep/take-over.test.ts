import { join } from 'node:path';
import t, { type Test } from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import type { NetworkInput as ExperimentInput } from '../../src/experiment/schema.ts';
import { percentilePruner } from '../../src/prune/percentile.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { SweepEvent } from '../../src/sweep/events.ts';
import type { Run } from '../../src/sweep/run.ts';
import { runExperiment } from '../../src/sweep/run-experiment.ts';
import type { RunOptions } from '../../src/sweep/run-options.ts';
import { outcomeOf, withoutFinished } from '../../src/sweep/take-over.ts';
import type { Report, Trial, TrialSpec } from '../../src/trial.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { addExperiment, done, experiment as recorded, report, spec } from '../store/example.ts';

const definition: ExperimentInput = {
  name: 'first',
  data: { source: 'idx', folder: 'data', train: [0, 60], validation: [60, 120], test: [0, 60] },
  model: { hidden: [4] },
  training: { epochs: 3 },
  space: { learningRate: [0.01, 0.1], batchSize: [10, 20] },
  final: { epochs: 2 },
};

const folder = t.testdir();
writeTinyIdx(join(folder, 'data'));

/** Runs a changed definition on `database`: its result, and the numbers of the trials that were trained. */
async function ran(
  database: string,
  changes: Partial<ExperimentInput> = {},
  options: Partial<RunOptions> = {},
) {
  const events: SweepEvent[] = [];
  const experiment = checkDefinition({ ...definition, ...changes }, 'the test');
  const onEvent = (event: SweepEvent) => events.push(event);
  const result = await runExperiment({
    experiment,
    database,
    baseFolder: folder,
    threads: 1,
    onEvent,
    ...options,
  });
  const trained = events.flatMap((event) => (event.kind === 'trial started' ? [event.trial] : []));
  const remarks = events.flatMap((event) => (event.kind === 'remark' ? [event.text] : []));
  return { result, trained: trained.map(({ role, number }) => `${role}/${number}`), remarks };
}

const newDatabase = (t: Test) => join(t.testdir(), 'results.db');

t.test(
  'a run under another name takes every finished trial over, with its curve, weights and evidence',
  async (t) => {
    const database = newDatabase(t);
    const first = await ran(database);
    t.equal(first.trained.length, 5);
    const second = await ran(database, { name: 'renamed' });
    t.equal(second.result.experimentId, 2);
    t.same(second.trained, [], 'nothing is trained again');
    t.match(second.remarks, [/^4 trials were finished by another run .*equal bits/, /^1 trial was finished/]);
    const ended = ({ result: { trials, final } }: typeof first) =>
      [...trials, final].map((trial) => ({ ...trial, id: 0 }));
    t.same(ended(second), ended(first));

    const results = openReadOnly(database);
    t.teardown(() => results.close());
    const [before, after] = [1, 2].map((id) => results.trials(id));
    for (const [index, trial] of (after ?? []).entries()) {
      const id = before?.[index]?.id as number;
      t.same(results.reports(trial.id), results.reports(id));
      for (const kind of ['best', 'last'] as const)
        t.same(results.weights(trial.id, kind), results.weights(id, kind));
      t.same(results.correct(trial.id), results.correct(id));
    }
    t.same(results.spans(2), [], 'it ran in the other run');
    const { rows } = results.query('SELECT id, same_as FROM trial WHERE experiment_id = 2 ORDER BY id');
    t.same(
      rows.map((row) => Object.values(row)[1] ?? row),
      before?.map(({ id }) => id),
    );
  },
);

t.test(
  'a point that was proposed again is a copy of a trial of its own run, also where that is taken over',
  async (t) => {
    const database = newDatabase(t);
    const search = { method: 'tpe', trials: 9 } as const;
    await ran(database, { search, final: undefined });
    const { trained, result } = await ran(database, { name: 'renamed', search, final: undefined });
    t.same(trained, []);
    const results = openReadOnly(database);
    const copies = results.query(
      'SELECT experiment_id, trial FROM leaderboard WHERE is_copy ORDER BY 1, 2',
    ).rows;
    const [before, after] = [1, 2].map((id) => copies.filter((row) => row[0] === id).map((row) => row[1]));
    t.ok(before !== undefined && before.length >= 5, 'nine trials of four points');
    t.same(after, before);
    t.ok(result.combinations.every(({ replicates }) => replicates === 1));
    results.close();
  },
);

t.test('a shrunk axis and another final training train only what is new', async (t) => {
  const database = newDatabase(t);
  await ran(database);
  const shrunk = await ran(database, { space: { learningRate: [0.1], batchSize: [10, 20] } });
  t.equal(shrunk.result.experimentId, 2);
  t.notOk(shrunk.trained.some((trial) => trial.startsWith('search/')));
  const other = await ran(database, { final: { epochs: 4 } });
  t.same(other.trained, ['final/1'], 'the final training is another one');
});

t.test('a trial that was not finished, or has lost some of its evidence, is trained', async (t) => {
  const database = newDatabase(t);
  await ran(database, { final: undefined });
  const store = openStore(database);
  const [trial] = store.trials(1);
  store.close();
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(database);
  db.prepare("UPDATE artifact SET correct = NULL WHERE trial_id = ? AND name = 'best'").run(trial?.id);
  db.close();
  const second = await ran(database, { name: 'renamed', final: undefined });
  t.same(second.trained, ['search/1']);
});

t.test('a run that is asked to begin anew trains every trial', async (t) => {
  const database = newDatabase(t);
  await ran(database);
  const fresh = await ran(database, {}, { fresh: true });
  t.equal(fresh.trained.length, 5);
});

t.test(
  'a search that learns sees what its interrupted trials have taken over from another run',
  async (t) => {
    const database = newDatabase(t);
    const search = {
      space: { learningRate: { float: [0.01, 0.1] }, batchSize: [10] },
      search: { method: 'tpe', trials: 5, lag: 1, startupTrials: 2 },
      final: undefined,
    } as const;
    await ran(database, search, { stopAfter: { trials: 2 } });
    const whole = await ran(database, { ...search, name: 'renamed' });
    t.same(whole.trained, ['search/3', 'search/4', 'search/5']);
    // As a kill leaves it: the third proposal is recorded, and no attempt at it.
    const store = openStore(database);
    const { number, role, key, replicate, params } = whole.result.trials[2] as TrialSpec;
    store.addTrials(1, [{ number, role, key, replicate, params }]);
    store.close();
    const resumed = await ran(database, search);
    t.equal(resumed.result.experimentId, 1);
    t.same(resumed.trained, [], 'nothing is trained again');
    const points = ({ result: { trials } }: typeof whole) =>
      trials.map(({ params, state }) => [params, state]);
    t.same(points(resumed), points(whole));
  },
);

/** A store with 250 trials that are done in one run and wait in another, and a count of its transactions. */
function twoRuns(t: Test) {
  const store = openStore(newDatabase(t));
  t.teardown(() => store.close());
  store.together(() => addExperiment(store, Array(250).fill(done())));
  const second = store.beginExperiment(recorded());
  const numbers = Array.from({ length: 250 }, (_, index) => index + 1);
  const waiting = store.addTrials(
    second,
    numbers.map((number) => spec(number)),
  );
  let transactions = 0;
  const counting: Store = {
    ...store,
    together: (act) => {
      transactions += 1;
      return store.together(act);
    },
  };
  const taking = (signal: AbortSignal, changes: Partial<Run> = {}) =>
    withoutFinished(
      { store: counting, experiment: {}, signal, isFresh: false, onEvent() {}, ...changes } as unknown as Run,
      waiting,
    );
  return {
    taking,
    transactions: () => transactions,
    taken: () => store.trials(second).filter(isDone).length,
  };
}
const isDone = ({ state }: { readonly state: string }) => state === 'done';

t.test('many trials are taken over in few transactions: each costs a flush to the disk', async (t) => {
  const { taking, transactions, taken } = twoRuns(t);
  t.same(await taking(new AbortController().signal), []);
  t.equal(taken(), 250);
  t.equal(transactions(), 3);
});

t.test('a signal is heard while trials are taken over', async (t) => {
  const { taking, taken } = twoRuns(t);
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  const left = await taking(stop.signal);
  t.ok(left.length > 0, 'some are left');
  t.equal(taken() + left.length, 250);
});

t.test(
  'with a pruner nothing is taken over: whom a trial was compared with is a matter of its run',
  async (t) => {
    const { taking, taken } = twoRuns(t);
    const pruner = percentilePruner({ percentile: 50, startupTrials: 5, warmupSteps: 0, intervalSteps: 1 });
    t.equal((await taking(new AbortController().signal, { pruner })).length, 250);
    t.equal(taken(), 0);
  },
);

t.test('what lacks its last report, or the bits of its network, is not taken over', async (t) => {
  const [first, last] = [report(1), report(2)];
  const trial = { ...spec(1), ...{ id: 1, attempts: 1, seconds: 1, best: first, last } };
  const network = { ...trial, state: 'done', artifacts: { best: 'a hash' } } as unknown as Trial;
  /** As an old database answers, which has no hash of a curve. */
  const answering = (reports: readonly Report[], correct?: Uint8Array) =>
    ({
      reports: () => reports,
      artifact: () => ({ kind: 'network' }),
      correct: () => correct,
    }) as unknown as Store;
  t.match(outcomeOf(answering([first, last], Uint8Array.of(1)), network), {
    state: 'done',
    result: { last },
  });
  t.equal(outcomeOf(answering([first, last]), network), undefined);
  t.equal(outcomeOf(answering([first], Uint8Array.of(1)), network), undefined);
});
