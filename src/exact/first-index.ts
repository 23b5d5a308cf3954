/** Searching what is in order, by halving. Not here: what it is in order of. */

/** The first of `count` indexes for which `isReached` holds, which holds for all after it; `count` where it holds for none. */
export function firstIndex(count: number, isReached: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isReached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
