/**
 * The weights in a file that every trial of a search starts from.
 * Not here: their format (store), weights that are drawn (train).
 */
import { resolve } from 'node:path';
import { errors } from '../errors.ts';
import type { NetworkExperiment as Experiment } from '../experiment/schema.ts';
import { loadWeights } from '../model/load-model.ts';
import type { TrainedWeights } from '../trial.ts';

/**
 * The experiment with the SHA-256 of its starting weights, so that other weights make it another one, and those weights;
 * undefined where they are drawn.
 * @throws ERR_START_CHANGED where the definition means other weights, ERR_MODEL_MISSING, ERR_MODEL_FILE
 */
export function withStart(
  experiment: Experiment,
  baseFolder: string,
): { experiment: Experiment; start: TrainedWeights | undefined } {
  if (experiment.start === undefined) return { experiment, start: undefined };
  const { file, sha256: wanted } = experiment.start;
  const path = resolve(baseFolder, file);
  const start = loadWeights(path);
  const { sha256 } = start;
  if (wanted !== undefined && wanted !== sha256) throw errors.startChanged(path, sha256, wanted);
  return { experiment: { ...experiment, start: { file, sha256 } }, start };
}
