import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { checkDefinition } from '../../src/experiment/check.ts';
import type { NetworkInput as ExperimentInput } from '../../src/experiment/schema.ts';
import { readModelFile, writeModelFile } from '../../src/model/model-file.ts';
import { bestModelPath } from '../../src/store/database-file.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import type { SweepEvent } from '../../src/sweep/events.ts';
import { runExperiment } from '../../src/sweep/run-experiment.ts';
import type { RunOptions } from '../../src/sweep/run-options.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { content } from '../torture/oracle.ts';

const folder = t.testdir();
writeTinyIdx(join(folder, 'data'));
writeTinyIdx(join(folder, 'other'), { seed: 2 });

const definition: ExperimentInput = {
  name: 'small',
  data: { source: 'idx', folder: 'data', train: [0, 60], validation: [60, 120], test: [0, 60] },
  model: { hidden: [5] },
  training: { epochs: 30 },
  space: { learningRate: [0.01, 0.1], batchSize: [10, 20] },
  final: { epochs: 20 },
};

async function ran(
  database: string,
  changes: Partial<ExperimentInput> = {},
  options: Partial<RunOptions> = {},
) {
  const events: SweepEvent[] = [];
  const result = await runExperiment({
    experiment: checkDefinition({ ...definition, ...changes }, 'the test'),
    baseFolder: folder,
    database,
    threads: 2,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const started = events.flatMap((event) => (event.kind === 'trial started' ? [event.trial.number] : []));
  const remarks = events.flatMap((event) => (event.kind === 'remark' ? [event.text] : []));
  return { result, events, started, remarks };
}

const newDatabase = (t: Test) => join(t.testdir(), 'results.db');

/** What a run leaves that nobody has disturbed. */
const undisturbed = join(folder, 'results.db');
await ran(undisturbed);
const expected = content(undisturbed);

t.test('a run that was stopped anywhere goes on to the bits of one that was not', async (t) => {
  for (const stopAfter of [0, 1, 3, 4, 5]) {
    const database = newDatabase(t);
    const controller = new AbortController();
    let finished = 0;
    const onEvent = (event: SweepEvent) => {
      if (event.kind === 'trial finished') finished += 1;
      if (event.kind === 'trial started' && finished >= stopAfter) setImmediate(() => controller.abort());
      if (event.kind === 'trial finished' && finished >= 5) controller.abort();
    };
    const { result } = await ran(database, {}, { signal: controller.signal, onEvent });
    t.equal(result.state, 'stopped', `after ${stopAfter} trials`);
    const again = await ran(database);
    t.equal(again.result.state, 'done');
    t.equal(content(database), expected);
  }
});

t.test('each session of a run is recorded with its spans, and no guess is needed', async (t) => {
  const database = newDatabase(t);
  const before = Date.now();
  const controller = new AbortController();
  const onEvent = ({ kind }: SweepEvent) => {
    if (kind === 'trial finished') controller.abort();
  };
  await ran(database, {}, { signal: controller.signal, onEvent });
  const { result } = await ran(database, {}, { threads: 1 });
  await ran(database);
  const results = openReadOnly(database);
  const sessions = results.sessions(result.experimentId);
  t.same(
    sessions.map(({ threads }) => threads),
    [2, 1],
    'the third had nothing to do',
  );
  for (const { id, startedAt, seconds } of sessions) {
    t.ok(Date.parse(startedAt) >= before && Date.parse(startedAt) <= Date.now(), startedAt);
    const ends = results.spans(1).flatMap((span) => (span.session === id ? [span.to] : []));
    t.ok(ends.length > 0 && Math.max(...ends) <= (seconds as number), 'on one clock');
  }
  t.equal(result.seconds, (sessions[0]?.seconds as number) + (sessions[1]?.seconds as number));
  t.equal(results.experiments()[0]?.seconds, result.seconds);
  results.close();
});

t.test('a finished run runs nothing again, and says so', async (t) => {
  const database = newDatabase(t);
  const first = await ran(database);
  const { result, started, remarks } = await ran(database);
  t.same(started, []);
  t.match(remarks.join(), /was finished before/);
  t.same(result, first.result);
  t.equal(content(database), expected);
});

t.test('a fresh run, a changed definition and another seed are runs of their own', async (t) => {
  const database = newDatabase(t);
  const ids: number[] = [];
  const note = async (changes: Partial<ExperimentInput>, options: Partial<RunOptions> = {}) => {
    const { result } = await ran(database, changes, options);
    ids.push(result.experimentId);
  };
  await note({});
  await note({}, { fresh: true });
  await note({ seed: 2 });
  await note({ training: { epochs: 31 } });
  await note({ space: { learningRate: [0.5], batchSize: [10] } });
  t.same(ids, [1, 2, 3, 4, 5]);
  await note({});
  await note({ limits: { retries: 3 }, published: { testAccuracy: 1 } });
  t.same(
    ids.slice(5),
    [2, 2],
    'the latest of the same definition; limits and published figures decide no answer',
  );
});

t.test(
  'an axis that gained values runs the new combinations alone, numbered after the old ones',
  async (t) => {
    const database = newDatabase(t);
    const before = (await ran(database)).result;
    const space = { learningRate: [0.3, 0.01, 0.1], batchSize: [20, 10, 60] };
    const { result, started } = await ran(database, { space });
    t.equal(result.experimentId, before.experimentId);
    t.same([...new Set(started)].sort(), [2, 5, 6, 7, 8, 9], '2 is the final training of the new winner');
    t.same(result.trials.slice(0, 4), before.trials);
    t.equal(new Set(result.trials.map(({ key }) => key)).size, 9);
    const whole = (await ran(newDatabase(t), { space })).result;
    const hashes = (trials: typeof result.trials) =>
      trials.map((trial) => `${trial.key} ${'weightsSha256' in trial && trial.weightsSha256}`).sort();
    t.same(hashes(result.trials), hashes(whole.trials));
    t.equal(result.winner?.key, whole.winner?.key);
  },
);

t.test(
  'other data under the same definition is refused with both hashes, unless the run is a fresh one',
  async (t) => {
    const database = newDatabase(t);
    await ran(database);
    const data = { ...definition.data, folder: 'other' } as ExperimentInput['data'];
    await t.rejects(ran(database, { data }), {
      code: 'ERR_DATA_CHANGED',
      exitCode: 65,
      message: /[0-9a-f]{64}.*[0-9a-f]{64}/,
    });
    const fresh = await ran(database, { data }, { fresh: true });
    t.equal(fresh.result.experimentId, 2);
    t.equal((await ran(database, { data })).result.experimentId, 2, 'now there is a run on this data');
  },
);

t.test(
  'bestmodel.json is made again where it is missing or another run of the database has replaced it',
  async (t) => {
    const database = newDatabase(t);
    const path = bestModelPath(database);
    await ran(database);
    const right = readFileSync(path, 'utf8');
    rmSync(path);
    await ran(database);
    t.equal(readFileSync(path, 'utf8'), right);
    await ran(database, { seed: 9 });
    t.not(readFileSync(path, 'utf8'), right);
    await ran(database);
    t.equal(readFileSync(path, 'utf8'), right);
  },
);

t.test('a model that is not of the database is refused, until it is moved away', async (t) => {
  const database = newDatabase(t);
  const path = bestModelPath(database);
  await ran(database, {}, { lastPhase: 1 });
  const stranger = join(folder, 'stranger', 'results.db');
  await ran(stranger, { seed: 5 });
  const foreign = readModelFile(bestModelPath(stranger));
  writeModelFile(path, foreign);
  await t.rejects(ran(database), {
    code: 'ERR_MODEL_NOT_WINNER',
    exitCode: 65,
    message: foreign.weights.sha256,
  });
  writeFileSync(path, readFileSync(path, 'utf8').replace('"epoch": ', '"epoch": 1'));
  await t.rejects(ran(database), { code: 'ERR_MODEL_FILE', exitCode: 65 });
  rmSync(path);
  t.match((await ran(database)).result.final, { state: 'done', number: 1 });
});

t.test(
  'a trial over its time fails with the reason, is tried again as often as allowed, and the rest goes on',
  async (t) => {
    const database = newDatabase(t);
    const { result, remarks } = await ran(database, {
      training: { epochs: 100_000 },
      space: { learningRate: [0.01], batchSize: [1] },
      final: undefined,
      limits: { trialSeconds: 0.2, retries: 1 },
    });
    t.match(result.trials, [
      { state: 'failed', code: 'ERR_TRIAL_TIME', attempts: 2, reason: /limits\.trialSeconds/ },
    ]);
    t.match(remarks.join(), /tried again/);
    const again = await ran(database, {
      training: { epochs: 100_000 },
      space: { learningRate: [0.01], batchSize: [1] },
      final: undefined,
      limits: { trialSeconds: 0.2 },
    });
    t.same(again.started, [], 'what has failed stays so');
  },
);
