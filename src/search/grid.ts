import { combinationAt, combinationCount, type Space } from '../space.ts';
import type { Point, Searcher } from './searcher.ts';

const identity = ({ params, replicate }: Point): string =>
  `${params.learningRate}/${params.batchSize}/${replicate}`;

/** Every combination of the space in every replicate, once, in the order of enumeration. */
export function gridSearch(space: Space, replicates: number): Searcher {
  return {
    ask(history, _random, limit) {
      const known = new Set(history.map(identity));
      const points: Point[] = [];
      const total = combinationCount(space) * replicates;
      for (let index = 0; index < total && points.length < limit; index++) {
        const params = combinationAt(space, Math.floor(index / replicates));
        const point = { params, replicate: index % replicates };
        if (!known.has(identity(point))) points.push(point);
      }
      return points;
    },
  };
}
