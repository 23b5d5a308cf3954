/**
 * The promise of every pruner: which trials are given up early, and after which of their steps that is asked.
 * Not here: whom a trial is compared with, which rungs-in-order.ts finds out, and ending it, which the sweep does.
 */

export type Verdict = 'go on' | 'prune';

/**
 * How a trial stands at a rung. Pruners know losses only: of a metric to be maximised, the negative values.
 * NaN stands for a value that is none.
 */
export interface Standing {
  /** Its first report at the step of the rung or after it. */
  readonly loss: number;
  /** The lowest of its losses up to that report. */
  readonly best: number;
}

export interface Pruner {
  /** The step of a rung, counted from 0; ascending; undefined after the last one. */
  rung(index: number): number | undefined;
  /**
   * How many times as many steps a rung takes as the one below; 1 where rungs do not grow so. A proposal sees a lower
   * trial's report at rung r once it stands lag * growth^r numbers above it (search/sight.ts).
   */
  readonly growth: number;
  /**
   * The bracket of a trial, by its number counted from 1. A trial competes with those of its own bracket alone, from the
   * rung on that has the bracket's number: bracket 2 begins at rung 2.
   */
  bracketOf(number: number): number;
  /**
   * A pure function of how a trial stands at a rung and of the losses there of the trials that it is compared with:
   * ascending, none of them NaN, its own not among them.
   */
  judge(own: Standing, lower: readonly number[]): Verdict;
}

/** Every trial in one bracket: that of all pruners but Hyperband. */
export const oneBracket = (): number => 0;
