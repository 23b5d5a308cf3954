/** The built-in network as what threads train: the plan of each trial, and where it starts. Not here: the threads (execute/network). */
import type { LoadedData } from '../data/dataset.ts';
import type { NetworkObjective } from '../execute/network/network-objective.ts';
import type { NetworkExperiment } from '../experiment/schema.ts';
import { ofTrial } from '../experiment/trial-settings.ts';
import { type InitialWeights, initialParameters } from '../train/initial-weights.ts';
import { layerSizes, planShapes, trainingPlan } from './plan.ts';

/** @param start what every trial of the search starts from, where that is not drawn: the weights of experiment.start */
export function networkObjective(
  experiment: NetworkExperiment,
  data: LoadedData,
  start?: Float32Array,
): NetworkObjective {
  /** Replicates and networks differ in their starting weights, other combinations do not: they are drawn once each. */
  const starts = new Map<string, Float32Array>();
  return {
    data,
    shapes: planShapes(experiment, data),
    planOf: (job) => trainingPlan(experiment, data, job.role, job),
    weightsOf({ params, replicate }) {
      const { model, seed } = ofTrial(experiment, params);
      const key = JSON.stringify([replicate, model.hidden, namedWeights(model.initialWeights)]);
      const known = start ?? starts.get(key);
      if (known !== undefined) return known;
      const drawn = initialParameters(layerSizes({ model }, data), model.initialWeights, seed, replicate);
      starts.set(key, drawn);
      return drawn;
    },
  };
}

/** Weights given number by number are the definition's, so the same for every trial without such a parameter. */
const namedWeights = (weights: InitialWeights) => (typeof weights === 'string' ? weights : null);
