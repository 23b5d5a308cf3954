/**
 * One trial, from its recorded attempt to its recorded end: from a checkpoint where there is one, with checkpoints on the
 * way, and again where it failed and may be retried.
 */
import type { Executor, JobStart, Running } from '../execute/executor.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Store } from '../store/store.ts';
import type { Trial, TrialOutcome } from '../trial.ts';
import type { OnEvent } from './events.ts';
import type { Commit } from './group-commit.ts';
import { isBusy } from './patience.ts';

export interface TrialTask {
  readonly experiment: Experiment;
  readonly executor: Executor;
  readonly store: Store;
  readonly commit: Commit;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
}

/** What is told of a trial on its way. */
export interface TrialSteps {
  /** It has got further than ever before, and that is recorded. */
  readonly onFurther?: () => void;
  /** Its thread is free; its end is recorded next. */
  readonly onTrained?: () => void;
}

/** Whether the process ended while the trial was under way: it may have been the cause. */
export const isSuspect = ({ state, attempts }: Trial): boolean => state === 'waiting' && attempts > 0;

/** How often a suspect is saved until it has got further, which clears it. */
const suspectCheckpointMs = 5;

/**
 * Runs one trial and records how it ended, in that order: what is told as finished is in the store.
 * @param from where it starts if it has no checkpoint
 */
export async function runTrial(
  task: TrialTask,
  trial: Trial,
  from: JobStart,
  { onFurther = () => {}, onTrained = () => {} }: TrialSteps = {},
): Promise<Trial> {
  const { experiment, executor, store, commit, signal, onEvent } = task;
  const { seed, limits } = experiment;
  for (let tries = 1; ; tries++) {
    const saved = store.checkpoint(trial.id);
    await commit(() => store.startAttempt(trial.id));
    const start: JobStart = saved === undefined ? from : { from: 'checkpoint', checkpoint: saved.checkpoint };
    const { number, role, key, replicate, params } = trial;
    const attempt = trial.attempts + tries;
    const running = executor.start({ number, role, key, replicate, params, attempt, seed, start, limits });
    const stop = () => {
      executor.stop();
      checkpoints.save();
    };
    const before = saved?.seconds ?? 0;
    const checkpoints = new Checkpoints(task, trial, running, before, onFurther);
    signal.addEventListener('abort', stop);
    // It may have been aborted while the database was busy.
    if (signal.aborted) stop();
    onEvent({ kind: 'trial started', trial, progress: running.progress });
    let outcome: TrialOutcome;
    try {
      outcome = later(await Promise.race([running.outcome, checkpoints.fault]), before);
    } finally {
      checkpoints.end();
      signal.removeEventListener('abort', stop);
    }
    const log = running.log();
    if (outcome.state === 'failed' && tries <= limits.retries && !signal.aborted) {
      await commit(() => store.appendLog(trial.id, log));
      onEvent({
        kind: 'remark',
        text: `trial ${trial.number} failed and is tried again: ${outcome.reason}`,
      });
      continue;
    }
    // The thread's next trial is begun by then, and recorded with this one's end.
    onTrained();
    await commit(() => {
      store.finish(trial.id, outcome);
      if (log !== '') store.appendLog(trial.id, log);
    });
    const finished = store.trial(trial.id);
    onEvent({ kind: 'trial finished', trial: finished, outcome });
    return finished;
  }
}

/** `outcome` with the time of the attempts before it. */
const later = (outcome: TrialOutcome, seconds: number): TrialOutcome =>
  outcome.state === 'done' || outcome.state === 'pruned'
    ? { ...outcome, result: { ...outcome.result, seconds: outcome.result.seconds + seconds } }
    : { ...outcome, seconds: outcome.seconds + seconds };

/** Saves a running trial every few seconds. */
class Checkpoints {
  /** Rejects where a checkpoint cannot be kept; never resolves. */
  readonly fault: Promise<never>;
  readonly #keep: () => void;
  readonly #step: () => number;
  readonly #reject: (error: unknown) => void;
  #savedStep: number;
  #timer: NodeJS.Timeout;

  constructor(
    { experiment, store }: TrialTask,
    trial: Trial,
    running: Running,
    before: number,
    onFurther: () => void,
  ) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.fault = promise;
    this.#reject = reject;
    const started = performance.now();
    this.#step = () => running.checkpoint()?.step ?? 0;
    this.#savedStep = this.#step();
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

  /** Whether the trial had got further than the last time. */
  #saveIfFurther(): boolean {
    if (this.#step() === this.#savedStep) return false;
    this.save();
    return true;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
