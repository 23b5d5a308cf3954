import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openReadOnly } from '../../src/store/open-results.ts';
import { runSweep, sweepEvents } from '../../src/sweep/run-sweep.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';

/** A search in the test's folder. */
function prepared(t: Test, epochs = 2) {
  writeTinyIdx(join(t.testdir(), 'tiny'));
  const definition = {
    name: 'events',
    data: { source: 'idx', folder: 'tiny', train: [0, 60], validation: [60, 120], test: [0, 60] },
    model: { hidden: [4] },
    training: { epochs },
    space: { learningRate: [0.05], batchSize: [10, 20] },
    final: { epochs: 1 },
  } as const;
  const database = join(t.testdirName, 'results.db');
  return { definition, options: { database, baseFolder: t.testdirName, threads: 1 } };
}

t.test('events come in order, the result as the last', async (t) => {
  const { definition, options } = prepared(t);
  const kinds: string[] = [];
  const told: string[] = [];
  for await (const event of sweepEvents(definition, { ...options, onEvent: ({ kind }) => told.push(kind) })) {
    kinds.push(event.kind);
    if (event.kind === 'sweep finished') t.match(event.result, { state: 'done', winner: { role: 'search' } });
  }
  t.same(kinds, [
    // A trial's end and the next one's start are recorded together, and told in that order.
    ...['phase started', 'trial started', 'trial finished', 'trial started', 'trial finished', 'winner'],
    ...['phase started', 'trial started', 'trial finished', 'sweep finished'],
  ]);
  t.same(told, kinds.slice(0, -1), 'onEvent is told as well');
});

t.test('progress stays that of its trial when its thread has begun the next one', async (t) => {
  const { definition, options } = prepared(t, 3);
  const progress = new Map<number, () => { last: { step: number } | undefined }>();
  const seen: unknown[] = [];
  await runSweep(definition, {
    ...options,
    onEvent(event) {
      if (event.kind === 'trial started') progress.set(event.trial.id, event.progress);
      if (event.kind === 'trial finished') seen.push(progress.get(event.trial.id)?.().last?.step);
    },
  });
  t.same(seen, [3, 3, 1]);
});

t.test('leaving the loop stops the sweep, and the database says so', async (t) => {
  const { definition, options } = prepared(t, 100_000);
  for await (const event of sweepEvents(definition, options)) if (event.kind === 'trial started') break;
  const results = openReadOnly(options.database);
  t.equal(results.latestExperiment()?.state, 'stopped');
  t.same(
    results.trials(1).map(({ state }) => state),
    ['stopped', 'waiting'],
  );
  results.close();
});

t.test("the caller's own signal stops it too, and the result says so", async (t) => {
  const { definition, options } = prepared(t, 100_000);
  const controller = new AbortController();
  const states: string[] = [];
  for await (const event of sweepEvents(definition, { ...options, signal: controller.signal })) {
    if (event.kind === 'trial started') controller.abort();
    if (event.kind === 'sweep finished') states.push(event.result.state);
  }
  t.same(states, ['stopped']);
});

t.test('what is wrong before the first event is thrown in the loop', async (t) => {
  const { definition, options } = prepared(t);
  const wrong = { ...definition, data: { ...definition.data, folder: 'nowhere' } } as const;
  await t.rejects(
    async () => {
      for await (const event of sweepEvents(wrong, options)) t.fail(event.kind);
    },
    { code: 'ERR_DATA_MISSING' },
  );
});

/** An objective in a module of the test's folder. */
function valleyIn(t: Test) {
  const code = 'export default ({ params }) => ({ height: (params.x - 2) ** 2, seconds: 1 });';
  const folder = t.testdir({ 'valley.mjs': code });
  const definition = {
    name: 'valley',
    objective: './valley.mjs',
    metrics: { height: 'minimise', seconds: 'none' },
    space: { x: [1, 2, 3] },
  } as const;
  return { definition, options: { database: join(folder, 'results.db'), baseFolder: folder, threads: 1 } };
}

t.test('an objective runs from a program by the path of its module', async (t) => {
  const { definition, options } = valleyIn(t);
  const { winner, metrics, trials } = await runSweep(definition, options);
  t.equal(winner?.params.x, 2);
  t.same(
    trials.map(({ state }) => state),
    ['done', 'done', 'done'],
  );
  t.same(metrics, [
    { name: 'height', goal: 'minimise' },
    { name: 'seconds', goal: 'none' },
  ]);
  const known: unknown[] = [];
  for await (const event of sweepEvents(definition, options))
    if (event.kind === 'sweep finished') known.push(event.result.winner?.params.x);
  t.same(known, [2], 'its events go on with what is recorded');
});

t.test('a bare function is refused with what to write', async (t) => {
  const { definition, options } = valleyIn(t);
  const bare = { ...definition, objective: () => 1 };
  // @ts-expect-error: threads could not import it
  await t.rejects(runSweep(bare, options), {
    code: 'ERR_DEFINITION',
    message: /objective must be named by its file.*as default from a file of its own.*objective: "\.\//s,
  });
});
