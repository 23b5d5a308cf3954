/** How many threads a verb other than `run` takes: one at least, where a run may leave all of its trials to other machines. */
import { maxThreads } from '../execute/network/thread-pool.ts';
import { wholeNumber } from './options.ts';

export const threadsOption = {
  type: 'string',
  requiresArg: true,
  coerce: wholeNumber('--threads', 1, maxThreads),
  defaultDescription: 'the cores available',
  describe: 'Trials to run at once, each on a thread of its own',
} as const;
