/**
 * Random search: every point drawn anew, whatever became of those before it.
 * J. Bergstra, Y. Bengio, JMLR 13 (2012) 281, section 2.
 */
import type { Space } from '../space/space.ts';
import { pointsOf } from '../space/unit.ts';
import { independentAhead, type Searcher } from './searcher.ts';

/** Points that are uniform in the unit cube: numbers over their interval (or its logarithm), choices over their values. */
export function randomSearch(space: Space): Searcher {
  const pointAt = pointsOf(space);
  return {
    total: Number.POSITIVE_INFINITY,
    ahead: independentAhead,
    ask: (_history, random) => ({ params: pointAt(() => random.uniform()), replicate: 0 }),
  };
}
