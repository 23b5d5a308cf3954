/**
 * What is measured of an epoch, and what decides a search: one table for every label, unit, direction and column.
 * Not here: which trial is better than another (store/views.sql), how a value is written (report/units.ts).
 */
import type { Metric } from './trial.ts';

/** What is measured; its unit follows from it. */
export type Quantity = 'accuracy' | 'loss';

export interface MetricFacts {
  readonly metric: Metric;
  readonly quantity: Quantity;
  readonly goal: 'maximise' | 'minimise';
  /** What people call the best point of its curve. */
  readonly extreme: 'peak' | 'lowest';
  /** As people say it: `validation accuracy`. */
  readonly title: string;
  /** Where an epoch has it. */
  readonly key: 'evaluationAccuracy' | 'evaluationLoss';
  /** The metric that decides among equals. */
  readonly other: Metric;
}

export const metricFacts = {
  validationAccuracy: {
    metric: 'validationAccuracy',
    quantity: 'accuracy',
    goal: 'maximise',
    extreme: 'peak',
    title: 'validation accuracy',
    key: 'evaluationAccuracy',
    other: 'validationLoss',
  },
  validationLoss: {
    metric: 'validationLoss',
    quantity: 'loss',
    goal: 'minimise',
    extreme: 'lowest',
    title: 'validation loss',
    key: 'evaluationLoss',
    other: 'validationAccuracy',
  },
} as const satisfies Record<Metric, MetricFacts>;

/** Both metrics, the one that decides first. */
export const metricsFrom = (metric: Metric): readonly [MetricFacts, MetricFacts] => [
  metricFacts[metric],
  metricFacts[metricFacts[metric].other],
];

/** Negative where `one` is better by this metric alone, positive where `other` is, 0 where they are equal. */
export const compared = ({ goal }: Pick<MetricFacts, 'goal'>, one: number, other: number): number =>
  goal === 'maximise' ? other - one : one - other;
