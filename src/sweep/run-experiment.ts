/** Brings everything a sweep needs together, runs it, and lets go of it all again. */

import { dirname } from 'node:path';
import type { Executor } from '../execute/executor.ts';
import { removeLeftovers } from '../files/leftovers.ts';
import { bestModelPath, databaseFile } from '../store/database-file.ts';
import { isOwned } from '../store/ownership.ts';
import { openStore } from '../store/store.ts';
import { openBudget } from './budget.ts';
import { withEarlier } from './earlier-trials.ts';
import { type Beside, openNetwork } from './open-network.ts';
import { expectAtMost } from './plan.ts';
import type { RunOptions } from './run-options.ts';
import { prunerOf, searcherOf } from './searcher-of.ts';
import { type SweepResult, sweep } from './sweep.ts';
import type { Tried } from './tried.ts';

/**
 * Runs an experiment into a database, or continues a run of it that was cut off.
 * @throws every CoresweepError that the definition, the data, the memory or the database can give
 */
export async function runExperiment(options: RunOptions, beside: Beside = {}): Promise<SweepResult> {
  const { experiment, earlier, remarks } = withEarlier(options.experiment, options.baseFolder);
  const database = databaseFile(options.database);
  expectAtMost(options.maxTrials, experiment);
  const { workers } = options;
  // Who may not write the database must not join its run's queue: on leaving, it would take the run's card along.
  if (workers !== undefined && isOwned(database)) openStore(database).close();
  // With all work left to other machines, one idle thread is kept here.
  const here = workers !== undefined && options.threads === 0 ? { ...options, threads: 1 } : options;
  const opened =
    experiment.objective === undefined
      ? await openNetwork(experiment, here, beside)
      : // Not loaded for a network, nor are tables for pictures (dataset.ts): a start waits for each module.
        (await import('./open-objective.ts')).openObjective(experiment, here);
  const { tried } = opened;
  // Not loaded by those who have one machine.
  const machines = workers === undefined ? undefined : await import('./on-machines.ts');
  const executor =
    machines === undefined || workers === undefined
      ? opened.executor
      : await machines.onMachines(tried, opened.executor, workers, options);
  try {
    const ready = readyOrStopped(executor, options.signal);
    // It is awaited below, unless the database cannot be opened. Where it fails, a database that was made for the run is removed again.
    ready.catch(() => {});
    const importsModule = tried.kind === 'objective' && workers === undefined;
    // While threads boot and check themselves. Also where the run then waits for its first worker: its queue is the owner's
    // alone, and a second run of the same would take what workers tell the first one.
    const store = openStore(database);
    try {
      // An attempt counts once a thread can begin it: a process that is killed while its threads boot blames no trial.
      // Nobody may ever come to work: who asks to stop meanwhile is heard too, and the run ends in order before its first trial.
      // A module is waited for only where something is left to do (run.ts): who repeats a finished run wants its table.
      if (!importsModule) await ready;
      const onEvent = options.onEvent ?? (() => {});
      // Not before: a session whose time ends while it boots would never get anywhere.
      using budget = openBudget(options.stopAfter ?? {}, experiment.limits.runSeconds, onEvent);
      removeLeftovers(dirname(database));
      for (const text of [...remarks, ...remarksOn(tried), ...store.remarks])
        onEvent({ kind: 'remark', text });
      return await sweep({
        tried,
        searcher: searcherOf(tried.experiment, earlier),
        pruner: prunerOf(tried.experiment),
        lag: tried.experiment.search.lag,
        budget,
        executor,
        ready,
        store,
        bestModel: bestModelPath(database),
        lastPhase: options.lastPhase ?? 2,
        signal: AbortSignal.any([budget.signal, ...(options.signal === undefined ? [] : [options.signal])]),
        isFresh: options.fresh ?? false,
        isSameCode: options.sameCode,
        retriesFailed: options.retryFailed ?? false,
        onEvent,
      });
    } finally {
      store.close();
    }
  } finally {
    const ended = executor.close();
    // Threads take some 20 ms to end; a caller that booted them itself does not wait.
    if (beside.booted === undefined || workers !== undefined) await ended;
  }
}

async function readyOrStopped(executor: Executor, signal: AbortSignal | undefined): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  try {
    await Promise.race([executor.ready(), stopped]);
  } finally {
    // The signal is the caller's, and may outlive many runs.
    signal?.removeEventListener('abort', stop);
  }
}

/** What a person should know of the rows. */
const remarksOn = (tried: Tried): readonly string[] =>
  tried.kind === 'network' ? (tried.data.remarks ?? []) : [];
