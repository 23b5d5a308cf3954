/**
 * Announces a worker to the runs, again and again, since a silent one counts as gone, and finds the runs that it cannot serve.
 * Not here: a run's side of it (presence.ts).
 */
import { readMessage, type StudyCard, studyCard, type WorkerCard } from './messages.ts';
import { misfit } from './misfit.ts';
import { keys, times } from './protocol.ts';
import type { Connection } from './server.ts';

export class WorkerPresence {
  readonly #redis: Connection;
  readonly #own: () => WorkerCard;
  /** Runs that were looked at, and are still there. */
  #seen: ReadonlySet<string> = new Set();

  /** @param own the worker's card as it is now */
  constructor(redis: Connection, own: () => WorkerCard) {
    this.#redis = redis;
    this.#own = own;
  }

  /** Says that it is there. @returns which runs are, in the same way to the server and back: a thousand workers say so */
  async show(): Promise<readonly string[]> {
    const card = this.#own();
    const answers = await this.#redis
      .multi()
      .set(keys.worker(card.id), JSON.stringify(card), 'PX', times.presence)
      .sadd(keys.workers, card.id)
      .smembers(keys.studies)
      .exec();
    return (answers?.[2]?.[1] ?? []) as string[];
  }

  /** Shows itself, and tells of each run that has come since why it cannot be served here. */
  async look(tell: (text: string) => void): Promise<void> {
    const studies = await this.show();
    for (const study of studies.filter((id) => !this.#seen.has(id))) {
      const given = await this.cardOf(study);
      const why = given && misfit(this.#own(), given);
      if (why) tell(`The run "${given.name}" of ${given.host} cannot be served here: ${why}.`);
    }
    this.#seen = new Set(studies);
  }

  /** Milliseconds since a run last said that it is there, by how long its card is still kept. */
  async silenceOf(study: string): Promise<number> {
    const left = await this.#redis.pttl(keys.study(study));
    return left < 0 ? Number.POSITIVE_INFINITY : 1000 * times.keepSeconds - left;
  }

  /** What a run says of itself. */
  async cardOf(study: string): Promise<StudyCard | undefined> {
    const read = readMessage(studyCard, await this.#redis.get(keys.study(study)));
    return read.kind === 'message' ? read.message : undefined;
  }
}
