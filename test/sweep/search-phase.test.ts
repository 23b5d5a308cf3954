import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { loadData } from '../../src/data/dataset.ts';
import { errors } from '../../src/errors.ts';
import type { Executor, Running } from '../../src/execute/executor.ts';
import { checkDefinition } from '../../src/experiment/check.ts';
import type { NetworkInput as ExperimentInput, NetworkExperiment } from '../../src/experiment/schema.ts';
import { gridSearch } from '../../src/search/grid.ts';
import type { History, Searcher, SeenTrial } from '../../src/search/searcher.ts';
import { spaceOf } from '../../src/space/definition.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { openBudget } from '../../src/sweep/budget.ts';
import type { SweepEvent } from '../../src/sweep/events.ts';
import { networkObjective } from '../../src/sweep/network.ts';
import { sweep } from '../../src/sweep/sweep.ts';
import { simulatedExecutor } from '../execute/network/simulated-executor.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';

const rates = (count: number) => Array.from({ length: count }, (_, index) => (index + 1) / 1000);

const definition: ExperimentInput = {
  name: 'searched',
  data: { source: 'idx', folder: 'data', train: [0, 60], validation: [60, 120] },
  model: { hidden: [3] },
  training: { epochs: 3 },
  space: { learningRate: rates(6), batchSize: [10] },
};

const folder = t.testdir();
writeTinyIdx(join(folder, 'data'));

/** What is tried, on simulated threads. */
async function simulated(experiment: NetworkExperiment, threads: number) {
  const data = await loadData(experiment.data, folder);
  const ingredients = { dataHash: data.hash, kernelHash: 'k' };
  return {
    tried: { kind: 'network', experiment, data, ingredients, kernelHashOf: () => 'k' } as const,
    executor: simulatedExecutor(threads, networkObjective(experiment, data)),
  };
}

/** Sweeps with a searcher of the test's own, on simulated threads. */
async function swept(
  t: Test,
  searcher: Searcher,
  {
    threads = 2,
    lag = 16,
    signal = new AbortController().signal,
    onEvent = (_event: SweepEvent) => {},
    wrapped = (store: Store) => store,
    slowed = (executor: Executor) => executor,
    failures = 100,
    database = join(t.testdir(), 'results.db'),
  } = {},
) {
  const experiment = checkDefinition({ ...definition, limits: { failures } }, 'the test');
  const store = openStore(database);
  t.teardown(() => store.close());
  const budget = openBudget({}, undefined, onEvent);
  const { tried, executor } = await simulated(experiment, threads);
  const result = await sweep({
    ...{ store: wrapped(store), searcher, lag, onEvent, tried, budget },
    signal: AbortSignal.any([signal, budget.signal]),
    executor: slowed(executor),
    ...{ bestModel: join(t.testdirName, 'bestmodel.json'), lastPhase: 1 },
    ...{ isFresh: false, retriesFailed: false, forcesModel: false },
  });
  return { store, result };
}

/** The same executor, in which a trial is at work until `until` lets it end. */
const held = (
  executor: Executor,
  until: (number: number) => Promise<unknown>,
  onStart: (number: number, atWork: number) => void,
): Executor => {
  let atWork = 0;
  return {
    ...executor,
    start(job) {
      onStart(job.number, ++atWork);
      const running = executor.start(job);
      const outcome = running.outcome.then(async (ended) => {
        await until(job.number);
        atWork--;
        return ended;
      });
      return { ...running, outcome };
    },
  };
};

/** Things that happen, each once, and may be waited for; one that does not happen is not waited for without end. */
function happenings() {
  const deferred = new Map<string, PromiseWithResolvers<void>>();
  const of = (what: string) => {
    const known = deferred.get(what) ?? Promise.withResolvers<void>();
    deferred.set(what, known);
    return known;
  };
  return {
    happened: (what: string) => of(what).resolve(),
    heard: (what: string) => Promise.race([of(what).promise, sleep(10_000, undefined, { ref: false })]),
  };
}

const small = gridSearch(spaceOf({ learningRate: rates(6), batchSize: [10] }), 1);

t.test(
  'a trial that cannot be recorded while the next one waits for the database ends the sweep',
  async (t) => {
    const searcher: Searcher = { ...small, ahead: 1 };
    let asked = 0;
    const broken = (store: Store): Store => ({
      ...store,
      addTrials(...added) {
        asked += 1;
        if (asked > 1 && asked < 4) throw errors.databaseBusy('results.db', new Error('locked'));
        return store.addTrials(...added);
      },
      startAttempt() {
        throw new Error('the disk is broken');
      },
    });
    const unhandled: unknown[] = [];
    const note = (fault: unknown) => unhandled.push(fault);
    process.on('unhandledRejection', note);
    t.teardown(() => process.off('unhandledRejection', note));
    await t.rejects(swept(t, searcher, { wrapped: broken }), { message: 'the disk is broken' });
    t.ok(asked >= 4);
    t.same(unhandled, [], 'nothing else ends the process');
  },
);

t.test('a phase is told with all its trials, those too that take the result of another one', async (t) => {
  const twice: Searcher = {
    ...small,
    ask: ({ trials: { length } }) =>
      length < 6
        ? { params: { learningRate: rates(6)[length >> 1] as number, batchSize: 10 }, replicate: 0 }
        : undefined,
  };
  const told: number[] = [];
  let finished = 0;
  const onEvent = (event: SweepEvent) => {
    if (event.kind === 'phase started') told.push(event.trials);
    if (event.kind === 'trial finished') finished++;
  };
  await swept(t, twice, { onEvent });
  t.same({ told, finished }, { told: [6], finished: 6 });
});

t.test('the next trial lies ready, and only the last ones share the threads', async (t) => {
  const { happened, heard } = happenings();
  const crowded: number[] = [];
  const told: string[] = [];
  /** What a trial of 6 on 2 threads ends after: the first has to end before it is known how long one takes. */
  const ends: Readonly<Record<number, string>> = {
    2: '4 is ready',
    3: '5 is ready',
    4: '6 began',
    5: '6 began',
  };
  const slowed = (executor: Executor) =>
    held(
      executor,
      async (number) => {
        const after = ends[number];
        if (after !== undefined) await heard(after);
      },
      (number, atWork) => {
        if (atWork > 2) crowded.push(number);
        told.push(`${number} began`);
        happened(`${number} began`);
      },
    );
  const wrapped = (store: Store): Store => ({
    ...store,
    startAttempt(id) {
      store.startAttempt(id);
      happened(`${store.trial(id).number} is ready`);
    },
  });
  const onEvent = (event: SweepEvent) => {
    if (event.kind === 'trial finished') told.push(`${event.trial.number} is recorded`);
  };
  await swept(t, small, { slowed, wrapped, onEvent });
  t.same(crowded, [6]);
  t.ok(told.indexOf('4 began') < told.indexOf('2 is recorded'), told.join(', '));
});

/** A searcher that looks at results, and notes what it was shown at each question. */
function looking(): { searcher: Searcher; seen: SeenTrial[][] } {
  const seen: SeenTrial[][] = [];
  const ask = (history: History, random: Parameters<Searcher['ask']>[1]) => {
    seen.push(history.trials.map((trial) => ({ ...trial })));
    return small.ask(history, random);
  };
  return { searcher: { ...small, ahead: 0, ask }, seen };
}

t.test(
  'a searcher that looks at results is shown those that are a lag below, on any number of threads',
  async (t) => {
    for (const threads of [1, 3]) {
      const { searcher, seen } = looking();
      const { result } = await swept(t, searcher, { threads, lag: 2 });
      t.equal(result.trials.length, 6);
      t.same(
        seen.map((trials) => trials.map(({ state }) => state)),
        [0, 1, 2, 3, 4, 5, 6].map((known) =>
          Array.from({ length: known }, (_, index) => (index < known - 1 ? 'done' : 'waiting')),
        ),
        'the one just below is seen as its parameters alone',
      );
      t.same(
        seen.at(-1)?.map(({ params }) => params['learningRate']),
        rates(6),
      );
    }
  },
);

t.test('no more trials than the lag run at once, however many threads there are', async (t) => {
  const { searcher } = looking();
  let running = 0;
  let most = 0;
  await swept(t, searcher, {
    ...{ threads: 8, lag: 2 },
    onEvent: ({ kind }) => {
      if (kind === 'trial started') most = Math.max(most, ++running);
      if (kind === 'trial finished') running--;
    },
  });
  t.equal(most, 2);
});

t.test(
  'a search that was stopped asks for nothing more, and goes on with the points that it lacks',
  async (t) => {
    const { searcher, seen } = looking();
    const stop = new AbortController();
    const { result, store } = await swept(t, searcher, {
      ...{ threads: 1, signal: stop.signal },
      onEvent: ({ kind }) => {
        if (kind === 'trial finished') stop.abort();
      },
    });
    t.equal(result.state, 'stopped');
    t.ok(seen.length <= 2);
    t.ok(store.trials(result.experimentId).length <= 2);
  },
);

t.test('duplicates of a damaged record do not wait for it: the first is trained', async (t) => {
  const point = { params: { learningRate: 0.001, batchSize: 10 }, replicate: 0 };
  const ask = (history: History) => (history.trials.length < 4 ? point : undefined);
  // All at once, and each once the one before has ended.
  for (const ahead of [4, 0]) {
    const started: number[] = [];
    const { result } = await swept(
      t,
      { ...small, total: 4, ahead, ask },
      {
        lag: 1,
        wrapped: (store) => ({ ...store, reports: (id) => (id === 1 ? [] : store.reports(id)) }),
        onEvent: (event) => {
          if (event.kind === 'trial started') started.push(event.trial.number);
        },
      },
    );
    t.same(
      result.trials.map(({ state }) => state),
      ['done', 'done', 'done', 'done'],
    );
    t.same(started, [1, 2], 'the others take what it came to');
  }
});

t.test('a grid of a million points starts without being enumerated', async (t) => {
  const axis = rates(1_000);
  const large = gridSearch(spaceOf({ learningRate: axis, batchSize: axis.map((_, index) => index + 1) }), 1);
  let asked = 0;
  const searcher: Searcher = {
    ...large,
    ask: (history, random) => {
      asked += 1;
      return large.ask(history, random);
    },
  };
  const stop = new AbortController();
  const { result } = await swept(t, searcher, {
    signal: stop.signal,
    onEvent: ({ kind }) => {
      if (kind === 'phase started') stop.abort();
    },
  });
  t.equal(result.state, 'stopped');
  t.equal(asked, large.ahead);
});

t.test('proposals that may be made ahead are recorded many at a time', async (t) => {
  const experiment = checkDefinition(definition, 'the test');
  const many = gridSearch(spaceOf({ learningRate: rates(30), batchSize: [1, 2] }), 1);
  const store = openStore(join(t.testdir(), 'results.db'));
  t.teardown(() => store.close());
  const added: number[] = [];
  const { trials } = await sweep({
    ...{
      signal: new AbortController().signal,
      searcher: { ...many, ahead: 20 },
      lag: 16,
      onEvent: () => {},
    },
    store: {
      ...store,
      addTrials: (id, specs, start) => {
        added.push(specs.length);
        return store.addTrials(id, specs, start);
      },
    },
    ...(await simulated(experiment, 2)),
    ...{ bestModel: join(t.testdirName, 'bestmodel.json'), lastPhase: 1 },
    ...{ isFresh: false, retriesFailed: false, forcesModel: false },
  });
  t.equal(trials.length, 60);
  t.ok(trials.every(({ state }) => state === 'done'));
  t.same(added, [20, 20, 20]);
});

t.test(
  'trials that were recorded ahead and had no seat when the search was stopped wait as before',
  async (t) => {
    const stop = new AbortController();
    const begun = new Set<number>();
    let finished = 0;
    const { result, store } = await swept(
      t,
      gridSearch(spaceOf({ learningRate: rates(200), batchSize: [10] }), 1),
      {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.kind === 'trial started') begun.add(event.trial.number);
          if (event.kind === 'trial finished' && ++finished === 100) stop.abort();
        },
      },
    );
    for (const { number, state, attempts } of store.trials(result.experimentId)) {
      if (begun.has(number)) t.ok(attempts === 1 && state !== 'running', `trial ${number} was begun`);
      else t.match({ state, attempts }, { state: 'waiting', attempts: 0 }, `trial ${number} was not`);
    }
  },
);

/** The same executor, in which what a trial has come to is changed. */
const changed = (
  executor: Executor,
  change: (number: number, running: Running) => Partial<Running>,
): Executor => ({
  ...executor,
  start(job) {
    const running = executor.start(job);
    return { ...running, ...change(job.number, running) };
  },
});

t.test('as many failures in a row as allowed end the search, in whatever order they come', async (t) => {
  for (const [order, ends] of [
    [[1, 2, 3], true],
    [[3, 2, 1], true],
    [[1, 3, 2], true],
    [[3, 4, 2], true],
    [[2, 1, 3], true],
    [[1, 2, 4, 5], false],
  ] as const) {
    const { happened, heard } = happenings();
    const failing: readonly number[] = order;
    const remarks: string[] = [];
    const { result } = await swept(t, small, {
      ...{ threads: 6, failures: 3 },
      slowed: (executor) =>
        changed(executor, (number, running) => ({
          outcome: running.outcome.then(async (outcome) => {
            const place = failing.indexOf(number);
            if (place !== 0) await heard(`${failing.at(place < 0 ? -1 : place - 1)} is recorded`);
            const failed = {
              state: 'failed',
              code: 'ERR_TRIAL',
              reason: 'planted',
              reports: [],
              seconds: 0,
            } as const;
            return place < 0 ? outcome : failed;
          }),
        })),
      onEvent(event) {
        if (event.kind === 'trial finished') happened(`${event.trial.number} is recorded`);
        if (event.kind === 'remark') remarks.push(event.text);
      },
    });
    t.equal(result.state, ends ? 'stopped' : 'done', `${order}`);
    t.equal(remarks.length, ends ? 1 : 0, `${order}`);
    if (ends) t.match(remarks[0], /^3 trials in a row have failed.*planted/);
  }
});

/** A database in which trials 1 to 3 of 6 have ended their process. */
async function withSuspects(t: Test): Promise<string> {
  const database = join(t.testdir(), 'results.db');
  const begun = new Set<number>();
  const { happened, heard } = happenings();
  const opened: Store[] = [];
  const killed = (store: Store): Store => {
    opened.push(store);
    const fail = () => {
      throw new Error('killed');
    };
    return {
      ...store,
      startAttempt(id) {
        if (begun.size === 3) fail();
        store.startAttempt(id);
        if (begun.add(id).size === 3) happened('three have begun');
      },
      ...{ cancelAttempt: fail, finish: fail },
    };
  };
  const slowed = (executor: Executor) =>
    held(
      executor,
      () => heard('three have begun'),
      () => {},
    );
  await t.rejects(swept(t, small, { threads: 3, database, wrapped: killed, slowed }), { message: 'killed' });
  for (const store of opened) store.close();
  return database;
}

t.test(
  'a trial that has ended the process runs alone until it has got further, and never lies ready beside others',
  async (t) => {
    for (const threads of [1, 3]) {
      const database = await withSuspects(t);
      const { happened, heard } = happenings();
      const mayEnd = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
      const begun: number[] = [];
      const remarks: string[] = [];
      let cleared = 0;
      const sweeping = swept(t, small, {
        ...{ threads, database },
        wrapped: (store) => ({
          ...store,
          startAttempt(id) {
            store.startAttempt(id);
            const { number } = store.trial(id);
            begun.push(number);
            happened(`${number} began`);
          },
          saveCheckpoint(id, saved) {
            store.saveCheckpoint(id, saved);
            happened(`${store.trial(id).number} is saved`);
          },
        }),
        slowed: (executor) =>
          changed(executor, (number, running) => ({
            outcome: running.outcome.then(async (outcome) => {
              await mayEnd[number - 1]?.promise;
              return outcome;
            }),
            checkpoint: () => (number > 3 || number <= cleared ? running.checkpoint() : undefined),
          })),
        onEvent: (event) => event.kind === 'remark' && remarks.push(event.text),
      });
      await heard('1 began');
      await sleep(50);
      t.same(begun, [1], 'alone');
      cleared = 1;
      if (threads === 1) {
        mayEnd[0]?.resolve();
        await heard('2 began');
        cleared = 2;
        await heard('2 is saved');
        await sleep(50);
        t.same(begun, [1, 2], 'there is no seat for the third');
      } else {
        await heard('2 began');
        await sleep(50);
        t.same(begun, [1, 2], 'cleared is only the first');
      }
      cleared = 3;
      for (const { resolve } of mayEnd) resolve();
      const { result, store } = await sweeping;
      t.equal(result.state, 'done');
      t.same(begun, [1, 2, 3, 4, 5, 6]);
      t.same(remarks, ['Going on with experiment 1: 0 of 6 trials are recorded already.']);
      store.close();
    }
  },
);

t.test('a trial that has ended the process goes before those that were not begun', async (t) => {
  const database = join(t.testdir(), 'results.db');
  const stop = new AbortController();
  const onEvent = ({ kind }: SweepEvent) => kind === 'phase started' && stop.abort();
  const { store, result } = await swept(t, small, { database, signal: stop.signal, onEvent });
  // As a kill leaves it.
  store.startAttempt(result.trials[3]?.id as number);
  store.close();
  const started: number[] = [];
  await swept(t, small, {
    ...{ threads: 1, database },
    onEvent: (event) => event.kind === 'trial started' && started.push(event.trial.number),
  });
  t.same(started, [4, 1, 2, 3, 5, 6]);
});

t.test('a search that goes on says how much of it is recorded', async (t) => {
  const database = join(t.testdir(), 'results.db');
  const stop = new AbortController();
  const remarks: string[] = [];
  const first = await swept(t, small, {
    ...{ threads: 1, database, signal: stop.signal },
    slowed: (executor) =>
      changed(executor, (number, running) => ({
        outcome: running.outcome.then(async (outcome) => {
          if (number <= 2) return outcome;
          if (!stop.signal.aborted) await once(stop.signal, 'abort');
          return { state: 'stopped', checkpoint: undefined, seconds: 0 };
        }),
      })),
    onEvent(event) {
      if (event.kind === 'trial finished' && event.trial.number === 2) stop.abort();
      if (event.kind === 'remark') remarks.push(event.text);
    },
  });
  t.same(remarks, [], 'a new one has nothing to say');
  first.store.close();
  await swept(t, small, {
    database,
    onEvent: (event) => event.kind === 'remark' && remarks.push(event.text),
  });
  t.same(remarks, ['Going on with experiment 1: 2 of 6 trials are recorded already.']);
});

t.test(
  'ends of this process count against the trials that it runs itself, not those of machines that outlive it',
  async (t) => {
    for (const isElsewhere of [false, true]) {
      const started: unknown[] = [];
      const wrapped = (store: Store): Store => ({
        ...store,
        startAttempt(id, options) {
          started.push(options);
          store.startAttempt(id, options);
        },
      });
      const slowed = (executor: Executor) => (isElsewhere ? { ...executor, machines: () => [] } : executor);
      await swept(t, small, { wrapped, slowed });
      t.same(started, new Array(6).fill({ isElsewhere }));
    }
  },
);
