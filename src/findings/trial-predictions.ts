/** What the model of a finished trial makes of the rows that it was measured on, found again where they lie. */
import type { LoadedData } from '../data/dataset.ts';
import { findData, foldersOfData } from '../data/find-data.ts';
import type { NetworkExperiment } from '../experiment/schema.ts';
import type { NetworkRun, Results } from '../store/results.ts';
import { functionsOf } from '../store/trial-model.ts';
import type { RowRange } from '../train/model.ts';
import type { Network } from '../train/predict.ts';
import type { Trial } from '../trial.ts';
import { type Predictions, predictionsOf } from './model-predictions.ts';
import { numberPredictionsOf, type TargetPredictions } from './number-predictions.ts';

export interface PredictionsSource {
  readonly results: Pick<Results, 'weights'>;
  /** Path of the database: where data may lie beside. */
  readonly database: string;
  /** What a relative data folder starts from, where that is known. */
  readonly baseFolder?: string | undefined;
  /** The rows, where they are in memory already. */
  readonly data?: LoadedData | undefined;
  /** Told before each step that may take long. */
  readonly step?: (what: string) => void;
}

/**
 * A final training's last weights on the test rows, another trial's best ones on the validation rows of its fold; a sentence
 * where the rows are not to be had, undefined where the trial has left no weights.
 */
export function trialPredictions(
  source: PredictionsSource,
  run: NetworkRun,
  definition: NetworkExperiment | undefined,
  trial: Trial,
): Promise<Predictions | NoPredictions | undefined> {
  return onMeasuredRows(source, run, definition, trial, predictionsOf);
}

/** The same of a network whose outputs are numbers. */
export function trialNumbers(
  source: PredictionsSource,
  run: NetworkRun,
  definition: NetworkExperiment | undefined,
  trial: Trial,
): Promise<readonly TargetPredictions[] | NoPredictions | undefined> {
  return onMeasuredRows(source, run, definition, trial, numberPredictionsOf);
}

/** Why nothing is known, a sentence. */
interface NoPredictions {
  readonly reason: string;
}

async function onMeasuredRows<Found>(
  { results, database, baseFolder, data, step = () => {} }: PredictionsSource,
  run: NetworkRun,
  definition: NetworkExperiment | undefined,
  trial: Trial,
  showTo: (all: LoadedData, range: RowRange, model: Omit<Network, 'encoding'>) => Found,
): Promise<Found | NoPredictions | undefined> {
  if (trial.state !== 'done' || definition === undefined) return undefined;
  const weights = results.weights(trial.id, trial.role === 'final' ? 'last' : 'best');
  if (weights === undefined) return undefined;
  const model = { weights, ...functionsOf(run, trial) };
  const onRows = (data: LoadedData) => {
    const rows = measuredRows(data, trial);
    return rows && showTo(data, rows, model);
  };
  if (data?.hash === run.dataHash) return onRows(data);
  step('reading the data set');
  const found = await findData(definition.data, run.dataHash, foldersOfData(database, baseFolder));
  return 'reason' in found ? found : onRows(found.data);
}

/** The rows that a trial was measured on; none where they are test rows, and there are none. */
export function measuredRows(
  { test, validation, folds = [] }: LoadedData,
  { role, replicate }: Pick<Trial, 'role' | 'replicate'>,
): RowRange | undefined {
  if (role === 'final') return test;
  return (folds[replicate % folds.length] ?? { validation }).validation;
}
