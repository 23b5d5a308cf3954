/** Experiments, trials and results to store in tests; nothing in them was trained. */

import { measuredOf, type NetworkMetric, networkMetrics, reportOf } from '../../src/metric.ts';
import type { NewExperiment } from '../../src/store/results.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { parameterCount } from '../../src/train/model.ts';
import { weightsSha256 } from '../../src/train/weights-hash.ts';
import type {
  Checkpoint,
  Report,
  Role,
  TrainedWeights,
  TrialOutcome,
  TrialResult,
  TrialSpec,
} from '../../src/trial.ts';

/** Fits the weights of result(). */
export const encoding = { kind: 'pictures', rows: 1, columns: 3, pixels: '0-1' } as const;

export const experiment = (metric: NetworkMetric = 'validationAccuracy', name = 'paper'): NewExperiment => ({
  name,
  definition: JSON.stringify({ name, seed: 1 }),
  definitionHash: 'd'.repeat(64),
  dataHash: 'e'.repeat(64),
  kernelHash: 'f'.repeat(64),
  encoding: JSON.stringify(encoding),
  seed: 4_294_967_295,
  metric,
  metrics: networkMetrics(metric),
  objectiveHash: null,
  createdAt: '2026-01-02T03:04:05.678Z',
});

export const spec = (number: number, role: Role = 'search'): TrialSpec => ({
  number,
  role,
  key: `key ${role}.${number}`,
  replicate: 0,
  params: { learningRate: 0.1 / number, batchSize: 128 * number },
});

/** The report of an epoch, by a run's metrics. */
export const report = (step: number, evaluationAccuracy = 0.5, evaluationLoss = 1 / 3): Report =>
  reportOf('validationAccuracy', step, [0.1 + 0.2, 0.75, evaluationLoss, evaluationAccuracy]);

export function weights(sizes: readonly number[], value: (index: number) => number): TrainedWeights {
  const parameters = Float32Array.from({ length: parameterCount(sizes) }, (_, index) => value(index));
  return { sizes, parameters, sha256: weightsSha256(parameters) };
}

/** Two epochs, of which the first is the best. */
export function result(evaluationAccuracy = 0.5, evaluationLoss = 1 / 3): TrialResult {
  const best = report(1, evaluationAccuracy, evaluationLoss);
  const last = report(2, evaluationAccuracy / 2, evaluationLoss * 2);
  const correct = Uint8Array.of(0b0000_0101);
  return {
    reports: [best, last],
    best,
    last,
    artifacts: [
      { kind: 'network', name: 'best', weights: weights([3, 2, 1], (index) => index / 7), correct },
      { kind: 'network', name: 'last', weights: weights([3, 2, 1], (index) => -index / 9) },
    ],
    spans: [{ thread: 0, from: 0.5, to: 1.75 }],
    seconds: 1.25,
  };
}

export const done = (evaluationAccuracy?: number, evaluationLoss?: number): TrialOutcome => ({
  state: 'done',
  result: result(evaluationAccuracy, evaluationLoss),
});

export const diverged: TrialOutcome = {
  state: 'diverged',
  step: 2,
  reports: [report(1, 1, 0)],
  seconds: 0.5,
};
export const failed: TrialOutcome = {
  state: 'failed',
  code: 'ERR_WORKER',
  reason: 'the thread ended',
  reports: [],
  seconds: 0.25,
};
const checkpoint: Checkpoint = { step: 0, reports: [], bytes: new Uint8Array(0) };
export const stopped: TrialOutcome = { state: 'stopped', checkpoint, seconds: 2 };

/** `outcome`, whose reports are by validation accuracy, as a run that `metric` decides has it. */
export function reordered(outcome: TrialOutcome, metric: NetworkMetric): TrialOutcome {
  const inOrder = ({ step, values }: Report) =>
    reportOf(metric, step, measuredOf('validationAccuracy', { step, values }));
  if (outcome.state !== 'done') return outcome;
  const { reports, best, last } = outcome.result;
  const result = { reports: reports.map(inOrder), best: inOrder(best), last: inOrder(last) };
  return { ...outcome, result: { ...outcome.result, ...result } };
}

/** Adds an experiment whose trials of phase 1 ended like `outcomes`, in order; returns the ids. */
export function addExperiment(
  store: Store,
  outcomes: readonly TrialOutcome[],
  metric?: NetworkMetric,
  name?: string,
) {
  const experimentId = store.beginExperiment(experiment(metric, name));
  store.addTrials(
    experimentId,
    outcomes.map((_, index) => spec(index + 1)),
  );
  const trialIds = store.trials(experimentId).map(({ id }) => id);
  for (const [index, outcome] of outcomes.entries()) {
    const id = trialIds[index] as number;
    store.startAttempt(id);
    store.finish(id, metric === undefined ? outcome : reordered(outcome, metric));
  }
  return { experimentId, trialIds };
}

/** A new store at `folder`/results.db with one experiment. */
export function storeWith(folder: string, outcomes: readonly TrialOutcome[], metric?: NetworkMetric) {
  const path = `${folder}/results.db`;
  const store = openStore(path);
  return { path, store, ...addExperiment(store, outcomes, metric) };
}
