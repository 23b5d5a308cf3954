/**
 * Halton's sequence, scrambled by the seed: the digits of the point's number, mirrored, in a prime base for each parameter.
 * J. H. Halton, Numer. Math. 2 (1960) 84; random permutations of each digit as in A. B. Owen, arXiv:1706.02808, section 3.
 */
import { errors } from '../errors.ts';
import { type Random, randomStream, shuffle } from '../random.ts';
import type { Space } from '../space/space.ts';
import { pointsOf } from '../space/unit.ts';
import { independentAhead, type Searcher } from './searcher.ts';

/** As many parameters as for Sobol's sequence; the 128th prime is 719. */
const mostDimensions = 128;

export function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++)
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  return found;
}

/**
 * The digits of a number in a base, mirrored at the point: a coordinate from 0 to 1.
 * @param orders what becomes of the digits at each place
 */
export function mirrored(number: number, base: number, orders: readonly Uint32Array[]): number {
  let coordinate = 0;
  let rest = number;
  let weight = 1 / base;
  // The zeros in front of the number too: their permutations are what moves the first points apart.
  for (const order of orders) {
    coordinate += (order[rest % base] as number) * weight;
    rest = Math.floor(rest / base);
    weight /= base;
  }
  // Rounding can bring a sum of all the highest digits to 1.
  return Math.min(coordinate, 1 - 2 ** -53);
}

/** A permutation of the digits of a base for each place that a float64 has room for. */
function permutations(base: number, random: Random): Uint32Array[] {
  const places = Math.ceil(53 / (31 - Math.clz32(base)));
  return Array.from({ length: places }, () => {
    const order = new Uint32Array(base);
    shuffle(order, random);
    return order;
  });
}

export function haltonSearch(space: Space, seed: number): Searcher {
  if (space.length > mostDimensions) throw errors.tooManyDimensions('halton', space.length, mostDimensions);
  const pointAt = pointsOf(space);
  // Trials are numbered from 1, so no trial draws from this stream.
  const random = randomStream(seed, 'search', 0, 0);
  const digitsOf = primes(space.length).map((base) => ({ base, orders: permutations(base, random) }));
  return {
    total: Number.POSITIVE_INFINITY,
    ahead: independentAhead,
    ask({ trials }) {
      const placeOf = (dimension: number): number => {
        const { base, orders } = digitsOf[dimension] as (typeof digitsOf)[number];
        return mirrored(trials.length, base, orders);
      };
      return { params: pointAt(placeOf), replicate: 0 };
    },
  };
}
