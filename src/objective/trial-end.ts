/**
 * What ends a trial from within its function, and how much this may give to keep.
 * Not here: what a function is given (objective-function.ts), and how it is run (execute/).
 */

/** What report and checkpoint throw where a trial is over. */
export class TrialEnd extends Error {
  override readonly name = 'TrialEnd';
  readonly why: 'pruned' | 'stopped' | 'diverged' | 'failed' | 'over';

  constructor(why: TrialEnd['why']) {
    super(`The trial is over (${why}).`);
    this.why = why;
  }
}

/** The most bytes of a checkpoint or a model: SQLite keeps no more than 1,000,000,000 in one value. */
export const mostBytes = 900_000_000;
