/**
 * What a machine can do for the runs of others: train networks, and run the objectives that its owner allows.
 * Nothing that comes over the network is run: an objective is a file of this machine, and is compared by its hash.
 * Not here: how trials come to it and go back (queue).
 */
import { basename, dirname, resolve } from 'node:path';
import { errors } from '../errors.ts';
import { startThreads } from '../execute/network/thread-pool.ts';
import { threadExecutor } from '../execute/network/threads.ts';
import { loadExperiment } from '../experiment/load.ts';
import type { ObjectiveExperiment } from '../experiment/schema.ts';
import { networkMetrics } from '../metric.ts';
import { unpackSetting } from '../queue/network-setting.ts';
import type { Service } from '../queue/protocol.ts';
import type { Capability } from '../queue/shared-executors.ts';
import { sha256 } from './identity.ts';
import { networkObjective } from './network.ts';
import { objectiveIdentity, openObjective } from './open-objective.ts';
import { outputs } from './pinned-arithmetic.ts';

/** The identity of all that this machine's kernels compute: workers must agree in everything. */
export const arithmetic = (): string => sha256(outputs);

export const networkService = (): Service => ({ kind: 'network', hash: arithmetic() });

/** The code and what is measured of it. */
export const objectiveService = (experiment: ObjectiveExperiment, baseFolder: string): Service => ({
  kind: 'objective',
  hash: sha256([objectiveIdentity(experiment, baseFolder), experiment.metrics, experiment.search.result]),
});

export const networkCapability = (threads: number): Capability => ({
  service: networkService(),
  name: 'network',
  async open(setting, get) {
    if (setting === undefined) throw new Error('The run does not say what to train.');
    const { experiment, data, start } = await unpackSetting(setting, get);
    const executor = threadExecutor(startThreads(threads), networkObjective(experiment, data, start));
    return { executor, metrics: networkMetrics(experiment.search.metric).length };
  },
});

/** @throws ERR_ALLOW where the file defines no objective, and what is wrong with it otherwise */
export async function objectiveCapability(file: string, threads: number): Promise<Capability> {
  const { experiment } = await loadExperiment(file);
  if (experiment.objective === undefined) throw errors.nothingToAllow(file);
  const baseFolder = dirname(resolve(file));
  return {
    service: objectiveService(experiment, baseFolder),
    name: basename(file),
    open: async () => {
      const { executor } = openObjective(experiment, { baseFolder, threads });
      return { executor, metrics: experiment.metrics.length };
    },
  };
}
