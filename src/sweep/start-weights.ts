/** The weights that an experiment starts from, where it names a file. */
import { resolve } from 'node:path';
import { errors } from '../errors.ts';
import type { Experiment } from '../experiment/schema.ts';
import { loadWeights } from '../store/load-model.ts';
import type { TrainedWeights } from '../trial.ts';

/** The experiment with the SHA-256 of its starting weights, so that other weights make it another one, and those weights. */
export function withStart(
  experiment: Experiment,
  baseFolder: string,
): { experiment: Experiment; start?: TrainedWeights } {
  if (experiment.start === undefined) return { experiment };
  const { file, sha256: wanted } = experiment.start;
  const path = resolve(baseFolder, file);
  const start = loadWeights(path);
  const { sha256 } = start;
  if (wanted !== undefined && wanted !== sha256) throw errors.startChanged(path, sha256, wanted);
  return { experiment: { ...experiment, start: { file, sha256 } }, start };
}
