/** What a thread without a trial of its own does: it measures the snapshots of others. */
import { board, control, controlWords } from './arena.ts';
import { blockMeasurer, type Measurement, type Thread } from './evaluate.ts';

/** A training to help with, and the scratch laid out for its shape. */
export interface Assisted {
  readonly measurement: Measurement;
  readonly scratch: Thread['scratch'];
}

/** How long an assistant sleeps at most: the bell wakes it, this is for a ring that was lost. */
const longestSleepMs = 100;

/** Measures whatever its trainings publish, until it is dismissed. */
export function assist(thread: Omit<Thread, 'scratch'>, trainings: readonly Assisted[]): void {
  const { buffer, board: shared } = thread;
  const counts = trainings.map(({ measurement }) => controlWords(buffer, measurement.arena));
  const measurers = trainings.map(({ measurement, scratch }) =>
    blockMeasurer({ ...thread, scratch }, measurement),
  );
  for (const words of counts) Atomics.add(words, control.assistants, 1);
  while (Atomics.load(shared, board.dismiss) === 0) {
    // Read before looking for work: what is published after the look changes it, and the wait returns at once.
    const rung = Atomics.load(shared, board.bell);
    for (const measureBlocks of measurers) measureBlocks();
    Atomics.wait(shared, board.bell, rung, longestSleepMs);
  }
  for (const words of counts) Atomics.sub(words, control.assistants, 1);
}
