/**
 * The key `prune` of a definition: which trials are given up early, and after which steps that is asked.
 * Not here: what goes together (search-faults.ts), and how a pruner judges (prune).
 */
import * as z from 'zod';
import { shown } from '../errors.ts';
import { limits } from './limits.ts';
import { between, group, whole } from './shapes.ts';

const percentileOptions = {
  startupTrials: whole(limits.startupTrials)
    .default(5)
    .describe('Nobody is pruned at a step before so many other trials have come there.'),
  warmupSteps: whole(limits.warmup).default(0).describe('Nobody is pruned before this step.'),
  intervalSteps: whole(limits.steps).default(1).describe('Steps from one judgement to the next.'),
};

const halvingOptions = (factor: number, usualLeast: string) => ({
  minResource: whole(limits.steps)
    .optional()
    .describe(`The step of the first rung; ${usualLeast} if absent.`),
  maxResource: whole(limits.steps)
    .optional()
    .describe('The longest trial in steps: nobody is judged there. Of the network it is training.epochs.'),
  reductionFactor: whole(limits.reduction)
    .default(factor)
    .describe('One trial in so many goes on, and each rung takes so many times the steps.'),
  startupTrials: whole(limits.startupTrials)
    .default(0)
    .describe('Nobody is pruned at a rung before so many others have come there.'),
});

const names = ['none', 'median', 'percentile', 'asha', 'hyperband'] as const;

export const pruning = z
  .discriminatedUnion(
    'method',
    [
      group({ method: z.literal('none').describe('Every trial runs to its end.') }),
      group({
        method: z
          .literal('median')
          .describe('Out goes whose best is worse than the median of the others at its step.'),
        ...percentileOptions,
      }),
      group({
        method: z.literal('percentile').describe('The same with another share than half.'),
        percentile: between(limits.percentile).describe('The share of the best that stays, of 100.'),
        ...percentileOptions,
      }),
      group({
        method: z
          .literal('asha')
          .describe('Successive halving: of those at a rung only the best part goes on.'),
        ...halvingOptions(4, 'a hundredth of the longest trial'),
      }),
      group({
        method: z
          .literal('hyperband')
          .describe('The same in several brackets, from judged early to never judged.'),
        ...halvingOptions(3, '1'),
      }),
    ],
    {
      error: ({ input }) =>
        typeof input === 'object' && input !== null
          ? `must be ${names.map(shown).join(' or ')}, but got ${shown((input as { method?: unknown }).method)}`
          : `must be { method: ... }, such as { method: "asha" }, but got ${shown(input)}`,
    },
  )
  .default({ method: 'none' })
  .describe('Which trials are given up before their end, for others were better at the same step.');

export type Pruning = z.output<typeof pruning>;
