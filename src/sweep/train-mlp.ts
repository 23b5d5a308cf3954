/** One training on a program's arrays. */
import type { Arrays } from '../data/arrays.ts';
import { type LoadedData, loadData } from '../data/dataset.ts';
import { errors } from '../errors.ts';
import { startThreads } from '../execute/network/thread-pool.ts';
import { threadExecutor } from '../execute/network/threads.ts';
import { checkDefinition } from '../experiment/check.ts';
import { model as modelShape, training as trainingShape } from '../experiment/network-settings.ts';
import type { NetworkInput as ExperimentInput, NetworkExperiment } from '../experiment/schema.ts';
import { type EpochMetrics, epochOf, isClassMetric, type RegressionMetrics } from '../metric.ts';
import type { Model } from '../model/model-file.ts';
import type { Steps } from '../train/train.ts';
import type { Report, TrainedWeights, TrialResult } from '../trial.ts';
import { expectOptions } from './call-options.ts';
import { networkObjective } from './network.ts';

/** What to train, on what, and how; whatever is left out is as in a definition. */
export interface MlpOptions extends Arrays, Steps, ExperimentModel, ExperimentTraining {
  /** Rows that choose the best epoch, never trained on: as many inputs a row, the same classes or targets. */
  readonly validation: Pick<Arrays, 'inputs' | 'labels' | 'targets'>;
  /** How each input is scaled, learnt from the training rows alone. Default: standard. */
  readonly scaling?: 'none' | 'standard' | 'min-max' | undefined;
  /** The same of each target. Default: standard. */
  readonly targetScaling?: 'none' | 'standard' | 'min-max' | undefined;
  /** Every random number follows from it. Default: 1. */
  readonly seed?: number | undefined;
  /** Stops the training at its next mini-batch. */
  readonly signal?: AbortSignal | undefined;
}

type ExperimentModel = Exclude<ExperimentInput['model'], undefined>;
type ExperimentTraining = Exclude<ExperimentInput['training'], undefined>;

/** A trained network and how it came about. */
export interface MlpResult<Epoch extends EpochMetrics | RegressionMetrics = EpochMetrics> {
  /** With the weights of the best epoch: for predict() or predictNumbers(), or to be saved. */
  readonly model: Model;
  /** Losses and accuracies, or errors of numbers, after each epoch, the first first. */
  readonly curve: readonly Epoch[];
  /** The epoch with the highest validation accuracy or the lowest RMSE, then the lower validation loss or the higher R2, then the earlier one. */
  readonly best: Epoch;
  readonly last: Epoch;
}

/**
 * Trains one network by mini-batch gradient descent on arrays of one's own, on a thread beside the caller's. Equal
 * options give equal bits.
 * @throws CoresweepError for options and arrays that do not fit (ERR_DEFINITION, ERR_ARRAYS), and ERR_DIVERGED where the loss
 *   was no longer finite; the signal's reason where it was stopped
 *
 * ```ts
 * import { predict, trainMlp } from 'coresweep';
 *
 * // Exclusive or: two inputs a row, and a class for each row.
 * const inputs = [0, 0, 0, 1, 1, 0, 1, 1];
 * const labels = [0, 1, 1, 0];
 * const { model, best } = await trainMlp({
 *   ...{ inputs, labels, validation: { inputs, labels } },
 *   ...{ hidden: [8], learningRate: 0.5, batchSize: 4, epochs: 500 },
 * });
 * console.log(best.evaluationAccuracy);
 * console.log(predict(model, [1, 0])[0]?.name);
 * ```
 */
export async function trainMlp(
  options: MlpOptions & { readonly output: 'linear' },
): Promise<MlpResult<RegressionMetrics>>;
export async function trainMlp(options: MlpOptions): Promise<MlpResult>;
export async function trainMlp(
  options: MlpOptions,
): Promise<MlpResult<EpochMetrics> | MlpResult<RegressionMetrics>> {
  expectOptions('trainMlp', options);
  const { signal } = options;
  const experiment = definitionOf(options);
  const data = await loadData(experiment.data, undefined, arraysOf(options));
  signal?.throwIfAborted();
  const pool = startThreads(1);
  const executor = threadExecutor(pool, networkObjective(experiment, data));
  const stop = () => executor.stop();
  try {
    await executor.ready();
    const { learningRate, batchSize } = options;
    const running = executor.start({
      ...{ number: 1, role: 'search', key: '', replicate: 0, params: { learningRate, batchSize } },
      ...{ attempt: 1, seed: experiment.seed, start: { from: 'nothing' }, limits: experiment.limits },
    });
    signal?.addEventListener('abort', stop);
    // It may have been aborted while the thread booted.
    if (signal?.aborted) stop();
    const outcome = await running.outcome;
    switch (outcome.state) {
      case 'done':
        return resultOf(experiment, data, outcome.result);
      case 'diverged':
        throw errors.diverged(outcome.step, learningRate);
      case 'stopped':
      case 'pruned':
        throw signal?.reason;
      case 'failed':
        throw new Error(`The training has failed: ${outcome.reason}`);
      default:
        return outcome satisfies never;
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.destroy();
  }
}

/** The options as a definition of one trial. */
function definitionOf(options: MlpOptions) {
  const { validation, learningRate, batchSize } = options;
  const rows = rowsIn(options, options);
  const validating = rowsIn(validation, options, 'validation.');
  const definition = {
    name: 'trainMlp',
    ...given(options, ['seed']),
    data: {
      source: 'arrays',
      ...given(options, ['scaling', 'targetScaling']),
      train: [0, rows],
      validation: [rows, rows + validating],
    },
    model: given(options, modelKeys),
    training: given(options, trainingKeys),
    space: { learningRate: [learningRate], batchSize: [batchSize] },
  };
  return checkDefinition(definition, 'The call of trainMlp', asOptions);
}

/** The rows to train on, and behind them those that validate. */
function arraysOf({ validation, ...options }: MlpOptions): Arrays {
  return {
    ...options,
    inputs: joined(options.inputs, validation.inputs),
    labels: options.labels && joined(options.labels, validation.labels),
    targets: options.targets && joined(options.targets, validation.targets),
  };
}

function resultOf(
  { model: { activation, output }, search: { metric } }: NetworkExperiment,
  { encoding }: LoadedData,
  result: TrialResult,
): MlpResult<EpochMetrics> | MlpResult<RegressionMetrics> {
  const weights = bestWeightsOf(result);
  const model = { weights, activation, output, encoding, provenance: null };
  const { reports, best, last } = result;
  const told = <Epoch extends EpochMetrics | RegressionMetrics>(epoch: (report: Report) => Epoch) => ({
    ...{ model, curve: reports.map(epoch), best: epoch(best), last: epoch(last) },
  });
  return isClassMetric(metric)
    ? told((report) => epochOf(metric, report))
    : told((report) => epochOf(metric, report));
}

function bestWeightsOf({ artifacts }: TrialResult): TrainedWeights {
  for (const artifact of artifacts) if (artifact.name === 'best') return artifact.weights;
  throw new Error('A training has left no weights.');
}

const modelKeys = Object.keys(modelShape.shape) as (keyof ExperimentModel)[];

const trainingKeys = Object.keys(trainingShape.shape) as (keyof ExperimentTraining)[];

/** A definition's paths as the options of a caller, who wrote no definition: `space.learningRate[0]` is `learningRate`. */
const asOptions = (fault: string): string =>
  fault.replaceAll(/\bspace\.(\w+)\[0\]/g, '$1').replaceAll(/\b(?:training|model|data)\.(?=\w)/g, '');

/** How many rows have a class or targets. */
function rowsIn(
  { labels, targets }: MlpOptions['validation'],
  { targetNames }: MlpOptions,
  where = '',
): number {
  const [name, { length }] = targets === undefined ? ['labels', labels ?? []] : ['targets', targets];
  if (length === 0) {
    const what = targets === undefined ? 'a class' : 'a number of each target';
    throw errors.arrays(`${where}${name} must hold ${what} for each row, but is empty`);
  }
  return targets === undefined ? length : Math.floor(length / (targetNames?.length ?? 1)) || 1;
}

function joined(one: ArrayLike<number>, other: ArrayLike<number> = []): Float64Array {
  const both = new Float64Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** Those of the options that are there. */
function given<Options extends object, Key extends keyof Options>(options: Options, keys: readonly Key[]) {
  return Object.fromEntries(keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])));
}
