/** What a run asks of the workers that run its trials. A message may be lost, so it is repeated for as long as it holds. */
import type { Judgement } from '../execute/executor.ts';
import type { Order } from './messages.ts';
import { keys } from './protocol.ts';
import type { Asked } from './remote-trial.ts';
import type { Connection } from './server.ts';

export class Orders {
  readonly #redis: Connection;
  readonly #channel: string;

  constructor(redis: Connection, study: string) {
    this.#redis = redis;
    this.#channel = keys.orders(study);
  }

  ask(job: string, request: Asked): void {
    this.#say({ kind: 'ask', job, request });
  }

  judged(job: string, step: number, judgement: Judgement): void {
    this.#say({ kind: 'judged', job, step, judgement });
  }

  sayAgain(job: string, after: number): void {
    this.#say({ kind: 'say again', job, after });
  }

  #say(order: Order): void {
    this.#redis.publish(this.#channel, JSON.stringify(order)).catch(() => {});
  }
}
