/**
 * Reads what lies in the queue: a job that fits the service and was signed by its run. Anything else is reported and dropped.
 * Not here: what a job is (messages.ts), and running it (worker.ts).
 */
import type { KeyObject } from 'node:crypto';
import {
  type JobMessage,
  jobMessage,
  readMessage,
  type SignedJob,
  type StudyCard,
  signedJob,
} from './messages.ts';
import type { Service } from './protocol.ts';
import { isSigned, readPublicKey } from './signature.ts';

export class JobReader {
  readonly #cardOf: (study: string) => Promise<StudyCard | undefined>;
  readonly #tell: (text: string) => void;
  readonly #publicKeys = new Map<string, KeyObject>();

  /** @param cardOf what a run says of itself, its public key among it */
  constructor(cardOf: (study: string) => Promise<StudyCard | undefined>, tell: (text: string) => void) {
    this.#cardOf = cardOf;
    this.#tell = tell;
  }

  /** Undefined for what is to be thrown away. */
  async read({ kind, hash }: Service, data: unknown): Promise<JobMessage | undefined> {
    const garbage = (reason: string) => {
      this.#tell(`Something in the queue is no trial and was thrown away: ${reason}`);
      return undefined;
    };
    const signed = signedJob.safeParse(data);
    if (!signed.success) return garbage('it has another form.');
    const read = readMessage(jobMessage, signed.data.text);
    if (read.kind === 'garbage') return garbage(read.reason);
    const { message } = read;
    const fault = await this.#faultOf(message, signed.data);
    if (fault !== undefined) return garbage(fault);
    if (message.service.kind !== kind || message.service.hash !== hash)
      return garbage('it is of another objective or arithmetic.');
    return message;
  }

  /** Undefined for what its run has signed. */
  async #faultOf({ study }: JobMessage, { text, signature }: SignedJob): Promise<string | undefined> {
    const known = this.#publicKeys.get(study);
    if (known !== undefined && isSigned(text, signature, known)) return undefined;
    // A run that continues with another password has another key.
    const card = await this.#cardOf(study);
    // Forgotten after some days without a word of it, or made up.
    if (card === undefined)
      return 'its run is not known here. Where that goes on, it hands its trials out again.';
    const key = readPublicKey(card.publicKey);
    if (key === undefined || !isSigned(text, signature, key)) return 'its run has not signed it.';
    this.#publicKeys.set(study, key);
    return undefined;
  }
}
