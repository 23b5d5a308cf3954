/** An objective of a person's own as what is tried: what it is made of, and the executor that runs it. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { errors } from '../errors.ts';
import { commandExecutor } from '../execute/commands.ts';
import type { Executor } from '../execute/executor.ts';
import { functionExecutor } from '../execute/functions.ts';
import { expectThreadCount } from '../execute/network/thread-pool.ts';
import type { ObjectiveExperiment } from '../experiment/schema.ts';
import { commandIdentity, moduleIdentity } from '../objective/identity.ts';
import type { RunOptions } from './run-options.ts';
import type { Tried } from './tried.ts';

/**
 * @returns what is tried, and the executor for it, which must be closed
 * @throws ERR_OBJECTIVE_FILE where its module cannot be read
 */
export function openObjective(
  experiment: ObjectiveExperiment,
  { baseFolder, threads = availableParallelism() }: Pick<RunOptions, 'baseFolder' | 'threads'>,
): { readonly tried: Tried; readonly executor: Executor } {
  expectThreadCount(threads);
  const ingredients = { objectiveHash: objectiveIdentity(experiment, baseFolder) };
  return {
    tried: { kind: 'objective', experiment, ingredients },
    executor: executorOf(experiment, baseFolder, threads),
  };
}

/** SHA-256 (hex) of an experiment's objective. @throws ERR_OBJECTIVE_FILE */
export function objectiveIdentity({ objective }: ObjectiveExperiment, baseFolder: string): string {
  const given = 'version' in objective ? objective.version : undefined;
  const version = given === undefined ? undefined : String(given);
  if ('command' in objective) {
    // How values are written is part of what a program is given.
    const words = objective.wording === 'json' ? [] : [objective.wording];
    return commandIdentity([...objective.command, ...words], baseFolder, version);
  }
  const file = resolve(baseFolder, objective.module);
  try {
    return moduleIdentity(file, version);
  } catch (cause) {
    throw errors.objectiveFile(file, cause);
  }
}

function executorOf(experiment: ObjectiveExperiment, baseFolder: string, seats: number): Executor {
  const { objective, metrics, search, limits } = experiment;
  const measured = { metrics, rankedBy: search.result };
  if ('command' in objective) {
    const { command, wording } = objective;
    return commandExecutor({ ...measured, command, wording, folder: resolve(baseFolder) }, seats);
  }
  const module = resolve(baseFolder, objective.module);
  const { memoryMb, importSeconds } = limits;
  return functionExecutor({ ...measured, module, memoryMb, importSeconds }, seats);
}
