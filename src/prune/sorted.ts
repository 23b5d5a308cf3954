/**
 * An ascending list of numbers that grows, so that a rank is found without sorting again.
 * Not here: what the numbers mean.
 */
import { firstIndex } from '../exact/first-index.ts';

/** How many numbers are lower than `value`: the place where it would stand. */
export const placeOf = (ascending: readonly number[], value: number): number =>
  firstIndex(ascending.length, (index) => (ascending[index] as number) >= value);

/** Puts a number where it belongs; moving those above it is one copy of memory. */
export const insertSorted = (ascending: number[], value: number): void => {
  ascending.splice(placeOf(ascending, value), 0, value);
};
