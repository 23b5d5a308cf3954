/**
 * A run on other machines and on this one: the queue as its executor, with the own cores as one more worker of it.
 * They take their trials from the same queue, so that what a lost machine was at goes on here like anywhere else.
 */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { CoresweepError } from '../errors.ts';
import type { Executor } from '../execute/executor.ts';
import { queueAddress } from '../queue/address.ts';
import { type CoordinatorOptions, queueExecutor } from '../queue/coordinator.ts';
import { packSetting } from '../queue/network-setting.ts';
import type { Service } from '../queue/protocol.ts';
import { openServer } from '../queue/server.ts';
import { version } from '../queue/version.ts';
import { QueueWorker, type WorkerOptions } from '../queue/worker.ts';
import { arithmetic, networkService, objectiveService } from './capabilities.ts';
import { definitionHash, sha256 } from './identity.ts';
import type { RunOptions } from './run-options.ts';
import { withStart } from './start-weights.ts';
import { isDeterministic, metricsOf, stepsOfTrial, type Tried } from './tried.ts';

/**
 * @param own an executor on this machine's cores, which is closed with the one that is returned
 * @returns an executor whose end rejects with ERR_ANSWERS_DIFFER where two machines gave other bits
 * @throws what the address and the server give
 */
export async function onMachines(...given: Parameters<typeof joined>): Promise<Executor> {
  try {
    return await joined(...given);
  } catch (error) {
    const [, own] = given;
    await own.close();
    throw error;
  }
}

async function joined(
  tried: Tried,
  own: Executor,
  { url, isForced }: NonNullable<RunOptions['workers']>,
  { baseFolder, database, threads, onEvent }: RunOptions,
): Promise<Executor> {
  const address = queueAddress(url, process.env, isForced);
  const server = await openServer(address);
  const tell = (text: string) => onEvent?.({ kind: 'remark', text });
  for (const remark of server.remarks) tell(remark);
  const { experiment, ingredients } = tried;
  const common = { server, version, tell };
  const worker = threads === 0 ? undefined : ownWorker(tried, own, baseFolder, common);
  let conflict: CoresweepError | undefined;
  const executor = queueExecutor({
    ...{ ...common, ...offered(tried, baseFolder), pauses: own.pauses },
    study: sha256([hostname(), resolve(database), definitionHash(experiment), ingredients]).slice(0, 16),
    onMachines: (machines) => onEvent?.({ kind: 'machines changed', machines, age: executor.age() }),
    own: worker && { id: worker.id, threads: own.seats },
    password: address.password ?? '',
    onConflict(error) {
      if (!isDeterministic(experiment)) return;
      conflict ??= error;
      tell(error.message);
    },
  });
  const close = executor.close.bind(executor);
  executor.close = async () => {
    await close();
    await worker?.leave();
    await own.close();
    await server.close();
    if (conflict !== undefined) throw conflict;
  };
  return executor;
}

/** What workers must know of what is tried. */
export function offered(
  tried: Tried,
  baseFolder: string,
): Pick<CoordinatorOptions, 'service' | 'metrics' | 'name' | 'setting' | 'stepsOf' | 'checkpointSeconds'> {
  const { experiment } = tried;
  return {
    service: serviceOf(tried, baseFolder),
    ...{ metrics: metricsOf(experiment), name: experiment.name },
    stepsOf: (job) => stepsOfTrial(tried, job),
    checkpointSeconds: experiment.limits.checkpointSeconds,
    setting:
      tried.kind === 'network'
        ? (put) => {
            const { start } = withStart(tried.experiment, baseFolder);
            return packSetting({ ...tried, start: start?.parameters }, put);
          }
        : undefined,
  };
}

/** This machine as one more worker. @param own runs its trials */
export const ownWorker = (
  tried: Tried,
  own: Executor,
  baseFolder: string,
  common: Pick<WorkerOptions, 'server' | 'version' | 'tell'>,
): QueueWorker =>
  new QueueWorker({
    ...{ ...common, threads: own.seats, arithmetic: arithmetic(), serves: 'its own run' },
    capabilities: [
      {
        ...{ service: serviceOf(tried, baseFolder), name: 'this run' },
        open: async () => ({ executor: own, metrics: metricsOf(tried.experiment).length }),
      },
    ],
  });

const serviceOf = (tried: Tried, baseFolder: string): Service =>
  tried.kind === 'network' ? networkService() : objectiveService(tried.experiment, baseFolder);
