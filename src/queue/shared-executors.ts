/**
 * The executors of a worker, one for each run that it works for, which the run's trials share.
 * Not here: which capabilities there are (sweep/capabilities.ts), and which trial is run (worker.ts).
 */
import type { Executor } from '../execute/executor.ts';
import type { Parcel } from './messages.ts';
import { type Service, times } from './protocol.ts';

export type Get = (parcel: Parcel) => Promise<Uint8Array>;

/** A kind of trials that a worker can run. */
export interface Capability {
  readonly service: Service;
  /** What people call it: a file, or the network. */
  readonly name: string;
  /**
   * @param setting what the run says beyond its service
   * @param get bytes that the run has left for it
   * @returns an executor of the worker's own, which the worker closes, unless it is lent
   */
  open(setting: Uint8Array | undefined, get: Get): Promise<OpenedExecutor>;
}

export interface OpenedExecutor {
  readonly executor: Executor;
  /** How many values a report has. */
  readonly metrics: number;
  /** Whose it is closes it, once the worker has left. */
  readonly isLent?: boolean;
}

/** The use of one, until it is released. */
export interface Lease extends OpenedExecutor {
  readonly release: () => void;
}

interface Shared {
  readonly opened: Promise<OpenedExecutor>;
  users: number;
  /** When it was last used. */
  usedAt: number;
}

export class SharedExecutors {
  readonly #get: Get;
  readonly #executors = new Map<string, Shared>();
  /** Those that are not ready yet. */
  readonly #preparing = new Set<Executor>();
  #isAbandoned = false;

  constructor(get: Get) {
    this.#get = get;
  }

  /** The one of a run; those of other runs that are not used any more are closed. @throws what opening gives */
  async take(capability: Capability, setting: Parcel | undefined): Promise<Lease> {
    const name = `${capability.name} ${JSON.stringify(setting)}`;
    await this.#closeUnused(name, times.idle);
    try {
      return await this.#lease(name, capability, setting);
    } catch (error) {
      // What it lacks may be what others hold.
      if (!(await this.#closeUnused(name, 0))) throw error;
      return await this.#lease(name, capability, setting);
    }
  }

  /** Closes those of others that nobody has used for so many milliseconds. @returns whether there were any */
  async #closeUnused(name: string, ms: number): Promise<boolean> {
    const unused = [...this.#executors].filter(
      ([other, { users, usedAt }]) => other !== name && users === 0 && performance.now() - usedAt >= ms,
    );
    for (const [other] of unused) this.#executors.delete(other);
    for (const [, { opened }] of unused) await closed(opened);
    return unused.length > 0;
  }

  async #lease(name: string, capability: Capability, setting: Parcel | undefined): Promise<Lease> {
    const shared = this.#executors.get(name) ?? {
      ...{ opened: this.#open(capability, setting), users: 0, usedAt: 0 },
    };
    this.#executors.set(name, shared);
    shared.users++;
    const release = () => {
      shared.users--;
      shared.usedAt = performance.now();
    };
    try {
      return { ...(await shared.opened), release };
    } catch (error) {
      release();
      this.#executors.delete(name);
      throw error;
    }
  }

  /** Stops waiting for executors that are not ready yet: importing a module may take minutes. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    await Promise.allSettled([...this.#preparing].map((executor) => executor.close()));
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#executors.values()].map(({ opened }) => closed(opened)));
  }

  async #open(capability: Capability, setting: Parcel | undefined): Promise<OpenedExecutor> {
    const opened = await capability.open(setting && (await this.#get(setting)), this.#get);
    this.#preparing.add(opened.executor);
    try {
      // It was still being opened then.
      if (this.#isAbandoned) await opened.executor.close();
      else await opened.executor.ready();
      return opened;
    } catch (error) {
      // No one else can close it; the next trial opens another one.
      await opened.executor.close();
      throw error;
    } finally {
      this.#preparing.delete(opened.executor);
    }
  }
}

/** Closes one that is the worker's to close. */
async function closed(opened: Promise<OpenedExecutor>): Promise<void> {
  const given = await opened.catch(() => undefined);
  if (given !== undefined && given.isLent !== true) await given.executor.close();
}
