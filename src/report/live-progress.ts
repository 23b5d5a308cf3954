/** Follows a sweep's events on a stream: bars on a terminal, a plain line for each finished trial elsewhere. */
import type { SweepEvent } from '../sweep/events.ts';
import type { Trial } from '../trial.ts';
import { finishedLine, type ProgressState, type RunningTrial } from './progress.ts';
import { ProgressLines, type ProgressStream } from './progress-stream.ts';
import { printable } from './text.ts';

/** Often enough to look alive, seldom enough to cost nothing. */
const framesPerSecond = 10;

interface Followed {
  readonly trial: Trial;
  readonly startedAt: number;
  readonly progress: Extract<SweepEvent, { kind: 'trial started' }>['progress'];
}

/** Stops its timer and cleans the screen when disposed. */
export class LiveProgress implements Disposable {
  readonly #lines: ProgressLines;
  readonly #running = new Map<number, Followed>();
  readonly #timer: NodeJS.Timeout;
  #state: Omit<ProgressState, 'running'> | undefined;

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
    switch (event.kind) {
      case 'remark':
        return this.#lines.line(printable(event.text));
      case 'phase started': {
        const { phase, trials, epochs, threads } = event;
        const none = { finished: 0, diverged: 0, failed: 0, measured: { epochs: 0, seconds: 0 } };
        this.#state = { phase, trials, epochsPerTrial: epochs, threads, ...none };
        return;
      }
      case 'trial started':
        this.#running.set(event.trial.id, { ...event, startedAt: performance.now() });
        return;
      case 'trial finished':
        return this.#finish(event);
      case 'winner':
        return;
      default:
        return event satisfies never;
    }
  }

  #finish({ trial, outcome }: Extract<SweepEvent, { kind: 'trial finished' }>): void {
    const state = this.#state;
    const followed = this.#running.get(trial.id);
    this.#running.delete(trial.id);
    if (state === undefined || followed === undefined) return;
    const epochs = followed.progress().last?.epoch ?? 0;
    const seconds = 'seconds' in outcome ? outcome.seconds : outcome.result.seconds;
    this.#state = {
      ...state,
      finished: state.finished + 1,
      diverged: state.diverged + (outcome.state === 'diverged' ? 1 : 0),
      failed: state.failed + (outcome.state === 'failed' ? 1 : 0),
      measured: { epochs: state.measured.epochs + epochs, seconds: state.measured.seconds + seconds },
    };
    this.#lines.line(finishedLine(trial, outcome, this.#state));
  }

  #render(): void {
    if (this.#state === undefined) return;
    const running = [...this.#running.values()].map(runningTrial);
    this.#lines.render({ ...this.#state, running }, performance.now());
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#lines.close();
  }
}

function runningTrial({ trial, startedAt, progress }: Followed): RunningTrial {
  const { epochs, last } = progress();
  const { number, params } = trial;
  const measured = last && { loss: last.evaluationLoss, accuracy: last.evaluationAccuracy };
  return { number, params, epoch: last?.epoch ?? 0, epochs, startedAt, ...measured };
}
