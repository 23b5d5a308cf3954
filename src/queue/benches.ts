/**
 * The executors of a worker, one for each run that it works for, which the run's trials share.
 * Not here: what may be run (Trade, whose makers are in sweep), and which trial is (worker.ts).
 */
import type { Executor } from '../execute/executor.ts';
import type { Parcel } from './messages.ts';
import type { Service } from './protocol.ts';

export type Get = (parcel: Parcel) => Promise<Uint8Array>;

/** A kind of trials that a worker can run. */
export interface Trade {
  readonly service: Service;
  /** What people call it: a file, or the network. */
  readonly name: string;
  /**
   * @param setting what the run says beyond its service
   * @param get bytes that the run has left for it
   * @returns an executor of the worker's own, which the worker closes
   */
  open(setting: Uint8Array | undefined, get: Get): Promise<Bench>;
}

export interface Bench {
  readonly executor: Executor;
  /** How many values a report has. */
  readonly metrics: number;
}

/** A bench with somebody at it. */
export interface Place extends Bench {
  readonly leave: () => void;
}

export class Benches {
  readonly #get: Get;
  readonly #benches = new Map<string, { readonly bench: Promise<Bench>; users: number }>();
  /** Those that are not ready yet. */
  readonly #preparing = new Set<Executor>();
  #isAbandoned = false;

  constructor(get: Get) {
    this.#get = get;
  }

  /** One for a run; those of other runs that nobody uses any more are closed. @throws what opening gives */
  async take(trade: Trade, setting: Parcel | undefined): Promise<Place> {
    const name = `${trade.name} ${JSON.stringify(setting)}`;
    for (const [other, { bench, users }] of this.#benches) {
      if (other === name || users > 0) continue;
      this.#benches.delete(other);
      await (await bench.catch(() => undefined))?.executor.close();
    }
    const shared = this.#benches.get(name) ?? { bench: this.#open(trade, setting), users: 0 };
    this.#benches.set(name, shared);
    shared.users++;
    const leave = () => {
      shared.users--;
    };
    try {
      return { ...(await shared.bench), leave };
    } catch (error) {
      leave();
      this.#benches.delete(name);
      throw error;
    }
  }

  /** Stops waiting for executors that are not ready yet: importing a module may take minutes. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    await Promise.allSettled([...this.#preparing].map((executor) => executor.close()));
  }

  async close(): Promise<void> {
    const benches = [...this.#benches.values()];
    await Promise.allSettled(benches.map(async ({ bench }) => (await bench).executor.close()));
  }

  async #open(trade: Trade, setting: Parcel | undefined): Promise<Bench> {
    const bench = await trade.open(setting && (await this.#get(setting)), this.#get);
    this.#preparing.add(bench.executor);
    try {
      // It was still being opened then.
      if (this.#isAbandoned) await bench.executor.close();
      else await bench.executor.ready();
      return bench;
    } catch (error) {
      // No one else can close it; the next trial opens another one.
      await bench.executor.close();
      throw error;
    } finally {
      this.#preparing.delete(bench.executor);
    }
  }
}
