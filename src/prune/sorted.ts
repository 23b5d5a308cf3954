/**
 * An ascending list of numbers that grows, so that a rank is found without sorting again.
 * Not here: what the numbers mean.
 */

/** How many numbers are lower than `value`: the place where it would stand. */
export function placeOf(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts a number where it belongs; moving those above it is one copy of memory. */
export const insertSorted = (ascending: number[], value: number): void => {
  ascending.splice(placeOf(ascending, value), 0, value);
};
