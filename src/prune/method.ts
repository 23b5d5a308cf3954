/**
 * The ways to prune by name, with their settings, and the pruner that each stands for.
 * Names and defaults are Optuna's where it has them. Not here: what a definition may hold (experiment).
 */
import { hyperband } from './hyperband.ts';
import { percentilePruner } from './percentile.ts';
import type { Pruner } from './pruner.ts';
import { smallestResource } from './resources.ts';
import { successiveHalving } from './successive-halving.ts';

interface PercentileSettings {
  readonly startupTrials?: number | undefined;
  readonly warmupSteps?: number | undefined;
  readonly intervalSteps?: number | undefined;
}

interface HalvingSettings {
  readonly minResource?: number | undefined;
  readonly maxResource?: number | undefined;
  readonly reductionFactor?: number | undefined;
  readonly startupTrials?: number | undefined;
}

export type PruneSettings =
  | ({ readonly method: 'median' } & PercentileSettings)
  | ({ readonly method: 'percentile'; readonly percentile: number } & PercentileSettings)
  | ({ readonly method: 'asha' } & HalvingSettings)
  | ({ readonly method: 'hyperband' } & HalvingSettings);

/**
 * The pruner of these settings.
 * @param longest the step after which a trial ends at the latest, where that is known
 * @returns undefined for Hyperband without a largest resource: its brackets follow from that
 */
export function prunerOf(settings: PruneSettings, longest: number | undefined): Pruner | undefined {
  switch (settings.method) {
    case 'median':
    case 'percentile':
      return percentilePruner({
        percentile: settings.method === 'median' ? 50 : settings.percentile,
        startupTrials: settings.startupTrials ?? 5,
        warmupSteps: settings.warmupSteps ?? 0,
        intervalSteps: settings.intervalSteps ?? 1,
        maxResource: longest,
      });
    case 'asha': {
      const maxResource = endOf(settings, longest);
      const {
        minResource = smallestResource(maxResource),
        reductionFactor = 4,
        startupTrials = 0,
      } = settings;
      return successiveHalving({ minResource, maxResource, reductionFactor, startupTrials });
    }
    case 'hyperband': {
      const maxResource = endOf(settings, longest);
      if (maxResource === undefined) return undefined;
      const { minResource = 1, reductionFactor = 3, startupTrials = 0 } = settings;
      return hyperband({ minResource, maxResource, reductionFactor, startupTrials });
    }
    default:
      return settings satisfies never;
  }
}

/** The lower of what was asked for and what there is. */
function endOf({ maxResource }: HalvingSettings, longest: number | undefined): number | undefined {
  if (maxResource === undefined || longest === undefined) return maxResource ?? longest;
  return Math.min(maxResource, longest);
}
