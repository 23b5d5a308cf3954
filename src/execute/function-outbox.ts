/**
 * What a function's thread sends: reports and prints in parcels, and never more than are read.
 * A loop that reports without a pause fills no memory: its thread waits here until the main thread has read on.
 */
import type { MessagePort } from 'node:worker_threads';
import { type FromThread, mostUnread, words } from './function-messages.ts';

/** How long a report or a print may lie here while more come. */
const parcelMs = 10;
const mostNumbers = 4_096;
const mostCharacters = 65_536;

export class Outbox {
  readonly #port: MessagePort;
  readonly #words: Int32Array;
  #numbers: number[] = [];
  #text = '';
  #sent = 0;
  #flushedAt = 0;
  #soon: NodeJS.Immediate | undefined;

  constructor(port: MessagePort, words: Int32Array) {
    this.#port = port;
    this.#words = words;
  }

  report(step: number, values: readonly number[]): void {
    this.#numbers.push(step, ...values);
    this.#mayFlush();
  }

  print(text: string): void {
    // Of a text without end, what could be kept of it.
    this.#text += text.length > mostCharacters ? text.slice(-mostCharacters) : text;
    this.#mayFlush();
  }

  /** Sends a message after all that lies here. */
  send(message: FromThread, transfer: readonly ArrayBuffer[] = []): void {
    this.flush();
    this.#post(message, transfer);
  }

  flush(): void {
    if (this.#soon !== undefined) clearImmediate(this.#soon);
    this.#soon = undefined;
    this.#flushedAt = performance.now();
    if (this.#numbers.length > 0) {
      const packed = Float64Array.from(this.#numbers);
      this.#numbers = [];
      this.#post({ kind: 'reports', packed }, [packed.buffer]);
    }
    if (this.#text !== '') {
      const text = this.#text;
      this.#text = '';
      this.#post({ kind: 'log', text }, []);
    }
  }

  #mayFlush(): void {
    const isFull = this.#numbers.length >= mostNumbers || this.#text.length >= mostCharacters;
    // The time too, because code that never waits gives no immediate a turn.
    if (isFull || performance.now() - this.#flushedAt > parcelMs) this.flush();
    else this.#soon ??= setImmediate(() => this.flush());
  }

  #post(message: FromThread, transfer: readonly ArrayBuffer[]): void {
    for (;;) {
      // Read before it is waited for: a count that has changed in between ends the wait at once.
      const read = Atomics.load(this.#words, words.read);
      if (((this.#sent - read) | 0) < mostUnread) break;
      Atomics.wait(this.#words, words.read, read);
    }
    this.#sent = (this.#sent + 1) | 0;
    this.#port.postMessage(message, transfer);
  }
}
