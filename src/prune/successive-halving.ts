/**
 * Asynchronous successive halving: at each rung the best part of those who came there goes on.
 * Li et al., A System for Massively Parallel Hyperparameter Tuning, MLSys 2020, Algorithm 2, in its stopping form: who is
 * not among the best when judged is out, and is never promoted later.
 * Not here: who came there before whom, which rungs-in-order.ts makes a matter of numbers.
 */
import { oneBracket, type Pruner, type Verdict } from './pruner.ts';
import { geometricRungs } from './resources.ts';
import { placeOf } from './sorted.ts';

export interface HalvingOptions {
  /** The step of the first rung. */
  readonly minResource: number;
  /** The last step of a trial, where that is known: no trial is judged there. */
  readonly maxResource?: number | undefined;
  /** The factor from one rung to the next; one trial in that many goes on. */
  readonly reductionFactor: number;
  /** How many others must stand at a rung before a trial is pruned there. */
  readonly startupTrials: number;
}

/** The rule by itself: among the best floor(n / factor) of all n, at least the best one; or equal to the last of these. */
export function judgeByRank(loss: number, others: readonly number[], reductionFactor: number): Verdict {
  if (Number.isNaN(loss)) return 'prune';
  const all = others.length + 1;
  const kept = Math.max(1, (all - (all % reductionFactor)) / reductionFactor);
  return placeOf(others, loss) < kept ? 'go on' : 'prune';
}

export function successiveHalving(options: HalvingOptions): Pruner {
  const { minResource, maxResource, reductionFactor, startupTrials } = options;
  const rungs = geometricRungs(minResource, reductionFactor, maxResource);
  return {
    rung: (index) => rungs[index],
    growth: reductionFactor,
    bracketOf: oneBracket,
    judge({ loss }, lower) {
      return lower.length < startupTrials ? 'go on' : judgeByRank(loss, lower, reductionFactor);
    },
  };
}
