/** The search itself is the same whatever the number of workers, their speed, and when it is cut off. */
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadData } from '../../src/data/dataset.ts';
import { checkDefinition } from '../../src/experiment/check.ts';
import type {
  NetworkExperiment,
  NetworkInput,
  ObjectiveExperiment,
  ObjectiveInput,
} from '../../src/experiment/schema.ts';
import { randomStream } from '../../src/random.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { SweepEvent } from '../../src/sweep/events.ts';
import { networkObjective } from '../../src/sweep/network.ts';
import { prunerOf, searcherOf } from '../../src/sweep/searcher-of.ts';
import { sweep } from '../../src/sweep/sweep.ts';
import { simulatedExecutor } from '../execute/network/simulated-executor.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { type Formula, simulatedSeats } from './simulated-seats.ts';

const steps = 9;

/** Searches that look at results and prune, over spaces of every kind. */
function definitionOf(seed: number): ObjectiveInput {
  const random = randomStream(seed, 'search', 1, 0);
  const pick = <Value>(...values: readonly Value[]) => values[random.below(values.length)] as Value;
  const wide = {
    x: { float: [-2, 2] },
    rate: { float: [1e-4, 1], scale: 'log' },
    kind: ['a', 'b', 'c'],
    ...(pick(true, false) ? { units: { int: [1, 4] } } : {}),
  };
  // So few points that they are proposed again.
  const narrow = { x: [-1.5, 0, 1.5], rate: [0.1, 0.2], kind: ['a', 'b', 'c'] };
  const space = pick<object>(wide, wide, narrow);
  const prune = pick(
    { method: 'asha', minResource: 1, reductionFactor: 3 },
    { method: 'hyperband', minResource: 1, maxResource: steps, reductionFactor: 3 },
    { method: 'median', startupTrials: 2 },
    { method: 'none' },
  );
  return {
    name: `any workers ${seed}`,
    seed,
    objective: { module: './none.mjs' },
    metrics: { loss: pick('minimise', 'maximise') },
    space,
    search: {
      method: pick('tpe', 'random'),
      trials: 24,
      lag: pick(1, 3, 8),
      result: pick('best', 'last'),
      replicates: pick(1, 1, 2),
    },
    prune,
  } as unknown as ObjectiveInput;
}

const formula: Formula = (params, step) => {
  const { x, rate, kind } = params as { x: number; rate: number; kind: string };
  if (kind === 'c' && x > 1 && step > (rate > 0.1 ? 4 : 0)) return undefined;
  if (kind === 'b' && x < -1.2 && step > 2) return Number.NaN;
  return (x - 0.5) ** 2 + rate + 3 / step + (kind === 'a' ? 0 : 0.3);
};

interface Settings {
  readonly seats: number;
  readonly chance: number;
  readonly hurries?: boolean;
  /** Cut off after so many finished trials, again and again. */
  readonly cutAfter?: number;
}

/** All that a search leaves, and all that was decided on its way. */
async function searched(t: Test, seed: number, { seats, chance, hurries = false, cutAfter }: Settings) {
  const experiment = checkDefinition(definitionOf(seed), 'the test') as ObjectiveExperiment;
  const store = openStore(join(t.testdir(), 'results.db'));
  const verdicts = new Set<string>();
  for (let session = 0; ; session++) {
    const stop = new AbortController();
    let finished = 0;
    const onEvent = (event: SweepEvent) => {
      if (event.kind === 'trial judged') verdicts.add(`${event.number} ${event.rung} ${event.verdict}`);
      if (event.kind === 'trial finished' && ++finished === cutAfter) stop.abort();
    };
    const { metrics, search } = experiment;
    const executor = simulatedSeats({ metrics, rankedBy: search.result }, seats, {
      ...{ formula, steps, hurries, chance: chance + session },
    });
    const { trials, state } = await sweep({
      tried: { kind: 'objective', experiment, ingredients: { objectiveHash: 'o'.repeat(64) } },
      ...{ searcher: searcherOf(experiment), pruner: prunerOf(experiment), lag: search.lag },
      ...{ executor, store, signal: stop.signal, onEvent, bestModel: '', lastPhase: 1 },
      ...{ isFresh: false, retriesFailed: false, forcesModel: false },
    });
    if (state === 'stopped') continue;
    const left = trials.map((trial) => {
      const { number, key, params, replicate, state } = trial;
      const ends = 'best' in trial ? { best: trial.best, last: trial.last } : {};
      return { number, key, params, replicate, state, ...ends, reports: store.reports(trial.id) };
    });
    store.close();
    return { left, verdicts: [...verdicts].sort() };
  }
}

// Half of them have found faults: of trials that hurry on, or that fail after reports, cut off or not.
for (const seed of [1, 2, 3, 4, 14, 18, 22, 38]) {
  t.test(
    `search ${seed}: the same trials, prunings and answers with 1, 2, 8 and 64 workers, and cut off`,
    async (t) => {
      const alone = await searched(t, seed, { seats: 1, chance: 1 });
      t.equal(alone.left.length, 24);
      for (const [seats, hurries] of [
        [2, false],
        [8, true],
        [64, false],
        [64, true],
      ] as const) {
        const many = await searched(t, seed, { seats, hurries, chance: seats });
        t.same(many, alone, `${seats} workers that ${hurries ? 'hurry on' : 'wait'}`);
      }
      for (const hurries of [false, true]) {
        const { left } = await searched(t, seed, { seats: 5, hurries, chance: 5, cutAfter: 5 });
        t.same(left, alone.left, 'cut off every 5 trials');
      }
    },
  );
}

const network: NetworkInput = {
  name: 'any threads',
  data: { source: 'idx', folder: 'data', train: [0, 60], validation: [60, 120] },
  model: { hidden: [3] },
  training: { epochs: 9 },
  space: { learningRate: [0.001, 0.01, 0.1, 0.3, 1, 2_000], batchSize: [10, 20, 30] },
  prune: { method: 'asha', minResource: 1, reductionFactor: 3 },
};

t.test('networks pause at rungs and go on, to the same on any number of threads', async (t) => {
  const folder = t.testdir();
  writeTinyIdx(join(folder, 'data'));
  const experiment = checkDefinition(network, 'the test') as NetworkExperiment;
  const data = await loadData(experiment.data, folder);
  const session = async (
    store: Store,
    threads: number,
    onEvent: (event: SweepEvent, stop: () => void) => void,
  ) => {
    const stop = new AbortController();
    return await sweep({
      tried: {
        kind: 'network',
        experiment,
        data,
        ingredients: { dataHash: data.hash, kernelHash: 'k' },
        kernelHashOf: () => 'k',
      },
      executor: simulatedExecutor(threads, networkObjective(experiment, data)),
      ...{ searcher: searcherOf(experiment), pruner: prunerOf(experiment), lag: 16, store },
      onEvent: (event) => onEvent(event, () => stop.abort()),
      ...{ signal: stop.signal, bestModel: join(folder, 'bestmodel.json'), lastPhase: 1 },
      ...{ isFresh: false, retriesFailed: false, forcesModel: false },
    });
  };
  /** @param cutAt what it is cut off at, each seventh time, again and again */
  const trained = async (threads: number, cutAt?: SweepEvent['kind']) => {
    const store = openStore(join(folder, `results-${threads}-${cutAt}.db`));
    let paused = 0;
    let times = 0;
    const pruned = new Set<number>();
    const onEvent = (event: SweepEvent, stop: () => void) => {
      const { kind } = event;
      if (kind === 'trial paused') paused++;
      if (kind === 'trial judged' && event.verdict === 'prune') pruned.add(event.number);
      if (kind === 'trial started' && pruned.has(event.trial.number))
        t.fail(`trial ${event.trial.number} is trained further though it is pruned`);
      // Verdicts are found anew in each session: some must be left alone to get anywhere.
      if (kind === cutAt && ++times % 7 === 0 && times < 300) stop();
    };
    let { trials, state } = await session(store, threads, onEvent);
    while (state === 'stopped') ({ trials, state } = await session(store, threads, onEvent));
    const left = trials.map(({ id, attempts, ...trial }) => ({
      ...{ ...trial, seconds: undefined, reports: store.reports(id), attempts },
    }));
    store.close();
    return { left, paused };
  };
  const alone = await trained(1);
  t.ok(alone.left.some(({ state }) => state === 'pruned'));
  t.ok(
    alone.left.every(({ attempts }) => attempts === 1),
    'to pause is no attempt',
  );
  for (const threads of [2, 5]) t.same((await trained(threads)).left, alone.left);
  const answers = ({ left }: typeof alone) => left.map(({ attempts, ...trial }) => trial);
  for (const cutAt of ['trial paused', 'trial judged', 'trial finished'] as const)
    t.same(answers(await trained(5, cutAt)), answers(alone), `cut off at "${cutAt}"`);
});
