/**
 * The newest state of everything, as the server tells it.
 * Not here: what is drawn of it.
 */
import type { RunningTrial, StateEvent } from '../answers.ts';

export type Connection = 'connecting' | 'open' | 'lost';

/** Follows the server while the page is seen: browsers allow few connections, and nobody looks at a hidden tab. */
export class Live {
  experiments: StateEvent['experiments'] = [];
  /** Trials that run, with all of their epochs that are known. */
  running: readonly RunningTrial[] = [];
  connection: Connection = 'connecting';
  #events: EventSource | undefined;
  /** The first state of a connection brings whole curves, later ones what is new. */
  #isFresh = true;
  readonly #listeners = new Set<() => void>();

  /** Calls `listener` after every change until the answer is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    const follow = () => (document.visibilityState === 'visible' ? this.#open() : this.#close());
    document.addEventListener('visibilitychange', follow);
    follow();
  }

  #open(): void {
    if (this.#events !== undefined) return;
    const events = new EventSource('/api/events');
    this.#events = events;
    events.addEventListener('open', () => {
      this.#isFresh = true;
      this.#tell('open');
    });
    events.addEventListener('error', () => {
      this.#tell('lost');
      // Refused for good, which a browser does not try again by itself.
      if (events.readyState !== EventSource.CLOSED) return;
      this.#close();
      setTimeout(() => document.visibilityState === 'visible' && this.#open(), 3000);
    });
    events.addEventListener('state', ({ data }: MessageEvent<string>) => {
      const state = JSON.parse(data) as StateEvent;
      const known = new Map(this.#isFresh ? [] : this.running.map((trial) => [trial.id, trial.curve]));
      this.#isFresh = false;
      this.experiments = state.experiments;
      this.running = state.running.map((trial) => ({
        ...trial,
        curve: [...(known.get(trial.id) ?? []), ...trial.curve],
      }));
      this.#tell('open');
    });
  }

  #close(): void {
    this.#events?.close();
    this.#events = undefined;
  }

  #tell(connection: Connection): void {
    this.connection = connection;
    for (const listener of this.#listeners) listener();
  }
}
