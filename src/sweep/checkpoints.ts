/** A running trial, saved every few seconds. Not here: going on from what was saved (run-trial.ts). */
import type { Running } from '../execute/executor.ts';
import type { SavedCheckpoint } from '../store/checkpoint-row.ts';
import type { Trial } from '../trial.ts';
import { isBusy } from './patience.ts';
import type { TrialTask } from './run-trial.ts';

/** Whether the process ended while the trial was under way: it may have been the cause. */
export const isSuspect = ({ state, attempts }: Trial): boolean => state === 'waiting' && attempts > 0;

/** How often a suspect is saved until it has got further, which clears it. */
const suspectCheckpointMs = 5;

/** Saves a running trial until its end. */
export class Checkpoints {
  /** Rejects where a checkpoint cannot be kept; never resolves. */
  readonly fault: Promise<never>;
  readonly #keep: () => void;
  readonly #step: () => number;
  readonly #reject: (error: unknown) => void;
  #savedStep: number;
  #timer: NodeJS.Timeout;

  constructor(
    { experiment, store }: Pick<TrialTask, 'experiment' | 'store'>,
    trial: Trial,
    running: Running,
    saved: SavedCheckpoint | undefined,
    onFurther: () => void,
  ) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.fault = promise;
    this.#reject = reject;
    const started = performance.now();
    this.#step = () => running.checkpoint()?.step ?? 0;
    this.#savedStep = saved?.checkpoint.step ?? 0;
    const before = saved?.seconds ?? 0;
    this.#keep = () => {
      const checkpoint = running.checkpoint();
      if (checkpoint === undefined) return;
      store.saveCheckpoint(trial.id, { checkpoint, seconds: before + (performance.now() - started) / 1000 });
      this.#savedStep = checkpoint.step;
    };
    const usualMs = 1000 * experiment.limits.checkpointSeconds;
    if (!isSuspect(trial)) {
      this.#timer = setInterval(() => this.#saveIfFurther(), usualMs);
      return;
    }
    this.#timer = setInterval(() => {
      if (!this.#saveIfFurther()) return;
      this.end();
      this.#timer = setInterval(() => this.#saveIfFurther(), usualMs);
      onFurther();
    }, suspectCheckpointMs);
  }

  /** Saves the trial as it is. */
  save(): void {
    try {
      this.#keep();
    } catch (error) {
      // While another program holds the database there is always a next time.
      if (!isBusy(error)) this.#reject(error);
    }
  }

  /** Whether the trial got further than last time and that is saved; while the database is busy it stays a suspect. */
  #saveIfFurther(): boolean {
    const before = this.#savedStep;
    if (this.#step() > before) this.save();
    return this.#savedStep > before;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
