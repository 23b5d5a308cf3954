/**
 * What a command is busy with, on stderr: one line that is gone when the work is done.
 * Not here: a sweep's own progress (live-progress.ts).
 */
import type { ProgressStream } from './progress-stream.ts';

/** Work that is done sooner is not worth a line in a log. */
const quietMs = 1000;

/** Cleans its line when disposed. Without a terminal, steps are plain lines, once the work takes long. */
export class Steps implements Disposable {
  readonly #stream: ProgressStream;
  readonly #started = performance.now();
  #isShown = false;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  step(what: string): void {
    if (this.#stream.isTTY === true) {
      this.#stream.write(`\r${what} ...\u001b[K`);
      this.#isShown = true;
    } else if (performance.now() - this.#started > quietMs) {
      this.#stream.write(`${what} ...\n`);
    }
  }

  [Symbol.dispose](): void {
    if (this.#isShown) this.#stream.write('\r\u001b[K');
  }
}
