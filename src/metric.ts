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

/** What can decide a search of networks that tell classes, and one of networks that give numbers. */
export type ClassMetric = 'validationAccuracy' | 'validationLoss';
export type NumberMetric = 'validationRmse' | 'validationR2';
export type NetworkMetric = ClassMetric | NumberMetric;

/** What is measured; its unit follows from it. */
export type Quantity = 'accuracy' | 'loss' | 'rmse' | 'r2';

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

/**
 * The same of a network whose outputs are numbers: losses (mean squared error of what it learns, which is scaled), root mean
 * squared errors in the targets' own units, and R2 (1: perfect, 0: as the mean). Of several targets the means.
 */
export interface RegressionMetrics {
  /** Counted from 1. */
  readonly epoch: number;
  readonly trainingLoss: number;
  /** Of several targets the mean of each one's, as is R². */
  readonly trainingRmse: number;
  readonly trainingR2: number;
  readonly evaluationLoss: number;
  readonly evaluationRmse: number;
  readonly evaluationR2: number;
}

/** What networks learn: which class a row is of, or numbers. */
export type Learning = 'classes' | 'numbers';

export interface MetricFacts {
  readonly metric: NetworkMetric;
  /** What networks learn that it decides among. */
  readonly learning: Learning;
  readonly quantity: Quantity;
  readonly goal: 'maximise' | 'minimise';
  /** What people call the best point of its curve. */
  readonly extreme: 'peak' | 'lowest';
  /** The metric that decides among equals. */
  readonly other: NetworkMetric;
}

export const metricFacts = {
  validationAccuracy: {
    metric: 'validationAccuracy',
    ...{ learning: 'classes', quantity: 'accuracy', goal: 'maximise', extreme: 'peak' },
    other: 'validationLoss',
  },
  validationLoss: {
    metric: 'validationLoss',
    ...{ learning: 'classes', quantity: 'loss', goal: 'minimise', extreme: 'lowest' },
    other: 'validationAccuracy',
  },
  validationRmse: {
    metric: 'validationRmse',
    ...{ learning: 'numbers', quantity: 'rmse', goal: 'minimise', extreme: 'lowest' },
    other: 'validationR2',
  },
  validationR2: {
    metric: 'validationR2',
    ...{ learning: 'numbers', quantity: 'r2', goal: 'maximise', extreme: 'peak' },
    other: 'validationRmse',
  },
} as const satisfies { readonly [Metric in NetworkMetric]: MetricFacts & { readonly metric: Metric } };

/** The metrics that may decide among such networks, the default first. */
export const metricsFor = (learning: Learning): readonly NetworkMetric[] =>
  Object.values(metricFacts).flatMap((facts) => (facts.learning === learning ? [facts.metric] : []));

export const networkMetricNames = Object.keys(metricFacts) as readonly NetworkMetric[];

export const isClassMetric = (metric: NetworkMetric): metric is ClassMetric =>
  metricFacts[metric].learning === 'classes';

/** The metric of that name; undefined for any other name. */
export const networkMetric = (name: string): NetworkMetric | undefined =>
  Object.values(metricFacts).find(({ metric }) => metric === name)?.metric;

/** Both metrics that can decide among classes, the one that does first. */
export const metricsFrom = (metric: ClassMetric) =>
  [metricFacts[metric], metricFacts[metricFacts[metric].other]] as const;

/** Negative where `one` is better, positive where `other` is, 0 where they are equal: the first with a goal that differs decides. */
export function comparedBy(
  metrics: readonly Pick<Metric, 'goal'>[],
  { values: one }: Report,
  { values: other }: Report,
): number {
  for (let place = 0; place < metrics.length; place++) {
    const goal = metrics[place]?.goal;
    const difference = (one[place] as number) - (other[place] as number);
    if (goal !== 'none' && difference !== 0) return goal === 'maximise' ? -difference : difference;
  }
  return 0;
}

type Measured = Exclude<keyof EpochMetrics | keyof RegressionMetrics, 'epoch'>;

/** The numbers of an epoch in the order in which a training keeps them (float64) in its arena. */
export const measuredColumns = {
  classes: ['trainingLoss', 'trainingAccuracy', 'evaluationLoss', 'evaluationAccuracy'],
  numbers: [
    ...(['trainingLoss', 'trainingRmse', 'trainingR2'] as const),
    ...(['evaluationLoss', 'evaluationRmse', 'evaluationR2'] as const),
  ],
} as const satisfies Record<Learning, readonly Measured[]>;

/** The network's metrics in order, and which number of an epoch each is. */
const networkTable = {
  validationAccuracy: tableOf('classes', 'accuracy', 'loss'),
  validationLoss: tableOf('classes', 'loss', 'accuracy'),
  validationRmse: tableOf('numbers', 'rmse', 'r2', 'loss'),
  validationR2: tableOf('numbers', 'r2', 'rmse', 'loss'),
} as const;

/** Of the evaluation rows in this order, which have a goal, and then of the training rows. */
function tableOf(learning: Learning, ...quantities: readonly Quantity[]) {
  const metrics = (['validation', 'training'] as const).flatMap((rows) =>
    quantities.map((quantity): Metric => {
      const goal = quantity === 'accuracy' || quantity === 'r2' ? 'maximise' : 'minimise';
      return Object.freeze({
        name: `${rows}${capital(quantity)}`,
        goal: rows === 'validation' ? goal : 'none',
      });
    }),
  );
  const keys = metrics.map(({ name }) => name.replace('validation', 'evaluation') as Measured);
  const measured: readonly Measured[] = measuredColumns[learning];
  return {
    metrics: Object.freeze(metrics),
    measured,
    /** Of each metric, its column in the arena. */
    columns: keys.map((key) => measured.indexOf(key)),
    /** Of each column in the arena, its place in a report. */
    places: measured.map((key) => keys.indexOf(key)),
  };
}

function capital(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
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
  networkTable[deciding].places.map((place) => values[place] as number);

/** The value of the metric at position 1, which decides. */
export const decisive = ({ values }: Report): number => values[0] as number;

/** A network's report, its numbers by their names. */
export function epochOf(deciding: ClassMetric, report: Report): EpochMetrics;
export function epochOf(deciding: NumberMetric, report: Report): RegressionMetrics;
export function epochOf(deciding: NetworkMetric, report: Report): EpochMetrics | RegressionMetrics;
export function epochOf(deciding: NetworkMetric, { step, values }: Report): EpochMetrics | RegressionMetrics {
  const { measured, places } = networkTable[deciding];
  const named = measured.map((key, column) => [key, values[places[column] as number]]);
  return { epoch: step, ...Object.fromEntries(named) } as EpochMetrics | RegressionMetrics;
}
