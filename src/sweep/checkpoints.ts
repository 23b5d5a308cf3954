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

export interface Checkpoints {
  /** Rejects where a checkpoint cannot be kept; never resolves. */
  readonly fault: Promise<never>;
  /** Saves the trial as it is. */
  save(): void;
  end(): void;
}

/** Saves a running trial until its end. @param onFurther is called once, when a suspect has got further */
export function keepCheckpoints(
  { experiment, store }: Pick<TrialTask, 'experiment' | 'store'>,
  trial: Trial,
  running: Running,
  saved: SavedCheckpoint | undefined,
  onFurther: () => void,
): Checkpoints {
  const { promise: fault, reject } = Promise.withResolvers<never>();
  const started = performance.now();
  const before = saved?.seconds ?? 0;
  let savedStep = saved?.checkpoint.step ?? 0;
  function save(): void {
    try {
      const checkpoint = running.checkpoint();
      if (checkpoint === undefined) return;
      store.saveCheckpoint(trial.id, { checkpoint, seconds: before + (performance.now() - started) / 1000 });
      savedStep = checkpoint.step;
    } catch (error) {
      // While another program holds the database there is always a next time.
      if (!isBusy(error)) reject(error);
    }
  }
  /** Whether the trial got further than last time and that is saved; while the database is busy it stays a suspect. */
  function saveIfFurther(): boolean {
    const last = savedStep;
    if ((running.checkpoint()?.step ?? 0) > last) save();
    return savedStep > last;
  }
  const usual = () => setInterval(saveIfFurther, 1000 * experiment.limits.checkpointSeconds);
  const untilFurther = () => {
    if (!saveIfFurther()) return;
    clearInterval(timer);
    timer = usual();
    onFurther();
  };
  let timer = isSuspect(trial) ? setInterval(untilFurther, suspectCheckpointMs) : usual();
  return { fault, save, end: () => clearInterval(timer) };
}
