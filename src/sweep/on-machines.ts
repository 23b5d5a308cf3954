/**
 * A run on other machines and on this one: the queue as its executor, with the own cores as one more worker of it.
 * They take their trials from the same queue, so that what a lost machine was at goes on here like anywhere else.
 */
import { hash } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { CoresweepError } from '../errors.ts';
import type { Executor, Job } from '../execute/executor.ts';
import { queueAddress } from '../queue/address.ts';
import { type CoordinatorOptions, queueExecutor } from '../queue/coordinator.ts';
import type { Setting } from '../queue/laid-out.ts';
import { packSetting } from '../queue/network-setting.ts';
import { openServer } from '../queue/server.ts';
import { version } from '../queue/version.ts';
import { QueueWorker, type WorkerOptions } from '../queue/worker.ts';
import { arithmetic, networkCapability, networkService, objectiveService } from './capabilities.ts';
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
  const offer = offered(tried, baseFolder);
  const worker = threads === 0 ? undefined : ownWorker(offer, own, common);
  let conflict: CoresweepError | undefined;
  const executor = queueExecutor({
    ...{ ...common, ...offer.given, pauses: own.pauses },
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

/** What a run offers to its workers. */
export interface Offer {
  /** What workers must know of what is tried. */
  readonly given: Pick<
    CoordinatorOptions,
    'service' | 'metrics' | 'name' | 'setting' | 'stepsOf' | 'checkpointSeconds'
  >;
  /** Whether a job's setting is this run's. Resolves once that is packed; rejects where it cannot be. */
  isOwn(setting: Uint8Array | undefined): Promise<boolean>;
}

export function offered(tried: Tried, baseFolder: string): Offer {
  const { experiment } = tried;
  const common = {
    ...{ metrics: metricsOf(experiment), name: experiment.name },
    stepsOf: (job: Job) => stepsOfTrial(tried, job),
    checkpointSeconds: experiment.limits.checkpointSeconds,
  };
  // Equal code is all that an objective's trials take, whichever run they are of.
  if (tried.kind === 'objective') {
    const service = objectiveService(tried.experiment, baseFolder);
    return { given: { ...common, service, setting: undefined }, isOwn: async () => true };
  }
  const { promise: packed, resolve, reject } = Promise.withResolvers<string>();
  // The caller that lays the setting out gets a failure; a job may never ask.
  packed.catch(() => {});
  const setting: Setting = async (put) => {
    try {
      const { start } = withStart(tried.experiment, baseFolder);
      const bytes = await packSetting({ ...tried, start: start?.parameters }, put);
      resolve(hash('sha256', bytes));
      return bytes;
    } catch (error) {
      reject(error);
      throw error;
    }
  };
  return {
    given: { ...common, service: networkService(), setting },
    isOwn: async (bytes) => bytes !== undefined && hash('sha256', bytes) === (await packed),
  };
}

/**
 * This machine as one more worker. In its queue lie the trials of all runs with the same arithmetic: those of others get an
 * executor of their own, as on any worker.
 * @param own runs the trials of `offer`
 */
export function ownWorker(
  { given: { service, metrics }, isOwn }: Offer,
  own: Executor,
  common: Pick<WorkerOptions, 'server' | 'version' | 'tell'>,
): QueueWorker {
  const others = networkCapability(own.seats);
  return new QueueWorker({
    ...{ ...common, threads: own.seats, arithmetic: arithmetic(), serves: 'its own run' },
    capabilities: [
      {
        ...{ service, name: 'this run' },
        open: async (setting, get) =>
          (await isOwn(setting))
            ? { executor: own, metrics: metrics.length, isLent: true }
            : await others.open(setting, get),
      },
    ],
  });
}
