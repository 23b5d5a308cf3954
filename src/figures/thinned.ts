/** A part of many trials, evenly spread, and the words without which a figure never draws a part. */
import { countText } from '../words/units.ts';

/** At most `most` of them, the first among them: of trials by rank the best. */
export function thinned<Item>(items: readonly Item[], most: number): Item[] {
  const step = Math.max(1, items.length / most);
  const length = Math.min(most, items.length);
  return Array.from({ length }, (_, index) => items[Math.floor(index * step)] as Item);
}

/** `; 600 of 5,000 trials are drawn`; empty where all are. @param what trials of one kind: `dominated trials` */
export const drawnText = (drawn: readonly unknown[], all: readonly unknown[], what = 'trials'): string =>
  drawn.length < all.length
    ? `; ${countText(drawn.length)} of ${countText(all.length)} ${what} are drawn`
    : '';
