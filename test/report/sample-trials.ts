/** Trials and curves for the tests of report/. */
import type { DoneTrial, EpochMetrics, Trial } from '../../src/trial.ts';

export const row = (epoch: number, accuracy = 0.9, loss = 0.5): EpochMetrics => ({
  epoch,
  trainingLoss: loss / 2,
  trainingAccuracy: accuracy + 0.05,
  evaluationLoss: loss,
  evaluationAccuracy: accuracy,
});

const spec = { id: 1, phase: 1, key: 'k', replicate: 0, attempts: 1 } as const;

export const done: DoneTrial = {
  ...spec,
  number: 4,
  params: { learningRate: 0.001, batchSize: 128 },
  state: 'done',
  best: row(87, 0.90321, 0.61237),
  last: row(100, 0.9),
  seconds: 3.2123,
  weightsSha256: 'ab12cd34'.repeat(8),
  lastWeightsSha256: 'ef56'.repeat(16),
};

export const diverged: Trial = {
  ...spec,
  number: 9,
  params: { learningRate: 0.01, batchSize: 384 },
  state: 'diverged',
  epoch: 7,
  seconds: 0.4,
};

export const failed: Trial = {
  ...spec,
  number: 5,
  params: { learningRate: 0.5, batchSize: 256 },
  state: 'failed',
  code: 'ERR_X',
  reason: 'a|b\n\u001b[31mred <b>',
  seconds: 0.1,
};
