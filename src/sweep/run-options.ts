/** The options of a run. Not here: threads, whose types ask for more than a program of the user's may have. */
import type { Arrays } from '../data/arrays.ts';
import type { Experiment } from '../experiment/schema.ts';

import type { BudgetOptions } from './budget.ts';
import type { OnEvent } from './events.ts';

export interface RunOptions {
  readonly experiment: Experiment;
  /** What the definition's relative paths start from. */
  readonly baseFolder: string;
  /** The rows of a definition whose data has the source "arrays". */
  readonly arrays?: Arrays | undefined;
  /** Path of results.db; the other files of the run go into its folder. */
  readonly database: string;
  /** From 1 to 1024, each of about 12 MiB, refused where the free memory has no room; default: the cores available. */
  readonly threads?: number | undefined;
  /** Other machines work as well, over the queue at this address; with 0 threads they do all of it. */
  readonly workers?: { readonly url: string; readonly isForced: boolean } | undefined;
  /** Default: 2. */
  readonly lastPhase?: 1 | 2 | undefined;
  readonly maxTrials?: number | undefined;
  /** Begin a new run even where one of the same definition could go on; default: false. */
  readonly fresh?: boolean | undefined;
  /** Go on with a run whose objective had other code with the same results; default: false. */
  readonly sameCode?: boolean | undefined;
  /** Try trials again that failed in an earlier session; default: false. */
  readonly retryFailed?: boolean | undefined;
  /** End the session in order after so long, or with so many trials started; calling again goes on. */
  readonly stopAfter?: BudgetOptions | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: OnEvent | undefined;
}
