/** How an experiment's definition becomes the plan of one training. */
import type { LoadedData } from '../data/dataset.ts';
import { errors } from '../errors.ts';
import type { NetworkExperiment as Experiment } from '../experiment/schema.ts';
import type { PlanShape } from '../pool/memory.ts';
import type { Point } from '../search/searcher.ts';
import type { TrainingPlan } from '../train/train.ts';
import type { Phase } from '../trial.ts';
import { defaultMaxTrials } from './max-trials.ts';

/** Units of each layer, the input first. */
export const layerSizes = ({ model }: Experiment, { inputs, classes }: LoadedData): number[] => [
  inputs,
  ...model.hidden,
  classes,
];

/** What phase 2 trains on: training and validation rows lie side by side. */
const finalRows = ({ training, validation }: LoadedData) => ({ from: training.from, to: validation.to });

/** The plan of one training in either phase; phase 2 measures on the test rows, which choose nothing. */
export function trainingPlan(
  experiment: Experiment,
  data: LoadedData,
  phase: Phase,
  point: Point,
): TrainingPlan {
  const { training, search, final, seed } = experiment;
  const { reduction, penalty, lambda, rowOrder } = training;
  const common = {
    sizes: layerSizes(experiment, data),
    reduction,
    penalty,
    lambda,
    rowOrder,
    seed,
    ...point,
  };
  switch (phase) {
    case 1:
      return {
        ...common,
        training: data.training,
        evaluation: data.validation,
        epochs: training.epochs,
        orderPurpose: 'row order',
        bestBy: search.metric,
        modelEpoch: 'best',
      };
    case 2:
      if (final === undefined || data.test === undefined)
        throw new Error('There is no final training to plan.');
      return {
        ...common,
        training: finalRows(data),
        evaluation: data.test,
        epochs: final.epochs,
        orderPurpose: 'final row order',
        bestBy: search.metric,
        modelEpoch: 'last',
      };
    default:
      return phase satisfies never;
  }
}

/** The largest training of each phase, to size the shared memory by. */
export function planShapes(experiment: Experiment, data: LoadedData): PlanShape[] {
  // By a loop: an axis can have more values than a call has arguments.
  const batchSize = experiment.space.batchSize.reduce((largest, size) => Math.max(largest, size));
  const point = { params: { learningRate: 1, batchSize }, replicate: 0 };
  const phases: Phase[] = experiment.final === undefined ? [1] : [1, 2];
  return phases.map((phase) => ({ ...trainingPlan(experiment, data, phase, point), batchSize }));
}

/** Refuses a grid of more trials than the user has agreed to. */
export function expectAtMost(
  maxTrials: number = defaultMaxTrials,
  { space, search }: Pick<Experiment, 'space' | 'search'>,
): void {
  // NaN is less than nothing, and would let everything pass.
  if (!(Number.isInteger(maxTrials) && maxTrials >= 1))
    throw errors.wholeNumberOption('maxTrials', 1, Number.MAX_SAFE_INTEGER, maxTrials);
  const { learningRate, batchSize } = space;
  const trials = learningRate.length * batchSize.length * search.replicates;
  if (trials > maxTrials) {
    const product = `${learningRate.length} learning rates x ${batchSize.length} batch sizes x ${search.replicates} replicates`;
    throw errors.tooManyTrials(trials, product, maxTrials);
  }
}
