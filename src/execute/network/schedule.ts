/**
 * Which trial a thread should train, so that no thread is idle at the end of a search.
 * Pure: longest remaining time first, moved between threads at epoch boundaries only where there are more trials than
 * threads (McNaughton 1959: preemption makes the makespan the larger of the mean load and the longest trial).
 */

/** What a trial still has to do. */
export interface Load {
  /** Epochs not yet trained. */
  readonly epochsLeft: number;
  /** All its epochs. */
  readonly epochs: number;
  /** Relative cost of an epoch: rows trained and measured. */
  readonly epochCost: number;
}

const costLeft = ({ epochsLeft, epochCost }: Load): number => epochsLeft * epochCost;

/** Trials move between threads in slices of about this share of their epochs: what may be idle at the end. */
const sliceShare = 1 / 25;

/** How many trials to have under way on `threads` threads when `unstarted` more wait: the last ones share the threads. */
export const capacity = (threads: number, unstarted: number): number =>
  unstarted < threads ? 2 * threads - 1 : threads;

/** The index of the waiting trial to train next: the one with most left to do, the first among equals. */
export function nextWaiting(waiting: readonly Load[]): number | undefined {
  let next: number | undefined;
  for (const [index, load] of waiting.entries()) {
    if (next === undefined || costLeft(load) > costLeft(waiting[next] as Load)) next = index;
  }
  return next;
}

/**
 * The epochs left at which a running trial should make room for a waiting one: a slice behind it. 0 means never.
 */
export function yieldAt(running: Load, waiting: readonly Load[]): number {
  const longest = nextWaiting(waiting);
  if (longest === undefined) return 0;
  const slice = Math.ceil(running.epochs * sliceShare);
  const level = Math.floor(costLeft(waiting[longest] as Load) / running.epochCost);
  return Math.max(0, level - slice);
}
