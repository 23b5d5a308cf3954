/** Which jobs the server has lost: those that two looks in a row do not find. */
import { prefix } from './protocol.ts';
import type { Connection } from './server.ts';

export class LostJobs {
  readonly #redis: Connection;
  readonly #queue: string;
  /** What the last look did not find. */
  #missing = new Set<string>();

  constructor(redis: Connection, queue: string) {
    this.#redis = redis;
    this.#queue = queue;
  }

  async look(ids: readonly string[]): Promise<string[]> {
    const missing = await this.missing(ids);
    // What is missing for the first time may have ended just now.
    const lost = missing.filter((id) => this.#missing.has(id));
    this.#missing = new Set(missing);
    return lost;
  }

  /** What the server does not have now. */
  async missing(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const asked = this.#redis.pipeline();
    for (const id of ids) asked.exists(`${prefix}:${this.#queue}:${id}`);
    const answers = (await asked.exec()) ?? [];
    return ids.filter((_, at) => answers[at]?.[1] === 0);
  }
}
