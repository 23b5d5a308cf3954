/**
 * What a run measures, and which way is better: one table that names, orders, labels and packs what the network reports.
 * Not here: which trial is better than another (store/views.sql), how a value is written (words/units.ts).
 */
import type { Report } from './trial.ts';

/** What a run measures, 1 to 8 of them in order: the first decides, the next with a goal decides among equals. */
export interface Metric {
  readonly name: string;
  readonly goal: 'minimise' | 'maximise' | 'none';
}

/** As many metrics as a run can have: the columns v1 to v8 of the database. */
export const mostMetrics = 8;

/** What can decide a search of networks. */
export type NetworkMetric = 'validationAccuracy' | 'validationLoss';

/** What is measured; its unit follows from it. */
export type Quantity = 'accuracy' | 'loss';

/**
 * What a network reports after an epoch: losses (mean per row, natural logarithm) and accuracies (0 to 1). Evaluation rows are
 * the validation rows of a search and the test rows of a final trial; as a metric they are called validation in both.
 */
export interface EpochMetrics {
  /** Counted from 1. */
  readonly epoch: number;
  readonly trainingLoss: number;
  readonly trainingAccuracy: number;
  readonly evaluationLoss: number;
  readonly evaluationAccuracy: number;
}

export interface MetricFacts {
  readonly metric: NetworkMetric;
  readonly quantity: Quantity;
  readonly goal: 'maximise' | 'minimise';
  /** What people call the best point of its curve. */
  readonly extreme: 'peak' | 'lowest';
  /** As people say it: `validation accuracy`. */
  readonly title: string;
  /** Where an epoch has it. */
  readonly key: 'evaluationAccuracy' | 'evaluationLoss';
  /** The metric that decides among equals. */
  readonly other: NetworkMetric;
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
} as const satisfies Record<NetworkMetric, MetricFacts>;

/** Both metrics that can decide, the one that does first. */
export const metricsFrom = (metric: NetworkMetric): readonly [MetricFacts, MetricFacts] => [
  metricFacts[metric],
  metricFacts[metricFacts[metric].other],
];

/** Negative where `one` is better by this metric alone, positive where `other` is, 0 where they are equal. */
export const compared = ({ goal }: Pick<MetricFacts, 'goal'>, one: number, other: number): number =>
  goal === 'maximise' ? other - one : one - other;

/** As compared(), of reports by all metrics of their run: the first with a goal in which they differ decides. */
export function comparedBy(
  metrics: readonly Metric[],
  { values: one }: Report,
  { values: other }: Report,
): number {
  for (const [index, { goal }] of metrics.entries()) {
    if (goal === 'none') continue;
    const difference = compared({ goal }, one[index] as number, other[index] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

type Measured = Exclude<keyof EpochMetrics, 'epoch'>;

/** The numbers of an epoch in the order in which a training keeps them (float64) in its arena. */
export const measuredColumns = [
  'trainingLoss',
  'trainingAccuracy',
  'evaluationLoss',
  'evaluationAccuracy',
] as const satisfies readonly Measured[];

/** The network's metrics in order, and which number of an epoch each is. */
const networkTable = {
  validationAccuracy: tableOf('validationAccuracy', 'validationLoss', 'trainingAccuracy', 'trainingLoss'),
  validationLoss: tableOf('validationLoss', 'validationAccuracy', 'trainingLoss', 'trainingAccuracy'),
} as const;

function tableOf(...names: readonly (NetworkMetric | 'trainingAccuracy' | 'trainingLoss')[]) {
  const metrics = names.map(
    (name): Metric =>
      Object.freeze({
        name,
        goal: name === 'validationAccuracy' || name === 'validationLoss' ? metricFacts[name].goal : 'none',
      }),
  );
  const keys = names.map(
    (name): Measured =>
      name === 'validationAccuracy' || name === 'validationLoss' ? metricFacts[name].key : name,
  );
  const place = (key: Measured): number => keys.indexOf(key);
  return {
    metrics: Object.freeze(metrics),
    /** Of each metric, its column in the arena. */
    columns: keys.map((key) => measuredColumns.indexOf(key)),
    places: {
      trainingLoss: place('trainingLoss'),
      trainingAccuracy: place('trainingAccuracy'),
      evaluationLoss: place('evaluationLoss'),
      evaluationAccuracy: place('evaluationAccuracy'),
    },
  };
}

/** The metrics of a run of networks that `deciding` decides. */
export const networkMetrics = (deciding: NetworkMetric): readonly Metric[] => networkTable[deciding].metrics;

/** The report of an epoch whose numbers are `measured`, in the order of measuredColumns. */
export const reportOf = (deciding: NetworkMetric, step: number, measured: ArrayLike<number>): Report => ({
  step,
  values: networkTable[deciding].columns.map((column) => measured[column] as number),
});

/** What reportOf() was given. */
export const measuredOf = (deciding: NetworkMetric, { values }: Report): number[] =>
  measuredColumns.map((key) => values[networkTable[deciding].places[key]] as number);

/** The value of the metric at position 1, which decides. */
export const decisive = ({ values }: Report): number => values[0] as number;

/** A network's report, its numbers by their names. */
export function epochOf(deciding: NetworkMetric, { step, values }: Report): EpochMetrics {
  const { trainingLoss, trainingAccuracy, evaluationLoss, evaluationAccuracy } =
    networkTable[deciding].places;
  return {
    epoch: step,
    trainingLoss: values[trainingLoss] as number,
    trainingAccuracy: values[trainingAccuracy] as number,
    evaluationLoss: values[evaluationLoss] as number,
    evaluationAccuracy: values[evaluationAccuracy] as number,
  };
}
