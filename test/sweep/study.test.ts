import { join } from 'node:path';
import t from 'tap';
import { randomStream } from '../../src/random.ts';
import { historyOf } from '../../src/search/history.ts';
import type { SeenTrial } from '../../src/search/searcher.ts';
import { choice, float, int } from '../../src/space/builders.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStudy, studyOf } from '../../src/sweep/open-study.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';
import { searcherOf } from '../../src/sweep/searcher-of.ts';

const definition = {
  name: 'valley',
  space: { x: float(-10, 10), kind: choice('a', 'b'), n: int(1, 4).when('kind', 'b') },
  metrics: { height: 'minimise' },
  search: { method: 'tpe', trials: 30, lag: 4, startupTrials: 5 },
} as const;

const heightOf = ({ x, n = 0 }: { readonly x: number; readonly n?: number | undefined }) => (x - 2) ** 2 + n;

t.test(
  'trials are asked for and told of until the search is over, and stand where any run does',
  async (t) => {
    const database = join(t.testdir(), 'results.db');
    const study = openStudy({ ...definition, search: { ...definition.search, trials: 6 } }, { database });
    let asked = 0;
    for (let trial = await study.ask(); trial !== undefined; trial = await study.ask()) {
      t.equal(trial.number, ++asked);
      await trial.report(1, { height: 1000 });
      if (asked === 2) await trial.fail('no valley');
      else if (asked === 3) await trial.prune();
      else if (asked === 4) await trial.tell({ height: Number.NaN });
      else await trial.tell({ height: heightOf(trial.params) });
    }
    const results = openReadOnly(database);
    t.teardown(() => results.close());
    t.same(
      results.trials(1).map(({ state }) => state),
      ['done', 'failed', 'pruned', 'diverged', 'done', 'done'],
    );
    t.equal(results.latestExperiment()?.state, 'done');
    t.equal(results.reports(results.trials(1)[0]?.id ?? 0).length, 2);
  },
);

t.test('TPE asked one by one proposes what its search proposes by the law of sight', async (t) => {
  const database = join(t.testdir(), 'results.db');
  const study = openStudy(definition, { database });
  const searcher = searcherOf(studyOf(definition, 'x'));
  const seen: SeenTrial[] = [];
  for (let number = 1; number <= 20; number++) {
    // Proposal n sees how trial n - 4 ended, and those below it.
    const sight = seen.map((trial, index) =>
      index + 1 <= number - 4
        ? { ...trial, state: 'done' as const, result: { step: 1, values: [heightOf(trial.params as never)] } }
        : trial,
    );
    const point = searcher.ask(historyOf(sight), randomStream(1, 'search', number, 0));
    const trial = await study.ask();
    t.same(trial?.params, point?.params, `trial ${number}`);
    if (point === undefined || trial === undefined) return;
    seen.push({ ...point, state: 'running' });
    await trial.tell({ height: heightOf(trial.params) });
  }
});

t.test('the order of telling changes nothing, and too many under way are refused in words', async (t) => {
  const folder = t.testdir({});
  const paramsTold = async (order: readonly number[]) => {
    const study = openStudy(definition, { database: join(folder, `${order.join('')}.db`) });
    const params: unknown[] = [];
    for (let round = 0; round < 4; round++) {
      const asked = [await study.ask(), await study.ask(), await study.ask(), await study.ask()];
      await t.rejects(study.ask(), {
        code: 'ERR_STUDY_WAITS',
        message: /needs the result of trial \d+ first: with search\.lag 4 at most 4 trials are pending/,
      });
      for (const place of order) await asked[place]?.tell({ height: heightOf(asked[place].params) });
      params.push(...asked.map((trial) => trial?.params));
    }
    return params;
  };
  t.same(await paramsTold([3, 1, 0, 2]), await paramsTold([0, 1, 2, 3]));
});

t.test('nobody gets the same trial, however many ask at once', async (t) => {
  const database = join(t.testdir(), 'results.db');
  const random = { ...definition, search: { method: 'random', trials: 24 } } as const;
  const asking = Array.from({ length: 24 }, () => openStudy(random, { database }).ask());
  const numbers = (await Promise.all(asking)).map((trial) => trial?.number ?? 0);
  t.same(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: 24 }, (_, index) => index + 1),
  );
});

t.test('a program that tries without waiting hears its signals between two trials', async (t) => {
  const study = openStudy(definition, { database: join(t.testdir(), 'results.db') });
  let isHeard = false;
  process.once('SIGUSR2', () => {
    isHeard = true;
  });
  process.kill(process.pid, 'SIGUSR2');
  for (let asked = 0; asked < 2; asked++) await (await study.ask())?.tell({ height: 1 });
  t.ok(isHeard);
});

t.test('a trial is told of once', async (t) => {
  const study = openStudy(definition, { database: join(t.testdir(), 'results.db') });
  const trial = await study.ask();
  await trial?.tell({ height: 1 });
  await t.rejects(async () => trial?.tell({ height: 2 }), {
    code: 'ERR_STUDY_TRIAL',
    message: /it is done already/,
  });
});

t.test('a report says whether to go on, and prunes whom a run prunes, in any order', async (t) => {
  const halving = {
    name: 'halving',
    space: { x: float(0, 1) },
    metrics: { height: 'maximise' },
    search: { method: 'random', trials: 12 },
    prune: { method: 'asha', minResource: 1, maxResource: 9, reductionFactor: 3 },
  } as const;
  const folder = t.testdir({
    'steps.mjs': `export default async ({ params, report }) => {
      for (let step = 1; step <= 9; step++) await report(step, { height: params.x * step });
    };`,
  });
  const run = await runSweep(
    { ...halving, objective: join(folder, 'steps.mjs') },
    { database: join(folder, 'run.db'), threads: 1 },
  );
  const ofRun = run.trials.map((trial) => [trial.params.x, trial.state, 'last' in trial && trial.last.step]);
  t.ok(
    run.trials.some(({ state }) => state === 'pruned') && run.trials.some(({ state }) => state === 'done'),
  );

  for (const atOnce of [1, 12]) {
    const database = join(folder, `${atOnce}.db`);
    // Whoever asks is a program of its own.
    const whole = async () => {
      const trial = await openStudy(halving, { database }).ask();
      if (trial === undefined) return;
      for (let step = 1; step < 9; step++)
        if ((await trial.report(step, { height: trial.params.x * step })) === 'prune') return;
      await trial.tell({ height: trial.params.x * 9 });
    };
    for (let begun = 0; begun < 12; begun += atOnce) await Promise.all(Array.from({ length: atOnce }, whole));
    const results = openReadOnly(database);
    const found = results
      .trials(1)
      .map((trial) => [trial.params['x'], trial.state, 'last' in trial && trial.last.step]);
    t.same(found, ofRun, `${atOnce} at once`);
    results.close();
  }
});

t.test('reports ascend, may be told again, and end a trial whose values are none', async (t) => {
  const database = join(t.testdir(), 'results.db');
  const [one, other] = [
    await openStudy(definition, { database }).ask(),
    await openStudy(definition, { database }).ask(),
  ];
  t.equal(await one?.report(2, { height: 5 }), 'go on');
  t.equal(await one?.report(2, { height: 5 }), 'go on', 'whoever was not sure that it was heard');
  for (const [step, height] of [
    [2, 6],
    [1, 5],
  ] as const)
    await t.rejects(async () => one?.report(step, { height }), {
      code: 'ERR_STUDY_STEP',
      message: `Trial 1 cannot report step ${step}: it has reported step 2, and steps ascend. Report a later one.`,
    });
  const results = openReadOnly(database);
  t.teardown(() => results.close());
  t.same(
    results.trials(1).map(({ state }) => state),
    ['paused', 'waiting'],
  );
  await one?.prune();
  await one?.prune();
  t.equal(await other?.report(3, { height: Number.NaN }), 'prune');
  t.match(results.trials(1), [
    { state: 'pruned', last: { step: 2, values: [5] } },
    { state: 'diverged', step: 3 },
  ]);
});

t.test(
  'who waits for a trial of which nobody tells is told so, and goes on once it has failed',
  async (t) => {
    const halves = {
      name: 'halves',
      space: { x: choice(1, 2, 3) },
      metrics: { height: 'minimise' },
      prune: { method: 'median', startupTrials: 1 },
      limits: { silentSeconds: 0.5 },
    } as const;
    const study = openStudy(halves, { database: join(t.testdir(), 'results.db') });
    const [one, two, three] = [await study.ask(), await study.ask(), await study.ask()];
    t.equal(await one?.report(1, { height: 1 }), 'go on');
    await t.rejects(async () => three?.report(1, { height: 2 }), {
      code: 'ERR_STUDY_SILENT',
      message:
        /^Trial 3 has waited 0\.5 seconds at step 1 for trial 2, .* `coresweep tell 2 --state failed`\. Then report step 1 of trial 3 once more/,
    });
    await two?.fail('nobody knows');
    t.equal(await three?.report(1, { height: 2 }), 'prune');
  },
);

t.test('a search that gains trials goes on, and its run is recorded as it is now', async (t) => {
  const database = join(t.testdir(), 'results.db');
  const asking = (trials: number) =>
    openStudy({ ...definition, search: { ...definition.search, trials } }, { database }).ask();
  t.equal((await asking(2))?.number, 1);
  t.equal((await asking(7))?.number, 2);
  const results = openReadOnly(database);
  t.teardown(() => results.close());
  t.match(results.experiments(), [{ id: 1, state: 'stopped' }]);
  t.equal(JSON.parse(results.experiments()[0]?.definition ?? '').search.trials, 7);
});
