/**
 * The server of the queue, Redis or Valkey, and the two packages that speak to it, which are loaded only here and only when asked for.
 * Not here: what is said (worker.ts, coordinator.ts).
 */
import { isIP } from 'node:net';
import type { Job, Processor, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { errors } from '../errors.ts';
import type { QueueAddress } from './address.ts';
import { prefix, times } from './protocol.ts';

export type Connection = Redis;
export type QueuedJob = Job<unknown, void>;
export type TrialQueue = Queue<unknown, void>;
export type TrialWorker = Worker<unknown, void>;

/** How long a first connection may take. */
const connectMs = 5_000;

export interface Server {
  /** What the user should know of how the server is set up. */
  readonly remarks: readonly string[];
  /** A connection of its own, which reconnects by itself. */
  connection(): Connection;
  queue(name: string): TrialQueue;
  /** Takes trials from a queue. A processor that throws `giveBack` leaves its trial to the others. */
  worker(name: string, seats: number, process: Processor<unknown, void>): TrialWorker;
  giveBack(job: QueuedJob, token: string | undefined): Promise<never>;
  /** Leaves it to others: no worker gets it before then. @param at milliseconds since 1970 */
  leaveUntil(at: number, job: QueuedJob, token: string | undefined): Promise<never>;
  close(): Promise<void>;
}

/** @throws ERR_QUEUE_PACKAGES, ERR_QUEUE_UNREACHABLE, ERR_QUEUE_EVICTS */
export async function openServer(address: QueueAddress): Promise<Server> {
  const { bullmq, ioredis } = await packages();
  const options = {
    ...{ host: address.host, port: address.port, username: address.username, password: address.password },
    // An IP address is not a server name (RFC 6066); the certificate is checked all the same.
    ...(address.isEncrypted ? { tls: isIP(address.host) ? {} : { servername: address.host } } : {}),
    // It would subscribe by itself after a cut, and what the server no longer allows would end the process (ears.ts).
    autoResubscribe: false,
    ...{ maxRetriesPerRequest: null, connectTimeout: connectMs, keepAlive: 10_000 },
    // A network that drops everything looks like a slow server. No command of ours takes longer than this.
    socketTimeout: 15_000,
    retryStrategy: (times: number) => Math.min(50 * times, 1_000),
  };
  const ends: (() => Promise<unknown>)[] = [];
  const connection = (): Connection => {
    const made = new ioredis.Redis(options);
    // It connects again by itself; without a listener it would print.
    made.on('error', () => {});
    ends.push(async () => made.disconnect());
    return made;
  };
  const remarks = await inspected(
    new ioredis.Redis({ ...options, lazyConnect: true, retryStrategy: null }),
    address,
  );
  const shared = { connection: options, prefix, skipVersionCheck: true };
  const minded = <Kind extends TrialQueue | TrialWorker>(made: Kind, close: () => Promise<unknown>): Kind => {
    (made as TrialQueue).on('error', () => {});
    ends.push(close);
    return made;
  };
  return {
    remarks,
    connection,
    queue(name) {
      const queue: TrialQueue = new bullmq.Queue(name, {
        ...shared,
        // Closing one of its own, it would wait for a server that is away.
        connection: connection(),
        defaultJobOptions: {
          ...{ attempts: 3, backoff: { type: 'fixed', delay: 1_000 } },
          ...{ removeOnComplete: true, removeOnFail: true },
        },
      });
      return minded(queue, () => queue.close());
    },
    worker(name, seats, process) {
      const worker: TrialWorker = new bullmq.Worker(name, process, {
        ...{ ...shared, concurrency: seats, lockDuration: times.lock, lockRenewTime: times.renewal },
        ...{ stalledInterval: times.stalled, maxStalledCount: 1_000_000, runRetryDelay: 500 },
        ...{ removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
      });
      // Whatever it was at is over by then.
      return minded(worker, () => worker.close(true));
    },
    async giveBack(job, token) {
      await job.moveToWait(token);
      throw new bullmq.WaitingError();
    },
    async leaveUntil(at, job, token) {
      await job.moveToDelayed(at, token);
      throw new bullmq.DelayedError();
    },
    async close() {
      await Promise.all(ends.map((end) => end().catch(() => {})));
    },
  };
}

/** Waits for something that the server is told, but no longer once that has been away for so long that others have what was under way. */
export async function unlessAway(redis: Connection, told: Promise<unknown>): Promise<void> {
  const { promise: away, resolve } = Promise.withResolvers<void>();
  let reachedAt = performance.now();
  const looks = setInterval(() => {
    const now = performance.now();
    if (redis.status === 'ready') reachedAt = now;
    else if (now - reachedAt > times.lock) resolve();
  }, 100);
  await Promise.race([told, away]).finally(() => clearInterval(looks));
}

async function packages() {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, ioredis };
  } catch (cause) {
    throw errors.queuePackages(cause);
  }
}

async function inspected(first: Connection, { shown }: QueueAddress): Promise<string[]> {
  const faults: unknown[] = [];
  first.on('error', (fault) => faults.push(fault));
  try {
    await first.connect();
    const [memory, persistence] = await Promise.all([first.info('memory'), first.info('persistence')]);
    const policy = /^maxmemory_policy:(.*?)\r?$/m.exec(memory)?.[1];
    const isLimited = !/^maxmemory:0\r?$/m.test(memory);
    if (isLimited && policy !== undefined && policy !== 'noeviction') throw errors.queueEvicts(shown, policy);
    return /^aof_enabled:1/m.test(persistence)
      ? []
      : [
          `The queue's server keeps nothing on its disk (appendonly no): where it is restarted, trials that lay there begin anew.`,
        ];
  } catch (cause) {
    if (cause instanceof Error && 'exitCode' in cause) throw cause;
    throw errors.queueUnreachable(shown, faults.at(-1) ?? cause);
  } finally {
    first.disconnect();
  }
}
