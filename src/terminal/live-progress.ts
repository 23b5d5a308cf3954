/** Follows a sweep's events on a stream: bars on a terminal, a plain line for each finished trial elsewhere. */

import { SweepProgress } from '../findings/sweep-progress.ts';
import type { SweepEvent } from '../sweep/events.ts';
import { printable } from '../words/text.ts';
import { finishedLine } from './finished-line.ts';
import { ProgressLines, type ProgressStream } from './progress-stream.ts';

/** Often enough to look alive, seldom enough to cost nothing. */
const framesPerSecond = 10;

/** Stops its timer and cleans the screen when disposed. */
export class LiveProgress implements Disposable {
  readonly #lines: ProgressLines;
  readonly #progress = new SweepProgress();
  readonly #timer: NodeJS.Timeout;

  constructor(stream: ProgressStream) {
    this.#lines = new ProgressLines(stream);
    this.#timer = setInterval(() => this.#render(), 1000 / framesPerSecond);
    // A sweep that has ended otherwise must not be kept alive by its progress bar.
    this.#timer.unref();
  }

  /** Writes a remark that stays on the screen. */
  line(text: string): void {
    this.#lines.line(text);
  }

  /** Takes an event in. */
  follow(event: SweepEvent): void {
    this.#progress.follow(event);
    const state = this.#progress.state();
    if (event.kind === 'remark') this.#lines.line(printable(event.text));
    if (event.kind === 'trial finished' && state !== undefined)
      this.#lines.line(finishedLine(event.trial, event.outcome, state));
  }

  #render(): void {
    const state = this.#progress.state();
    if (state !== undefined) this.#lines.render(state, performance.now());
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#lines.close();
  }
}
