/** What several tests of figures draw: a grid that is done, and time lines. */
import type { Figure } from '../../src/figures/figure.ts';
import { timeLineFigure } from '../../src/figures/time-line.ts';
import type { TimedTrial } from '../../src/figures/time-line-bars.ts';
import type { RecordedTime } from '../../src/findings/time-line.ts';
import { networkMetrics } from '../../src/metric.ts';
import type { Session } from '../../src/store/results.ts';
import type { DoneTrial } from '../../src/trial.ts';
import { networksBy, triedBy } from '../../src/words/measures.ts';
import { trial } from '../findings/example-results.ts';

export const defined = (figure: Figure | undefined): Figure => {
  if (figure === undefined) throw new Error('there is no figure');
  return figure;
};

/** A grid whose values come in no order, the best first. */
export const grid = [16, 128, 4]
  .flatMap((batchSize) => [0.1, 0.001, 0.01].map((learningRate) => ({ learningRate, batchSize })))
  .map((params, i) => trial(i + 1, { params }) as DoneTrial);

export const timeLine = (trials: ReadonlyMap<number, TimedTrial>, recorded: RecordedTime) =>
  timeLineFigure(trials, recorded, { tried: networksBy('validationAccuracy'), space: undefined });

export const session = (id: number, more: Pick<Session, 'threads' | 'seconds'>): Session => ({
  ...{ id, startedAt: '2026-01-02T03:04:05.000Z' },
  ...more,
});

/** Where each combination is tried on two folds. */
export const overFolds = triedBy({
  ...{ metric: 'validationAccuracy', metrics: networkMetrics('validationAccuracy') },
  definition: '{"data":{"folds":2}}',
});
