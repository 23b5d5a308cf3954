/** Brings everything a sweep needs together, runs it, and lets go of it all again. */

import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Arrays } from '../data/arrays.ts';
import { loadData } from '../data/dataset.ts';
import type { Experiment } from '../experiment/schema.ts';
import { kernelHash } from '../kernel/simd.ts';
import { threadExecutor } from '../pool/threads.ts';
import { loadWeights } from '../store/load-model.ts';
import { expectShape } from '../store/model-file.ts';
import { openStore } from '../store/store.ts';
import type { Phase } from '../trial.ts';
import type { OnEvent } from './events.ts';
import { expectAtMost, layerSizes, planShapes } from './plan.ts';
import { type SweepResult, sweep } from './sweep.ts';

export interface RunOptions {
  readonly experiment: Experiment;
  /** What a relative data folder starts from. */
  readonly baseFolder: string;
  /** The rows of a definition whose data has the source "arrays". */
  readonly arrays?: Arrays | undefined;
  /** Path of results.db; the other files of the run go into its folder. */
  readonly database: string;
  /** Default: the cores available. */
  readonly threads?: number | undefined;
  /** Default: 2. */
  readonly lastPhase?: Phase | undefined;
  readonly maxTrials?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: OnEvent | undefined;
}

/** A grid of more trials must be asked for. */
export const defaultMaxTrials = 10_000;

/** Where the winner's weights go. */
export const bestModelPath = (database: string): string => join(dirname(database), 'bestmodel.json');

/**
 * Runs an experiment into a database.
 * @throws every CoresweepError that the definition, the data, the memory or the database can give; nothing is recorded then
 */
export async function runExperiment(options: RunOptions): Promise<SweepResult> {
  const { experiment, baseFolder, database } = options;
  expectAtMost(options.maxTrials ?? defaultMaxTrials, experiment);
  const data = await loadData(experiment.data, baseFolder, options.arrays);
  const { start: source } = experiment;
  const start = source && loadWeights(resolve(baseFolder, source.file));
  if (start !== undefined) expectShape({ weights: start }, layerSizes(experiment, data));
  const store = openStore(database);
  try {
    const threads = options.threads ?? availableParallelism();
    const executor = threadExecutor(data, planShapes(experiment, data), threads);
    try {
      return await sweep({
        experiment,
        data,
        kernelHash: kernelHash(),
        start,
        executor,
        store,
        bestModel: bestModelPath(database),
        lastPhase: options.lastPhase ?? 2,
        signal: options.signal ?? new AbortController().signal,
        onEvent: options.onEvent ?? (() => {}),
      });
    } finally {
      await executor.close();
    }
  } finally {
    store.close();
  }
}
