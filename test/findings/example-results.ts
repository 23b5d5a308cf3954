/** An experiment in memory, as large as a test wants; nothing in it was trained. */
import { networkShape } from '../../src/experiment/schema.ts';
import { networkMetrics } from '../../src/metric.ts';
import type { NetworkRun, Results, TrialSpan } from '../../src/store/results.ts';
import type { Report, TrainedWeights, Trial } from '../../src/trial.ts';
import { combinationsByRule } from '../contracts/ranking-contract.ts';
import { done as doneTrial, row } from './sample-trials.ts';

export const definition = networkShape().parse({
  name: 'example',
  data: { source: 'mnist', train: [0, 100], validation: [200, 280], test: [0, 100] },
  model: { hidden: [20] },
  training: { epochs: 10 },
  space: { learningRate: [0.1], batchSize: [10] },
  final: { epochs: 10 },
  published: { validationAccuracy: 0.84, testAccuracy: 0.75 },
});

export const experiment = (changes: Partial<NetworkRun> = {}): NetworkRun => ({
  id: 1,
  name: 'example',
  definition: JSON.stringify(definition),
  definitionHash: 'd'.repeat(64),
  dataHash: 'e'.repeat(64),
  kernelHash: 'f'.repeat(64),
  seed: 1,
  metric: 'validationAccuracy',
  metrics: networkMetrics(changes.metric ?? 'validationAccuracy'),
  objectiveHash: null,
  encoding: null,
  createdAt: '2026-01-02T03:04:05.678Z',
  state: 'done',
  seconds: 12.5,
  ...changes,
});

/** Trial `number`: learning rates 1, 2, 10, 100 thousandths in turn, accuracies that fall with the number. */
export function trial(number: number, changes: Partial<Trial> = {}): Trial {
  const learningRate = [0.001, 0.002, 0.01, 0.1][number % 4] as number;
  const params = { learningRate, batchSize: 128 * (1 + (Math.floor(number / 4) % 3)) };
  const best = row(8, 0.95 - 0.01 * Math.min(number, 60), 0.3 + 0.01 * Math.min(number, 60));
  return {
    ...doneTrial,
    id: number,
    number,
    params,
    best,
    last: { ...best, step: 10 },
    ...changes,
  } as Trial;
}

/** Phase 1 in the order of `trials`, which is also their rank. */
export function resultsOf(
  trials: readonly Trial[],
  more: { spans?: TrialSpan[]; weights?: TrainedWeights; curve?: (id: number) => Report[] } = {},
): Results {
  const curve =
    more.curve ??
    ((id: number) =>
      curveOf(
        id,
        trials.find((found) => found.id === id),
      ));
  const searched = trials.filter(({ role }) => role === 'search');
  return {
    experiments: () => [experiment()],
    latestExperiment: () => experiment(),
    trials: () => [...trials],
    ranked: () => searched,
    winner: () => searched.find((trial) => trial.state === 'done'),
    combinations: () => combinationsByRule(searched, 'validationAccuracy'),
    copies: () => new Map(),
    finalTrial: () => trials.find(({ role }) => role === 'final'),
    trial: (id) => trials.find((found) => found.id === id) as Trial,
    reports: curve,
    artifact: () => undefined,
    log: () => undefined,
    table: () => ({ columns: [], rows: [] }),
    weights: () => more.weights,
    // Of 80 validation rows, trial n gets row n wrong, and nothing else.
    correct: (id) => {
      const bits = new Uint8Array(10).fill(255);
      bits[(id >> 3) % 10] = 255 ^ (1 << (id & 7));
      return bits;
    },
    spans: () => more.spans ?? [],
    sessions: () =>
      more.spans === undefined
        ? []
        : [{ id: 1, startedAt: '2026-01-02T03:04:05.678Z', threads: 4, seconds: 1e4 }],
    machines: () => [],
    stints: () => [],
    close: () => {},
  };
}

function curveOf(id: number, found: Trial | undefined): Report[] {
  if (found?.state !== 'done' && found?.state !== 'diverged') return [];
  const epochs = found.state === 'done' ? 10 : found.step - 1;
  return Array.from({ length: epochs }, (_, i) =>
    row(i + 1, 0.9 - 0.5 / (i + 1) - 0.001 * (id % 50), 3 / (i + 1)),
  );
}
