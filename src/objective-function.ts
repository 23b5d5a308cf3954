/**
 * The promise between a trial and a function that is tried: what it is given, and what it gives back. Types alone.
 * Not here: how it is run.
 */

/** What a function gives back: values, the one value of the one metric, or nothing where it has reported. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is void, and most that report are.
export type Returned<Values> = Values | number | undefined | void;

/**
 * What is tried. It reports as it goes and may return values at its end, which count as its last report; a function of one
 * metric may return the number alone. Whatever it throws makes the trial fail, and nothing else.
 *
 * For the same bits after an interruption: report a step first, then give its checkpoint, and draw chance from `random`.
 *
 * In a file of its own, which `objective: './valley.ts'` names:
 *
 * ```ts
 * import type { ObjectiveFunction } from 'coresweep';
 *
 * const height: ObjectiveFunction<{ x: number; slope: number }, { height: number }> = async ({ params, report }) => {
 *   for (let step = 1; step <= 3; step++) await report(step, { height: params.slope * params.x ** 2 + 1 / step });
 * };
 * export default height;
 * ```
 */
export type ObjectiveFunction<Params, Values> = (
  trial: TrialGiven<Params, Values>,
) => Returned<Values> | Promise<Returned<Values>>;

/** What a function is given of the trial that it runs. */
export interface TrialGiven<Params, Values> {
  readonly params: Params;
  /** From 1. Two trials of equal parameters have equal answers only where this is not used. */
  readonly number: number;
  /** Counted from 0. */
  readonly replicate: number;
  /** final is the winner, once more, when the search is over. */
  readonly role: 'search' | 'final';
  /** A whole number below 2^32 to seed other generators with; the same for all trials of a replicate. */
  readonly seed: number;
  /** A number in [0, 1); the same numbers for all trials of a replicate. They go on with a checkpoint. */
  random(): number;
  /** Aborted when the trial should end: it is pruned, or the run stops. */
  readonly signal: AbortSignal;
  /** In a final trial: what the winner saved. */
  readonly start: Uint8Array | undefined;
  /** Where the trial goes on: the bytes of its last checkpoint. */
  readonly restored: Uint8Array | undefined;
  /**
   * Tells the values of all metrics at a step; steps ascend from 1, and some may be left out. To be awaited: where trials are
   * compared at this step it resolves once that is decided, and it throws where the trial ends here.
   */
  report(step: number, values: Values): Promise<void>;
  /** Gives the bytes from which the trial could go on, after the last report; they are copied. Throws where the run stops. */
  checkpoint(bytes: Uint8Array): void;
  /** Gives the trial's model; the last one given is kept. The bytes are copied. */
  save(bytes: Uint8Array): void;
  /** Adds a line to the trial's log, where all that is printed goes as well. */
  log(text: string): void;
}
