/**
 * Hyperband: successive halving in several brackets, from many trials judged early to a few that are never judged.
 * Li et al., Hyperband, JMLR 18 (2018), Algorithm 1, with asynchronous halving within a bracket. The number of brackets
 * is found in whole numbers: log(243, 3) in floating point is 4.999..., which would cost a bracket.
 * Not here: the rule within a bracket, which is that of successive-halving.ts.
 */
import type { Pruner } from './pruner.ts';
import { geometricRungs } from './resources.ts';
import { type HalvingOptions, successiveHalving } from './successive-halving.ts';

export type HyperbandOptions = HalvingOptions & { readonly maxResource: number };

/** ceil(numerator / denominator) of whole numbers, exactly. */
const quotientUp = (numerator: number, denominator: number): number => {
  const rest = numerator % denominator;
  return (numerator - rest) / denominator + (rest > 0 ? 1 : 0);
};

/** How many trials each bracket has in one round of all; bracket 0 begins at the smallest resource. */
export function bracketSizes(minResource: number, maxResource: number, factor: number): readonly number[] {
  const brackets = Math.max(1, geometricRungs(minResource, factor, maxResource + 1).length);
  const powers = geometricRungs(1, factor);
  return Array.from({ length: brackets }, (_, bracket) => {
    const halvings = brackets - 1 - bracket;
    return quotientUp(brackets * (powers[halvings] as number), halvings + 1);
  });
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

/**
 * The bracket of each trial, by its number from 1: after every full round of trials each bracket has had its exact share,
 * and within a round they come well mixed, because a step of nearly the golden section never comes back to a place early.
 */
export function bracketAssignment(sizes: readonly number[]): (number: number) => number {
  const round = sizes.reduce((sum, size) => sum + size, 0);
  let stride = Math.max(1, Math.round(round * 0.618_033_988_749_894_9));
  while (commonDivisor(stride, round) !== 1) stride++;
  const ends = sizes.map((_, bracket) => sizes.slice(0, bracket + 1).reduce((sum, size) => sum + size, 0));
  return (number) => {
    const place = (((number - 1) % round) * stride) % round;
    return ends.findIndex((end) => place < end);
  };
}

export function hyperband(options: HyperbandOptions): Pruner {
  const { minResource, maxResource, reductionFactor } = options;
  return {
    ...successiveHalving(options),
    bracketOf: bracketAssignment(bracketSizes(minResource, maxResource, reductionFactor)),
  };
}
