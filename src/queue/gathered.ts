/** Gathers single requests into one, because each alone would be a round trip to the server. */
import { setTimeout as sleep } from 'node:timers/promises';

export class Gathered<Item> {
  readonly #act: (items: readonly Item[]) => Promise<unknown>;
  readonly #ms: number;
  #items: Item[] = [];
  #soon: Promise<void> | undefined;

  /** @param ms how long the first waits for others */
  constructor(ms: number, act: (items: readonly Item[]) => Promise<unknown>) {
    this.#ms = ms;
    this.#act = act;
  }

  /** @returns once it is done; rejects where that fails, and with it all that was gathered */
  add(...items: readonly Item[]): Promise<void> {
    this.#items.push(...items);
    this.#soon ??= this.#later();
    return this.#soon;
  }

  async #later(): Promise<void> {
    await sleep(this.#ms);
    const items = this.#items;
    this.#items = [];
    this.#soon = undefined;
    if (items.length > 0) await this.#act(items);
  }
}
