/**
 * Announces a run to the workers, again and again, and finds the workers that are there: a silent one counts as gone.
 * Not here: what is made of it (machines.ts).
 */
import type { Machine } from '../machine.ts';
import { Machines } from './machines.ts';
import { readMessage, type StudyCard, type WorkerCard, workerCard } from './messages.ts';
import { keys, times } from './protocol.ts';
import type { RemoteTrial } from './remote-trial.ts';
import type { Connection } from './server.ts';

export interface PresenceOptions {
  /** The worker within this process, if any. */
  readonly own: string | undefined;
  readonly age: () => number;
  readonly trials: ReadonlyMap<string, RemoteTrial>;
  readonly tell: (text: string) => void;
  readonly onMachines: ((machines: readonly Machine[]) => void) | undefined;
}

export class Presence {
  readonly #redis: Connection;
  readonly #card: StudyCard;
  readonly #options: PresenceOptions;
  readonly #machines: Machines;

  constructor(redis: Connection, card: StudyCard, options: PresenceOptions) {
    this.#redis = redis;
    this.#card = card;
    this.#options = options;
    this.#machines = new Machines(card, options.own);
  }

  get machines(): Pick<Machines, 'seats' | 'all' | 'seat'> {
    return this.#machines;
  }

  /** Says that the run is there, and looks who else is. */
  async look(): Promise<void> {
    const { id } = this.#card;
    const [, , ids] =
      (await this.#redis
        .multi()
        // It outlives this process: workers go on with what lies in the queue.
        .set(keys.study(id), JSON.stringify(this.#card), 'EX', times.keepSeconds)
        .sadd(keys.studies, id)
        .smembers(keys.workers)
        // Its workers' news is kept as long as the card; nothing else renews it.
        .expire(keys.news(id), times.keepSeconds)
        .exec()) ?? [];
    const workers = (ids?.[1] ?? []) as string[];
    const texts = workers.length === 0 ? [] : await this.#redis.mget(workers.map(keys.worker));
    const gone = workers.filter((_, at) => texts[at] === null);
    if (gone.length > 0) await this.#redis.srem(keys.workers, ...gone);
    const cards = texts.flatMap((text) => {
      const read = readMessage(workerCard, text);
      return read.kind === 'message' ? [read.message] : [];
    });
    this.#see(cards);
  }

  async close(): Promise<void> {
    const { id } = this.#card;
    await this.#redis.multi().del(keys.study(id)).srem(keys.studies, id).exec();
  }

  #see(cards: readonly WorkerCard[]): void {
    const { trials, age, tell, onMachines } = this.#options;
    const { all } = this.#machines;
    const at = (worker: string) => [...trials.values()].filter((trial) => trial.worker === worker);
    const trialsOf = (worker: string) => at(worker).map(({ job }) => `trial ${job.number}`);
    const { words, gone } = this.#machines.see(cards, trialsOf, age());
    for (const { id, how } of gone)
      for (const trial of at(id)) trial.isLeft(how === 'lost' ? how : 'stopped');
    for (const text of words) tell(text);
    if (this.#machines.all !== all) onMachines?.(this.#machines.all);
  }
}
