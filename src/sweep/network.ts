/** The built-in network as what threads train: the plan of each trial, and where it starts. Not here: the threads (pool). */
import type { LoadedData } from '../data/dataset.ts';
import type { NetworkExperiment } from '../experiment/schema.ts';
import type { NetworkObjective } from '../pool/threads.ts';
import { initialParameters } from '../train/initial-weights.ts';
import { layerSizes, planShapes, trainingPlan } from './plan.ts';

/** @param start what every trial of the search starts from, where that is not drawn: the weights of experiment.start */
export function networkObjective(
  experiment: NetworkExperiment,
  data: LoadedData,
  start?: Float32Array,
): NetworkObjective {
  const { model, seed } = experiment;
  const sizes = layerSizes(experiment, data);
  /** Replicates differ in their starting weights, combinations do not: they are drawn once each. */
  const starts = new Map<number, Float32Array>();
  return {
    data,
    shapes: planShapes(experiment, data),
    planOf: (job) => trainingPlan(experiment, data, job.role, job),
    weightsOf({ replicate }) {
      const known = start ?? starts.get(replicate);
      if (known !== undefined) return known;
      const drawn = initialParameters(sizes, model.initialWeights, seed, replicate);
      starts.set(replicate, drawn);
      return drawn;
    },
  };
}
