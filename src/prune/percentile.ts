/**
 * Pruning by percentile: out goes whose best loss so far is worse than a percentile of the others' at the same step.
 * The median rule is the 50th percentile (Golovin et al., Google Vizier, KDD 2017, section 3.2.1, there with averages).
 * Not here: ranks, which successive halving goes by.
 */
import { oneBracket, type Pruner, type Verdict } from './pruner.ts';

export interface PercentileOptions {
  /** From 0, only the best stays, to 100, all but the worst stay. */
  readonly percentile: number;
  /** How many others must stand at a rung before a trial is pruned there. */
  readonly startupTrials: number;
  /** The first step that is looked at; 0 is as good as 1. */
  readonly warmupSteps: number;
  /** From one step that is looked at to the next. */
  readonly intervalSteps: number;
  /** No trial goes further, where that is known. */
  readonly maxResource?: number | undefined;
}

/** A percentile of ascending numbers, linear between two of them as NumPy has it; NaN of none. */
export function percentileOf(ascending: readonly number[], percentile: number): number {
  if (ascending.length === 0) return Number.NaN;
  const place = (ascending.length - 1) * (percentile / 100);
  const below = Math.floor(place);
  const low = ascending[below] as number;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] as number;
  const share = place - below;
  // From the nearer end, as NumPy does: the two differ in the last bit.
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}

/** The rule by itself: strictly worse is pruned, and so is a trial without a single number. */
export function judgeByPercentile(best: number, others: readonly number[], percentile: number): Verdict {
  if (Number.isNaN(best)) return 'prune';
  return best > percentileOf(others, percentile) ? 'prune' : 'go on';
}

export function percentilePruner(options: PercentileOptions): Pruner {
  const { percentile, startupTrials, warmupSteps, intervalSteps, maxResource } = options;
  /** Multiples of the interval, counted from the warm-up on; without one, the first report is looked at as well. */
  const stepOf = (index: number): number => {
    if (warmupSteps > 0) return warmupSteps + index * intervalSteps;
    if (intervalSteps === 1) return index + 1;
    return index === 0 ? 1 : index * intervalSteps;
  };
  return {
    rung(index) {
      const step = stepOf(index);
      return maxResource === undefined || step < maxResource ? step : undefined;
    },
    growth: 1,
    bracketOf: oneBracket,
    judge({ best }, lower) {
      if (lower.length < Math.max(1, startupTrials)) return 'go on';
      return judgeByPercentile(best, lower, percentile);
    },
  };
}
