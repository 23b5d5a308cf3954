/** Brings everything a sweep needs together, runs it, and lets go of it all again. */

import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Arrays } from '../data/arrays.ts';
import { loadData } from '../data/dataset.ts';
import type { Experiment } from '../experiment/schema.ts';
import { kernelHash } from '../kernel/simd.ts';
import { startThreads, type ThreadPool, threadExecutor } from '../pool/threads.ts';
import { expectShape } from '../store/model-file.ts';
import { openStore } from '../store/store.ts';
import { removeLeftovers } from '../store/write-whole.ts';
import type { Phase } from '../trial.ts';
import type { OnEvent } from './events.ts';
import { defaultMaxTrials } from './max-trials.ts';
import { expectAtMost, layerSizes, planShapes } from './plan.ts';
import { withStart } from './start-weights.ts';
import { type SweepResult, sweep } from './sweep.ts';

export interface RunOptions {
  readonly experiment: Experiment;
  /** What the definition's relative paths start from. */
  readonly baseFolder: string;
  /** The rows of a definition whose data has the source "arrays". */
  readonly arrays?: Arrays | undefined;
  /** Path of results.db; the other files of the run go into its folder. */
  readonly database: string;
  /** Default: the cores available. */
  readonly threads?: number | undefined;
  /** Threads that boot already, used in place of new ones and ended with the run. */
  readonly pool?: ThreadPool | undefined;
  /** Default: 2. */
  readonly lastPhase?: Phase | undefined;
  readonly maxTrials?: number | undefined;
  /** Begin a new run even where one of the same definition could go on; default: false. */
  readonly fresh?: boolean | undefined;
  /** Try trials again that failed in an earlier session; default: false. */
  readonly retryFailed?: boolean | undefined;
  /** Start phase 2 from bestmodel.json even if it does not hold the winner; default: false. */
  readonly forceModel?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: OnEvent | undefined;
}

/** Where the winner's weights go. */
export const bestModelPath = (database: string): string => join(dirname(database), 'bestmodel.json');

/**
 * Runs an experiment into a database, or goes on with a run of it that was cut off.
 * @throws every CoresweepError that the definition, the data, the memory or the database can give
 */
export async function runExperiment(options: RunOptions): Promise<SweepResult> {
  const { baseFolder, database } = options;
  const { experiment, start } = withStart(options.experiment, baseFolder);
  expectAtMost(options.maxTrials ?? defaultMaxTrials, experiment);
  // First, so that the threads boot while the data set is read.
  const pool = options.pool ?? startThreads(options.threads ?? availableParallelism());
  try {
    const data = await loadData(experiment.data, baseFolder, options.arrays);
    if (start !== undefined) expectShape({ weights: start }, layerSizes(experiment, data));
    const executor = threadExecutor(pool, data, planShapes(experiment, data));
    // An attempt counts once a thread can begin it: a process that is killed while its threads boot blames no trial.
    await executor.ready();
    const store = openStore(database);
    const onEvent = options.onEvent ?? (() => {});
    try {
      removeLeftovers(dirname(database));
      for (const text of store.remarks) onEvent({ kind: 'remark', text });
      return await sweep({
        experiment,
        data,
        kernelHash: kernelHash(),
        start: start?.parameters,
        executor,
        store,
        bestModel: bestModelPath(database),
        lastPhase: options.lastPhase ?? 2,
        signal: options.signal ?? new AbortController().signal,
        isFresh: options.fresh ?? false,
        retriesFailed: options.retryFailed ?? false,
        forcesModel: options.forceModel ?? false,
        onEvent,
      });
    } finally {
      store.close();
    }
  } finally {
    await pool.destroy();
  }
}
