/** The part of a definition that is the same whatever is tried: its name, its seed, and its limits. */
import * as z from 'zod';
import { limits } from './limits.ts';
import { must, seconds, whole } from './shapes.ts';

/** The first keys of a definition. */
export const heading = {
  $schema: z.string().optional().describe('Where an editor finds this schema; ignored otherwise.'),
  name: z
    .string(must('be a name'))
    .min(1, { error: 'must not be empty' })
    .max(100, { error: 'must have at most 100 characters' })
    .describe('What tables and figures call the experiment.'),
  seed: whole(limits.seed).default(1).describe('Every random number follows from it.'),
};

/** Of `limits`. */
export const bounding = {
  checkpointSeconds: seconds(0.05)
    .default(2)
    .describe('How often a trial is saved while it runs: what a kill can cost at most.'),
  trialSeconds: seconds(0.05)
    .optional()
    .describe('A trial that has been on threads for longer fails. Its outcome then depends on the machine.'),
  silentSeconds: seconds(0.5)
    .default(300)
    .describe(
      'A trial that gets no further for so long has hung, and fails; the time of a suspended machine does not count.',
    ),
  retries: whole({ min: 0, max: 100 }).default(0).describe('How often a trial that failed is tried again.'),
  failures: whole({ min: 1, max: 10_000_000 })
    .default(100)
    .describe('The search ends where so many trials in a row have failed, rather than going on for ever.'),
  runSeconds: seconds(0.05)
    .optional()
    .describe('A budget: after so long a session ends in order, and the same command goes on with the run.'),
};

export const limitsDescription = 'Limits of a run; they are no part of what makes two definitions the same.';
