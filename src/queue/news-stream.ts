/**
 * What workers say to a run, in order: read from the beginning, then listened to; an entry stays until it is dropped.
 * Not here: what an entry means (coordinator.ts).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { keys } from './protocol.ts';
import type { Connection } from './server.ts';

export type TakeEntry = (entry: string, text: string | undefined) => void;

export class NewsStream {
  readonly #asking: Connection;
  /** One of its own: it waits for entries, and what is asked over it would wait too. */
  readonly #reading: Connection;
  readonly #key: string;
  #isClosed = false;

  constructor(asking: Connection, reading: Connection, study: string) {
    this.#asking = asking;
    this.#reading = reading;
    this.#key = keys.news(study);
  }

  /** Hands over what came while no one listened, then listens until it is closed. */
  async open(take: TakeEntry): Promise<void> {
    const last = await this.#read('0-0', false, take);
    void this.#listen(last, take);
  }

  close(): void {
    this.#isClosed = true;
  }

  async drop(entries: readonly string[]): Promise<void> {
    if (entries.length > 0) await this.#asking.xdel(this.#key, ...entries);
  }

  async #listen(from: string, take: TakeEntry): Promise<void> {
    let last = from;
    while (!this.#isClosed) {
      try {
        last = await this.#read(last, true, take);
      } catch {
        if (!this.#isClosed) await sleep(200);
      }
    }
  }

  /** Reads on from an entry, until there is no more, or for a while. @returns the last entry */
  async #read(from: string, waits: boolean, take: TakeEntry): Promise<string> {
    let last = from;
    for (;;) {
      const streams = waits
        ? await this.#reading.xread('COUNT', 500, 'BLOCK', 2_000, 'STREAMS', this.#key, last)
        : await this.#reading.xread('COUNT', 500, 'STREAMS', this.#key, last);
      const entries = streams?.[0]?.[1] ?? [];
      for (const [entry, fields] of entries) take(entry, fields[1]);
      last = entries.at(-1)?.[0] ?? last;
      if (waits || entries.length === 0) return last;
    }
  }
}
