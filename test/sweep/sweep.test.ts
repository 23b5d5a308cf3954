import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadData } from '../../src/data/dataset.ts';
import { checkDefinition } from '../../src/experiment/check.ts';
import type {
  NetworkExperiment as Experiment,
  NetworkInput as ExperimentInput,
} from '../../src/experiment/schema.ts';
import { type EpochMetrics, epochOf } from '../../src/metric.ts';
import { readModelFile } from '../../src/model/model-file.ts';
import { bestModelPath } from '../../src/store/database-file.ts';
import { openReadOnly, type ReadOnlyResults } from '../../src/store/open-results.ts';
import type { SweepEvent } from '../../src/sweep/events.ts';
import { type NetworkIngredients, trialKey } from '../../src/sweep/identity.ts';
import { runExperiment } from '../../src/sweep/run-experiment.ts';
import type { RunOptions } from '../../src/sweep/run-options.ts';
import type { SweepResult } from '../../src/sweep/sweep.ts';
import { initialParameters } from '../../src/train/initial-weights.ts';
import type { Steps } from '../../src/train/train.ts';
import type { DoneTrial, Report, Trial } from '../../src/trial.ts';
import { idxBytes, writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { planFor, type Trained, trainHere } from '../train/in-process.ts';

/** The paper in small: 3 x 3 combinations, both phases. */
const definition: ExperimentInput = {
  name: 'small paper',
  seed: 3,
  data: { source: 'idx', folder: 'data', train: [0, 60], validation: [60, 120], test: [0, 60] },
  model: { hidden: [6] },
  training: { epochs: 6 },
  space: { learningRate: [0.001, 0.02, 0.3], batchSize: [7, 16, 60] },
  final: { epochs: 5 },
};
const define = (changes: Partial<ExperimentInput> = {}): Experiment =>
  checkDefinition({ ...definition, ...changes }, 'the test');

const folder = t.testdir();
writeTinyIdx(join(folder, 'data'));

const load = () => loadData(define().data, folder);

const byAccuracy = (a: EpochMetrics, b: EpochMetrics) => b.evaluationAccuracy - a.evaluationAccuracy;
const byLoss = (a: EpochMetrics, b: EpochMetrics) => a.evaluationLoss - b.evaluationLoss;

/** Every fifth label is wrong, so that a network becomes less sure of the right ones than it is accurate. */
const noisy: Partial<ExperimentInput> = {
  seed: 4,
  data: { source: 'idx', folder: 'noisy', train: [0, 60], validation: [60, 120] },
  training: { epochs: 20 },
  final: undefined,
};
const { train: pictures } = writeTinyIdx(join(folder, 'noisy'));
const wrongLabels = pictures.labels.map((label, row) => (row % 5 === 0 ? (label + 1) % 3 : label));
writeFileSync(join(folder, 'noisy', 'train-labels-idx1-ubyte'), idxBytes(0x801, [120], wrongLabels));

interface Ran {
  readonly result: SweepResult;
  readonly results: ReadOnlyResults;
  readonly database: string;
  readonly events: readonly SweepEvent[];
}

/** Runs an experiment into a database of its own. */
async function ran(
  t: Test,
  changes: Partial<ExperimentInput> = {},
  options: Partial<RunOptions> = {},
): Promise<Ran> {
  const database = options.database ?? join(t.testdir(), 'results.db');
  const events: SweepEvent[] = [];
  const onEvent = (event: SweepEvent) => events.push(event);
  const experiment = define(changes);
  const result = await runExperiment({
    experiment,
    baseFolder: folder,
    database,
    threads: 2,
    onEvent,
    ...options,
  });
  const results = openReadOnly(database);
  t.teardown(() => results.close());
  return { result, results, database, events };
}

function done(trial: Trial | undefined): DoneTrial {
  if (trial?.state !== 'done') throw new Error(`The trial is ${trial?.state}.`);
  return trial;
}

/** One run of the definition as it is, for tests that only look. */
const plainRun = await ran(t, {}, { database: join(folder, 'results.db') });

/** A space whose only trial is so steep that its best epoch is not its last. */
const steep: Partial<ExperimentInput> = { space: { learningRate: [0.3], batchSize: [60] } };

/** All that a run's answer consists of: no ids, times or seconds. */
const answerOf = ({ result, results, database }: Ran) => ({
  trials: [...result.trials, result.final].map((trial) => {
    const { id, key, params, best, last, artifacts } = done(trial);
    return { key, params, best, last, artifacts, curve: results.reports(id) };
  }),
  winner: result.winner?.number,
  bestModel: readFileSync(bestModelPath(database), 'utf8'),
});

t.test('weights and curves of all trials are the same with 1, 2 and 4 threads and in two runs', async (t) => {
  const answers: ReturnType<typeof answerOf>[] = [];
  for (const threads of [1, 2, 4, 2]) {
    await t.test(`${threads} threads`, async (t) => {
      answers.push(answerOf(await ran(t, {}, { threads })));
    });
  }
  const [first, ...others] = answers;
  for (const other of others) t.same(other, first);
  const hashes = first?.trials.map(({ artifacts }) => artifacts.best);
  t.equal(new Set(hashes).size, 10, 'nine combinations and the final training, all different');
});

t.test('each trial has the bits of a training in this process', async (t) => {
  const { result, results } = plainRun;
  const data = await load();
  for (const trial of result.trials) {
    const { params, artifacts } = done(trial);
    const plan = planFor(data, { hidden: [6], params: params as unknown as Steps, epochs: 6, seed: 3 });
    const start = initialParameters(plan.sizes, 'xavier-uniform', 3, 0);
    isTraining(t, trainHere(data, plan, start), { artifacts }, results.reports(trial.id));
  }
});

t.test('trials are numbered as the grid enumerates them, and events come in order', async (t) => {
  const { result, events } = plainRun;
  const { learningRate, batchSize } = definition.space as Record<
    'learningRate' | 'batchSize',
    readonly number[]
  >;
  t.same(
    result.trials.map(({ number, params }) => [number, params['learningRate'], params['batchSize']]),
    learningRate.flatMap((rate, i) => batchSize.map((size, j) => [3 * i + j + 1, rate, size])),
  );
  const kinds = events.map((event) => ('trial' in event ? `${event.kind} ${event.trial.role}` : event.kind));
  t.equal(kinds[0], 'phase started');
  t.same(kinds.slice(-4), ['winner search', 'phase started', 'trial started final', 'trial finished final']);
  t.equal(kinds.filter((kind) => kind === 'trial finished search').length, 9);
});

t.test('a trial told as finished is in the store', async (t) => {
  const database = join(t.testdir(), 'results.db');
  const told: Trial[] = [];
  const seen: Trial[] = [];
  const onEvent = (event: SweepEvent) => {
    if (event.kind !== 'trial finished') return;
    const results = openReadOnly(database);
    told.push(event.trial);
    seen.push(results.trial(event.trial.id));
    results.close();
  };
  await runExperiment({ experiment: define(), baseFolder: folder, database, threads: 2, onEvent });
  t.equal(told.length, 10);
  t.same(seen, told);
  t.ok(seen.every(({ state }) => state === 'done'));
});

t.test('bestmodel.json holds exactly the bits of the winner', async (t) => {
  const { result, results, database } = await ran(t, steep);
  const winner = done(result.winner);
  t.ok(winner.best.step < winner.last.step, 'the best weights are not the last ones');
  const { weights, provenance } = readModelFile(bestModelPath(database));
  t.equal(weights.sha256, winner.artifacts.best);
  t.same(weights, results.weights(winner.id, 'best'));
  t.match(provenance, {
    trial: winner.number,
    key: winner.key,
    params: winner.params,
    epoch: winner.best.step,
    validationAccuracy: winner.best.values[0],
    validationLoss: winner.best.values[1],
  });
});

t.test('phase 2 trains exactly the bits of bestmodel.json on training and validation rows', async (t) => {
  const { result, results, database } = await ran(t, steep);
  const { params } = done(result.winner);
  const final = done(result.final);
  t.same(final.params, params);
  const { weights } = readModelFile(bestModelPath(database));
  const data = await load();
  const plan = {
    ...planFor(data, {
      hidden: [6],
      params: params as unknown as Steps,
      epochs: 5,
      seed: 3,
      orderPurpose: 'final row order',
    }),
    training: { from: 0, to: 120 },
    evaluation: { from: 120, to: 180 },
  };
  isTraining(t, trainHere(data, plan, weights.parameters), final, results.reports(final.id));
});

t.test(
  'explicit weights, denormals too, come through both phases bit by bit where no step moves them',
  async (t) => {
    const tiny = 2 ** -149;
    const layer = {
      weights: Array.from({ length: 64 }, () => [tiny, -tiny, -0.25]),
      biases: [3 * tiny, -tiny, 0.5],
    };
    const { database, result } = await ran(t, {
      model: { hidden: [], initialWeights: { layers: [layer] } },
      // Each step rounds to 0, which no number but -0 shows.
      training: { epochs: 2, reduction: 'mean' },
      space: { learningRate: [tiny], batchSize: [60] },
    });
    const { parameters, sha256 } = readModelFile(bestModelPath(database)).weights;
    const start = Float32Array.from([...layer.weights.flat(), ...layer.biases]);
    t.same(Buffer.from(parameters.buffer), Buffer.from(start.buffer));
    t.equal(done(result.final).artifacts.last, sha256);
  },
);

t.test("phase 2's key is that of the weights it starts from", async (t) => {
  const { result, results } = plainRun;
  const { params, replicate, artifacts } = done(result.winner);
  const [ran] = results.experiments();
  const tried = { kind: 'network', experiment: define(), ingredients: ran as NetworkIngredients } as const;
  const keyFrom = (start: string) => trialKey(tried, 'final', { params, replicate }, start);
  t.equal(result.final?.key, keyFrom(artifacts.best ?? ''));
  t.not(result.final?.key, keyFrom('0'.repeat(64)));
});

t.test('labels of validation and test rows are read as those of training rows are', async (t) => {
  const copies = t.testdir();
  const { train } = writeTinyIdx(join(copies, 'data'), { train: 60 });
  const twice = (bytes: Uint8Array) => Buffer.concat([bytes, bytes]);
  const [images, labels] = [twice(train.pixels), twice(train.labels)];
  for (const name of ['train', 't10k']) {
    writeFileSync(join(copies, 'data', `${name}-images-idx3-ubyte`), idxBytes(0x803, [120, 8, 8], images));
    writeFileSync(join(copies, 'data', `${name}-labels-idx1-ubyte`), idxBytes(0x801, [120], labels));
  }
  const database = join(copies, 'results.db');
  const data = { ...definition.data, test: [0, 120] } as const;
  const result = await runExperiment({
    experiment: define({ data }),
    baseFolder: copies,
    database,
    threads: 2,
  });
  const results = openReadOnly(database);
  t.teardown(() => results.close());
  for (const trial of [...result.trials, done(result.final)]) {
    for (const report of results.reports(trial.id)) {
      const epoch = epochOf('validationAccuracy', report);
      t.equal(epoch.evaluationLoss, epoch.trainingLoss);
      t.equal(epoch.evaluationAccuracy, epoch.trainingAccuracy);
    }
  }
});

const winners: unknown[] = [];

for (const [metric, first, second] of [
  ['validationAccuracy', byAccuracy, byLoss],
  ['validationLoss', byLoss, byAccuracy],
] as const) {
  t.test(`the winner is the best trial by ${metric}`, async (t) => {
    const { result } = await ran(t, { search: { metric }, ...noisy });
    const sorted = result.trials
      .map(done)
      .toSorted(
        (a, b) =>
          first(epochOf(metric, a.best), epochOf(metric, b.best)) ||
          second(epochOf(metric, a.best), epochOf(metric, b.best)),
      );
    t.same(result.winner, sorted[0]);
    t.same(result.ranked, sorted);
    winners.push(sorted[0]?.number);
  });
}

t.test('each metric chooses a winner of its own there', async (t) => {
  t.equal(new Set(winners).size, 2);
});

t.test('--phase 1 stops before phase 2, with bestmodel.json written', async (t) => {
  const { result, database, events } = await ran(t, {}, { lastPhase: 1 });
  t.equal(result.final, undefined);
  t.equal(result.state, 'done');
  t.equal(readModelFile(bestModelPath(database)).weights.sha256, done(result.winner).artifacts.best);
  t.notOk(events.some((event) => event.kind === 'phase started' && event.role === 'final'));
});

t.test('a definition without a final training or test rows ends with phase 1', async (t) => {
  const data = { source: 'idx', folder: 'data', train: [0, 60], validation: [60, 120] } as const;
  const { result, database } = await ran(t, { data, final: undefined });
  t.equal(result.final, undefined);
  t.equal(result.trials.length, 9);
  t.ok(existsSync(bestModelPath(database)));
});

t.test('where every trial diverges there is no winner, no bestmodel.json and no phase 2', async (t) => {
  const { result, results, database, events } = await ran(t, {
    training: { epochs: 4, penalty: 'l2', lambda: 1 },
    space: { learningRate: [1e30, 1e35], batchSize: [7, 60] },
  });
  t.same([result.winner, result.final, result.state], [undefined, undefined, 'done']);
  t.same(
    result.trials.map(({ state }) => state),
    new Array(4).fill('diverged'),
  );
  t.equal(result.ranked.length, 4);
  t.notOk(existsSync(bestModelPath(database)));
  t.notOk(events.some(({ kind }) => kind === 'winner'));
  for (const trial of result.trials) {
    if (trial.state === 'diverged') t.equal(results.reports(trial.id).length, trial.step - 1);
    t.equal(results.weights(trial.id, 'best'), undefined);
  }
});

t.test('a trial that diverges does not keep the others from winning', async (t) => {
  const training = { epochs: 4, penalty: 'l2', lambda: 1e-3 } as const;
  const { result } = await ran(t, { training, space: { learningRate: [1e35, 0.02], batchSize: [7] } });
  t.match(result.trials, [{ state: 'diverged' }, { state: 'done' }]);
  t.equal(result.winner?.number, 2);
  t.equal(result.ranked.at(-1)?.number, 1);
  t.equal(result.final?.state, 'done');
});

t.test('replicates train each combination from other weights and in other orders of rows', async (t) => {
  const space = { learningRate: [0.02, 0.1], batchSize: [16] };
  const { result, results } = await ran(t, { space, search: { replicates: 3 } });
  t.same(
    result.trials.map(({ params, replicate }) => [params['learningRate'], replicate]),
    [0.02, 0.1].flatMap((rate) => [0, 1, 2].map((replicate) => [rate, replicate])),
  );
  t.equal(new Set(result.trials.map((trial) => done(trial).artifacts.best)).size, 6);
  t.equal(new Set(result.trials.map(({ key }) => key)).size, 6);
  t.equal(result.final?.replicate, result.winner?.replicate);

  const single = await ran(t, { space });
  const [first, , , fourth] = result.trials;
  t.same(
    single.result.trials.map((trial) => done(trial).artifacts.best),
    [first, fourth].map((trial) => done(trial).artifacts.best),
    'replicate 0 is what it is without the others',
  );
  t.same(single.results.reports(1), results.reports(1));
});

t.test('a signal stops the running trials, starts no others and leaves no winner behind', async (t) => {
  const stop = new AbortController();
  const { result, database } = await ran(
    t,
    { training: { epochs: 100_000 } },
    { signal: stop.signal, onEvent: ({ kind }) => kind === 'trial started' && stop.abort() },
  );
  t.equal(result.state, 'stopped');
  t.same([result.winner, result.final], [undefined, undefined]);
  t.same([...new Set(result.trials.map(({ state }) => state))].sort(), ['stopped', 'waiting']);
  t.notOk(existsSync(bestModelPath(database)));
});

t.test(
  'too many trials, a memory too small and a model too large are refused before anything is recorded',
  async (t) => {
    const database = join(t.testdir(), 'results.db');
    const options = { baseFolder: folder, database, threads: 1 };
    await t.rejects(runExperiment({ ...options, experiment: define(), maxTrials: 8 }), {
      code: 'ERR_TOO_MANY_TRIALS',
    });
    const wide = define({ model: { hidden: [6_000, 6_000] } });
    await t.rejects(runExperiment({ ...options, threads: 8, experiment: wide }), { code: 'ERR_MEMORY' });
    const wider = define({ model: { hidden: [40_000, 40_000] } });
    await t.rejects(runExperiment({ ...options, experiment: wider }), { code: 'ERR_MODEL_TOO_LARGE' });
    t.notOk(existsSync(database));
  },
);

function isTraining(
  t: Test,
  { curve, best, last }: Trained,
  stored: Pick<DoneTrial, 'artifacts'>,
  storedCurve: readonly Report[],
): void {
  t.same(
    storedCurve.map((report) => epochOf('validationAccuracy', report)),
    curve,
  );
  t.equal(stored.artifacts.best, best.sha256);
  t.equal(stored.artifacts.last, last.sha256);
}
