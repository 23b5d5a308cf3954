/** Brings everything a sweep needs together, runs it, and lets go of it all again. */

import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { type LoadedData, loadData } from '../data/dataset.ts';
import type { NetworkExperiment } from '../experiment/schema.ts';
import { removeLeftovers } from '../files/leftovers.ts';
import { expectShape, expectWritable } from '../model/model-file.ts';
import { startThreads, type ThreadPool } from '../pool/thread-pool.ts';
import { threadExecutor } from '../pool/threads.ts';
import { bestModelPath, databaseFile } from '../store/database-file.ts';
import { openStore } from '../store/store.ts';
import { kernelHash } from './arithmetic.ts';
import { openBudget } from './budget.ts';
import { expectAtMost, layerSizes, planShapes } from './plan.ts';
import type { RunOptions } from './run-options.ts';
import { searcherOf } from './searcher-of.ts';
import { withStart } from './start-weights.ts';
import { type SweepResult, sweep } from './sweep.ts';

/**
 * Runs an experiment into a database, or goes on with a run of it that was cut off.
 * @param booted threads that boot already, used in place of new ones; they are ending when the run is over
 * @param onData is given the rows, so that whoever shows what became of them need not read them again
 * @throws every CoresweepError that the definition, the data, the memory or the database can give
 */
export async function runExperiment(
  options: RunOptions,
  {
    booted,
    onData,
  }: { readonly booted?: ThreadPool | undefined; readonly onData?: (data: LoadedData) => void } = {},
): Promise<SweepResult> {
  const { baseFolder } = options;
  const database = databaseFile(options.database);
  const { experiment: given, start } = withStart(options.experiment, baseFolder);
  expectAtMost(options.maxTrials, given);
  // First, so that the threads boot while the data set is read.
  const pool = booted ?? startThreads(options.threads ?? availableParallelism());
  try {
    const data = await loadData(given.data, baseFolder, options.arrays);
    const experiment = withSplitRows(given, data);
    expectWritable(layerSizes(experiment, data), data.encoding);
    onData?.(data);
    if (start !== undefined) expectShape({ weights: start }, layerSizes(experiment, data));
    const executor = threadExecutor(pool, data, planShapes(experiment, data));
    // An attempt counts once a thread can begin it: a process that is killed while its threads boot blames no trial.
    await executor.ready();
    const store = openStore(database);
    const onEvent = options.onEvent ?? (() => {});
    // Not before: a session that has no time but to boot would come again and again, and get nowhere.
    using budget = openBudget(options.stopAfter ?? {}, experiment.limits.runSeconds, onEvent);
    try {
      removeLeftovers(dirname(database));
      for (const text of [...(data.remarks ?? []), ...store.remarks]) onEvent({ kind: 'remark', text });
      return await sweep({
        experiment,
        data,
        kernelHash: kernelHash(experiment, data),
        searcher: searcherOf(experiment),
        budget,
        start: start?.parameters,
        executor,
        store,
        bestModel: bestModelPath(database),
        lastPhase: options.lastPhase ?? 2,
        signal: AbortSignal.any([budget.signal, ...(options.signal === undefined ? [] : [options.signal])]),
        isFresh: options.fresh ?? false,
        retriesFailed: options.retryFailed ?? false,
        forcesModel: options.forceModel ?? false,
        onEvent,
      });
    } finally {
      store.close();
    }
  } finally {
    const ended = pool.destroy();
    // Threads take some 20 ms to end, in which whoever has started them has other things to do.
    if (booted === undefined) await ended;
  }
}

/** The experiment with the number of rows that its split was made of, which says how many each part has. */
function withSplitRows(experiment: NetworkExperiment, { splitRows: rows }: LoadedData): NetworkExperiment {
  const { data } = experiment;
  if (!('split' in data) || data.split === undefined) return experiment;
  return { ...experiment, data: { ...data, split: { ...data.split, rows } } };
}
