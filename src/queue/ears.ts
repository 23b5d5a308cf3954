/**
 * What a worker hears: the orders of the runs that it works for, again after a cut, as soon as the server allows it.
 * Not here: obeying them (remote-work.ts).
 */
import { type Order, order, readMessage } from './messages.ts';
import { keys } from './protocol.ts';
import type { Connection } from './server.ts';

export class Ears {
  readonly #redis: Connection;
  readonly #tell: (text: string) => void;
  readonly #channels = new Set<string>();

  constructor(redis: Connection, hear: (order: Order) => void, tell: (text: string) => void) {
    this.#redis = redis;
    this.#tell = tell;
    redis.on('message', (_channel: string, text: string) => {
      const read = readMessage(order, text);
      if (read.kind === 'message') hear(read.message);
    });
    redis.on('ready', () => this.keepOpen());
  }

  /** @throws where the server does not allow it */
  async listen(study: string): Promise<void> {
    const channel = keys.orders(study);
    if (this.#channels.has(channel)) return;
    await this.#redis.subscribe(channel);
    this.#channels.add(channel);
  }

  /** Asks for all of it once more: a new connection hears nothing, and who only listens would not notice a cut that nobody tells of. */
  keepOpen(): void {
    if (this.#channels.size === 0) return;
    this.#redis.subscribe(...this.#channels).catch((error: Error) => {
      if (error.name === 'ReplyError')
        this.#tell(
          `The queue's server no longer lets this worker hear its runs (channels coresweep:*), so that trials at a rung wait until it does: ${error.message}`,
        );
    });
  }
}
