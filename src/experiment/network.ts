/** Experiments that train the built-in network, told apart from others. Not here: the form of their definitions. */
import { errors } from '../errors.ts';
import { type Recorded, recordedDefinition } from './recorded.ts';
import type { Experiment, NetworkExperiment } from './schema.ts';

/**
 * The experiment as one that trains the network.
 * @param what needs it, as the end of a sentence: `verify trains`
 * @throws ERR_NEEDS_NETWORK where it has an objective of its own
 */
export function networkOf(experiment: Experiment, what: string): NetworkExperiment {
  if (experiment.objective !== undefined) throw errors.needsNetwork(experiment.name, what);
  return experiment;
}

/** The definition of a recorded run of the network; undefined for any other, and for one that cannot be read. */
export function recordedNetwork(run: Recorded): NetworkExperiment | undefined {
  const experiment = recordedDefinition(run);
  return experiment?.objective === undefined ? experiment : undefined;
}
