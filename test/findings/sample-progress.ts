/** A search of nine trials that is under way. */
import type { ProgressState, RunningTrial } from '../../src/findings/progress-state.ts';
import { networkMetrics } from '../../src/metric.ts';

export const running = (number: number, epoch: number): RunningTrial => ({
  id: number,
  number,
  params: { learningRate: 0.001, batchSize: 128 },
  epoch,
  epochs: 100,
  startedAt: 1_000,
  ...(epoch > 0 && { loss: 0.6123, accuracy: 0.8812 }),
});

export const state: ProgressState = {
  role: 'search',
  trials: 9,
  finished: 3,
  diverged: 0,
  failed: 0,
  metric: 'validationAccuracy',
  folds: 1,
  metrics: networkMetrics('validationAccuracy'),
  epochsPerTrial: 100,
  threads: 2,
  measured: { epochs: 0, seconds: 0 },
  running: [running(4, 50), running(5, 0)],
};
