/**
 * Sobol's sequence, scrambled by the seed: points that fill the space more evenly than random ones.
 * I. M. Sobol', USSR Comp. Math. Math. Phys. 7 (1967) 86, in the Gray-code order of I. A. Antonov, V. M. Saleev, 19 (1979)
 * 252; nested scrambling of A. B. Owen, Lect. Notes Stat. 106 (1995) 299, section 3.
 */
import { errors } from '../errors.ts';
import { randomStream } from '../random.ts';
import type { Space } from '../space/space.ts';
import { pointsOf } from '../space/unit.ts';
import { independentAhead, type Searcher } from './searcher.ts';
import { directionNumbers } from './sobol-directions.ts';

/** Binary digits of a coordinate, and of the number of a point. */
const digits = 30;
const most = 2 ** digits;

/** The direction numbers of a dimension, counted from 0, as whole numbers of 30 binary digits. */
function directionsOf(dimension: number): readonly number[] {
  if (dimension === 0) return Array.from({ length: digits }, (_, index) => 2 ** (digits - 1 - index));
  const [polynomial = 0, ...first] = directionNumbers[dimension - 1] ?? [];
  const degree = first.length;
  const directions = first.map((m, index) => m << (digits - 1 - index));
  for (let index = degree; index < digits; index++) {
    const before = directions[index - degree] as number;
    let next = before ^ (before >>> degree);
    for (let k = 1; k < degree; k++)
      if ((polynomial >>> (degree - k)) & 1) next ^= directions[index - k] as number;
    directions.push(next);
  }
  return directions;
}

/** Coordinates of points of the unscrambled sequence, as whole numbers: 2^30 times what they stand for. */
export function sobolSequence(dimensions: number): (index: number, dimension: number) => number {
  const directions = Array.from({ length: dimensions }, (_, dimension) => directionsOf(dimension));
  return (index, dimension) => {
    const own = directions[dimension] as readonly number[];
    let coordinate = 0;
    for (let gray = index ^ (index >>> 1), digit = 0; gray !== 0; gray >>>= 1, digit++)
      if (gray & 1) coordinate ^= own[digit] as number;
    return coordinate;
  };
}

/** Mixes a number's bits, so that numbers that are alike give bits that are not (the finaliser of MurmurHash3). */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Owen's scrambling: each digit is turned or not, by a coin of its own for each sequence of the digits before it. */
function scrambled(coordinate: number, key: number): number {
  let result = 0;
  for (let digit = 0; digit < digits; digit++) {
    const rest = digits - 1 - digit;
    // The digits before this one, behind a leading 1, so that none of two lengths are the same number.
    const before = (coordinate >>> (rest + 1)) | (1 << digit);
    const coin = mixed(mixed(before ^ key) + key) & 1;
    result = (result << 1) | (((coordinate >>> rest) & 1) ^ coin);
  }
  return result;
}

/** Point k is the k-th of the scrambled sequence: of the first 2^m, each 2^-m of each parameter's range has exactly one. */
export function sobolSearch(space: Space, seed: number): Searcher {
  const known = directionNumbers.length + 1;
  if (space.length > known) throw errors.tooManyDimensions('sobol', space.length, known);
  const pointAt = pointsOf(space);
  const coordinateOf = sobolSequence(space.length);
  // Trials are numbered from 1, so no trial draws from this stream.
  const random = randomStream(seed, 'search', 0, 0);
  const keys = space.map(() => random.uint32());
  return {
    total: most,
    ahead: independentAhead,
    ask({ trials }) {
      const index = trials.length;
      if (index >= most) return undefined;
      // The middle of its 2^-30, so that the ends of a range are no likelier than other places.
      const placeOf = (dimension: number) =>
        (scrambled(coordinateOf(index, dimension), keys[dimension] as number) + 0.5) / most;
      return { params: pointAt(placeOf), replicate: 0 };
    },
  };
}
