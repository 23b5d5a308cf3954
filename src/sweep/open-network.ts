/** Brings together what training networks takes: the rows, the threads, and the weights to start from. */
import { availableParallelism } from 'node:os';
import { type LoadedData, loadData } from '../data/dataset.ts';
import type { Executor } from '../execute/executor.ts';
import { startThreads, type ThreadPool } from '../execute/network/thread-pool.ts';
import { threadExecutor } from '../execute/network/threads.ts';
import type { NetworkExperiment } from '../experiment/schema.ts';
import { expectShape, expectWritable } from '../model/model-file.ts';
import { kernelHash, kernelHashes } from './arithmetic.ts';
import { networkObjective } from './network.ts';
import { layerSizes } from './plan.ts';
import type { RunOptions } from './run-options.ts';
import { withStart } from './start-weights.ts';
import type { Tried } from './tried.ts';

/** Only what makes a start faster, or is read anyway. */
export interface Beside {
  /** Threads that boot already, used in place of new ones; they are ending when the run is over. */
  readonly booted?: ThreadPool | undefined;
  /** Is given the rows, so that reports need not read them again. */
  readonly onData?: (data: LoadedData) => void;
}

/** @returns what is tried, and the executor for it, which must be closed */
export async function openNetwork(
  given: NetworkExperiment,
  { baseFolder, threads, arrays }: Pick<RunOptions, 'baseFolder' | 'threads' | 'arrays'>,
  { booted, onData }: Beside,
): Promise<{ readonly tried: Tried; readonly executor: Executor }> {
  const { experiment: started, start } = withStart(given, baseFolder);
  // First, so that the threads boot while the data set is read.
  const pool = booted ?? startThreads(threads ?? availableParallelism());
  try {
    const data = await loadData(started.data, baseFolder, arrays);
    const experiment = withSplitRows(started, data);
    const objective = networkObjective(experiment, data, start?.parameters);
    for (const { sizes } of objective.shapes) expectWritable(sizes, data.encoding);
    onData?.(data);
    if (start !== undefined) expectShape({ weights: start }, layerSizes(experiment, data));
    const ingredients = { dataHash: data.hash, kernelHash: kernelHash(experiment, data) };
    const kernelHashOf = kernelHashes(data);
    return {
      tried: { kind: 'network', experiment, data, ingredients, kernelHashOf },
      executor: threadExecutor(pool, objective),
    };
  } catch (error) {
    await pool.destroy();
    throw error;
  }
}

/** The experiment with the number of rows that its split was made of, which says how many each part has. */
function withSplitRows(experiment: NetworkExperiment, { splitRows: rows }: LoadedData): NetworkExperiment {
  const { data } = experiment;
  if (!('split' in data) || data.split === undefined) return experiment;
  return { ...experiment, data: { ...data, split: { ...data.split, rows } } };
}
