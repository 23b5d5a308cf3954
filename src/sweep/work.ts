/** A worker from its start to its end: it works until it is asked to stop, and gives back what it was at. */

import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { expectThreadCount } from '../execute/network/thread-pool.ts';
import { queueAddress } from '../queue/address.ts';
import { cacheFolder, DataCache, usualCacheMb } from '../queue/data-cache.ts';
import { openServer } from '../queue/server.ts';
import { version } from '../queue/version.ts';
import { QueueWorker } from '../queue/worker.ts';
import { arithmetic, networkCapability, objectiveCapability } from './capabilities.ts';

export interface WorkOptions {
  readonly url: string;
  readonly threads?: number | undefined;
  /** Definitions whose objectives may run here. */
  readonly allow: readonly string[];
  /** MiB of data to keep on the disk. */
  readonly cacheMb?: number | undefined;
  readonly isForced: boolean;
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

/** @throws every CoresweepError that the address, the server, the threads or an allowed definition can give */
export async function work(options: WorkOptions): Promise<void> {
  const { url, allow, isForced, signal, tell } = options;
  const { threads = availableParallelism(), cacheMb = usualCacheMb } = options;
  expectThreadCount(threads);
  const address = queueAddress(url, process.env, isForced);
  const allowed = await Promise.all(allow.map((file) => objectiveCapability(file, threads)));
  const server = await openServer(address);
  try {
    for (const remark of server.remarks) tell(remark);
    const capabilities = [networkCapability(threads), ...allowed];
    const cache = new DataCache(cacheFolder(process.env), cacheMb, tell);
    const common = { server, version, tell, cache, serves: 'every run' } as const;
    const worker = new QueueWorker({ ...common, threads, capabilities, arithmetic: arithmetic() });
    tell(
      `${worker.id} works for ${address.shown} with ${threads} thread${threads === 1 ? '' : 's'}. Ctrl-C ends it in order.`,
    );
    if (!signal.aborted) await once(signal, 'abort');
    await worker.leave();
  } finally {
    await server.close();
  }
}
