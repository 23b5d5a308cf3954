/** Grid search: every combination once. */
import { enumerationOf } from '../space/enumeration.ts';
import type { Space } from '../space/space.ts';
import type { Searcher } from './searcher.ts';

/** As many as run unasked: such a grid stands in the database as a whole before its first trial has ended. */
const ahead = 10_000;

/**
 * Every combination of the space in every replicate, once: in the order of enumeration, from the last one known on and
 * then from the front, where a grid that has gained values has gaps.
 */
export function gridSearch(space: Space, replicates: number): Searcher {
  const points = enumerationOf(space);
  const total = points.count * replicates;
  return {
    total,
    ahead,
    ask({ trials, has }) {
      const last = trials.at(-1);
      const combination = last === undefined ? -1 : points.indexOf(last.params);
      const first = last === undefined || combination < 0 ? 0 : combination * replicates + last.replicate + 1;
      for (let step = 0; step < total; step++) {
        const index = (first + step) % total;
        const params = points.at(Math.floor(index / replicates));
        const point = { params, replicate: index % replicates };
        if (!has(point)) return point;
      }
      return undefined;
    },
  };
}
