/** Trials and curves for the tests of what people read. */
import { type EpochMetrics, epochOf, measuredOf, reportOf } from '../../src/metric.ts';
import type { DoneTrial, Report, Trial } from '../../src/trial.ts';

/** The report of an epoch of a run that validationAccuracy decides. */
export const row = (epoch: number, accuracy = 0.9, loss = 0.5): Report =>
  reportOf('validationAccuracy', epoch, [loss / 2, accuracy + 0.05, loss, accuracy]);

/** The same, its numbers by their names. */
export const named = (report: Report): EpochMetrics => epochOf('validationAccuracy', report);

/** A report as a run that validationLoss decides has it. */
export const byLoss = (report: Report): Report =>
  reportOf('validationLoss', report.step, measuredOf('validationAccuracy', report));

/** As byLoss(), of a trial's reports. */
export const trialByLoss = <Kind extends Trial>(trial: Kind): Kind =>
  'best' in trial ? { ...trial, best: byLoss(trial.best), last: byLoss(trial.last) } : trial;

const spec = { id: 1, role: 'search', key: 'k', replicate: 0, attempts: 1 } as const;

export const done: DoneTrial = {
  ...spec,
  number: 4,
  params: { learningRate: 0.001, batchSize: 128 },
  state: 'done',
  best: row(87, 0.90321, 0.61237),
  last: row(100, 0.9),
  seconds: 3.2123,
  artifacts: { best: 'ab12cd34'.repeat(8), last: 'ef56'.repeat(16) },
};

export const diverged: Trial = {
  ...spec,
  number: 9,
  params: { learningRate: 0.01, batchSize: 384 },
  state: 'diverged',
  step: 7,
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
