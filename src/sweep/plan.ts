/** How an experiment's definition becomes the plan of one training. */
import { type LoadedData, outputsOf } from '../data/dataset.ts';
import { errors } from '../errors.ts';
import type { PlanShape } from '../execute/network/memory.ts';
import { optimizerOf, scheduleOf } from '../experiment/network-settings.ts';
import { replicateNameOf, replicatesOf } from '../experiment/replicates.ts';
import type { NetworkExperiment as Experiment } from '../experiment/schema.ts';
import { largestEpochs, networksOf, ofTrial, settingPoints } from '../experiment/trial-settings.ts';
import type { Point } from '../search/searcher.ts';
import { parameterOf, spaceOf } from '../space/definition.ts';
import { valueCount } from '../space/parameter.ts';
import type { RowRange } from '../train/model.ts';
import { outputs } from '../train/outputs.ts';
import type { Steps, TrainingPlan } from '../train/train.ts';
import type { Params, Role } from '../trial.ts';
import { defaultMaxTrials } from './max-trials.ts';
import { type Counted, trialCount } from './trial-count.ts';

/** Units of each layer, the input first. */
export const layerSizes = ({ model }: Pick<Experiment, 'model'>, data: LoadedData): number[] => [
  ...[data.inputs, ...model.hidden],
  outputsOf(data),
];

/** What a replicate trains on and is measured on. */
function rowsOfFold({ training, validation, folds = [] }: LoadedData, replicate: number) {
  const fold = folds[replicate % folds.length] ?? { training, validation };
  return { training: fold.training, evaluation: fold.validation };
}

/** What phase 2 trains on: training and validation rows lie side by side. */
const finalRows = ({ training, validation }: LoadedData) => ({ from: training.from, to: validation.to });

/** The plan of one training in either phase; phase 2 measures on the test rows, which choose nothing. */
export function trainingPlan(
  experiment: Experiment,
  data: LoadedData,
  role: Role,
  point: Point,
): TrainingPlan {
  const { model, training, search, final, seed } = ofTrial(experiment, point.params);
  const { activation, output } = model;
  const { learns } = outputs[output];
  // Only arrays can differ from the definition here: for files it was checked.
  if ((learns === 'numbers') !== (data.targets !== undefined)) throw errors.answers(output, learns);
  const { reduction, penalty, lambda, rowOrder, warmup, dropout } = training;
  const common = {
    sizes: layerSizes({ model }, data),
    activation,
    output,
    reduction,
    penalty,
    lambda,
    rowOrder,
    optimizer: optimizerOf(training),
    schedule: scheduleOf(training),
    warmup,
    dropout,
    seed,
    replicate: point.replicate,
    params: stepsOf(point.params),
  };
  switch (role) {
    case 'search': {
      const rows = rowsOfFold(data, point.replicate);
      return {
        ...common,
        ...rows,
        classWeights: classWeightsOf(training.classWeights, data, rows.training),
        patience: training.patience ?? 0,
        epochs: training.epochs,
        orderPurpose: 'row order',
        bestBy: search.metric,
        modelEpoch: 'best',
      };
    }
    case 'final':
      if (final === undefined || data.test === undefined)
        throw new Error('There is no final training to plan.');
      return {
        ...common,
        training: finalRows(data),
        classWeights: classWeightsOf(training.classWeights, data, finalRows(data)),
        // Test rows choose nothing, so they end nothing.
        patience: 0,
        evaluation: data.test,
        epochs: final.epochs,
        orderPurpose: 'final row order',
        bestBy: search.metric,
        modelEpoch: 'last',
      };
    default:
      return role satisfies never;
  }
}

/** @throws ERR_CLASS_WEIGHTS where there are not as many as classes */
function classWeightsOf(
  given: Experiment['training']['classWeights'],
  { labels, classes }: LoadedData,
  { from, to }: RowRange,
): readonly number[] | undefined {
  if (given === undefined) return undefined;
  if (given !== 'balanced') {
    if (given.length !== classes) throw errors.classWeights(given.length, classes);
    return given;
  }
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels.subarray(from, to)) counts[label] = (counts[label] as number) + 1;
  // A class without a row has nothing to weigh.
  return counts.map((count) => (count === 0 ? 1 : (to - from) / (classes * count)));
}

/** What the network must be given of a point. */
function stepsOf({ learningRate, batchSize }: Params): Steps {
  if (typeof learningRate !== 'number' || typeof batchSize !== 'number')
    throw new Error('A training needs a learning rate and a batch size.');
  return { learningRate, batchSize };
}

/** The largest value of a parameter that is a number. */
function largestOf(space: Experiment['space'], name: string): number {
  const axis = space[name];
  const parameter = axis && parameterOf(axis);
  if (parameter === undefined) throw new Error(`The space has no ${name}.`);
  if (parameter.kind !== 'choice') return parameter.max;
  // By a loop: an axis can have more values than a call has arguments.
  return parameter.values.reduce<number>((largest, value) => Math.max(largest, Number(value)), 0);
}

/** The largest trainings of each phase, one for each network and each way to train it, to size the shared memory by. */
export function planShapes(experiment: Experiment, data: LoadedData): PlanShape[] {
  const batchSize = largestOf(experiment.space, 'batchSize');
  const longest = largestEpochs(experiment);
  const states = new Map(
    settingPoints(experiment.space).map((point) => {
      const { training } = ofTrial(experiment, point);
      const state = { optimizer: optimizerOf(training), dropout: training.dropout };
      return [JSON.stringify(state), state];
    }),
  );
  const shape = (hidden: readonly number[], role: Role, replicate: number) => {
    const point = { params: { hidden, learningRate: 1, batchSize }, replicate };
    const plan = trainingPlan(experiment, data, role, point);
    return { ...plan, epochs: role === 'search' ? longest : plan.epochs, batchSize };
  };
  return networksOf(experiment).flatMap((hidden) => {
    const folds = Array.from({ length: data.folds?.length ?? 1 }, (_, fold) => shape(hidden, 'search', fold));
    const shapes = experiment.final === undefined ? folds : [...folds, shape(hidden, 'final', 0)];
    return shapes.flatMap((shape) => [...states.values()].map((state) => ({ ...shape, ...state })));
  });
}

/** Refuses a search of more trials than the user has agreed to. */
export function expectAtMost(maxTrials: number = defaultMaxTrials, counted: Counted): void {
  // NaN is less than nothing, and would let everything pass.
  if (!(Number.isInteger(maxTrials) && maxTrials >= 1))
    throw errors.wholeNumberOption('maxTrials', 1, Number.MAX_SAFE_INTEGER, maxTrials);
  const trials = trialCount(counted);
  if (trials > maxTrials) {
    const axes = spaceOf(counted.space).map(({ name, parameter }) => `${valueCount(parameter)} of ${name}`);
    const replicates = replicatesOf(counted);
    const product = [...axes, ...(replicates > 1 ? [`${replicates} ${replicateNameOf(counted)}s`] : [])].join(
      ' x ',
    );
    throw errors.tooManyTrials(trials, counted.search.method === 'grid' ? product : undefined, maxTrials);
  }
}
