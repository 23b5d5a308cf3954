/**
 * How many trials are recorded as begun before there is a seat for them. Each would wait for a flush to the disk with its seat
 * empty, some 20 ms; so the next one lies ready, and of short trials several, so that many starts and ends are one transaction.
 * The price: a kill leaves that many more suspects.
 * Not here: who gets a seat (seats.ts), and what is one transaction (group-commit.ts).
 */

/** Worth of work that lies ready for a seat. */
const readyMs = 100;
const most = 64;
/** Trials that take longer lose less than a hundredth by waiting for a flush; and what lies ready is recorded as running meanwhile. */
const longMs = 5_000;

/** The longest that a group of writes waits for more. */
const longestWaitMs = 20;

/** How much the last trial counts in the average: more where it was shorter, for the first ones boot their threads. */
const weights = { shorter: 1 / 2, longer: 1 / 8 } as const;

/** What is known of how long trials sit, by those that have. */
export class Ahead {
  #averageMs = Number.POSITIVE_INFINITY;

  /** A trial has left its seat after `ms`. */
  took(ms: number): void {
    const difference = ms - this.#averageMs;
    if (this.#averageMs === Number.POSITIVE_INFINITY) this.#averageMs = ms;
    else this.#averageMs += difference * (difference < 0 ? weights.shorter : weights.longer);
  }

  /** None where trials take long; one at least where not, for two of those rarely end within one flush. */
  room(seats: number): number {
    const least = this.#averageMs < longMs ? 1 : 0;
    return Math.min(most, Math.max(least, Math.floor((seats * readyMs) / this.#averageMs)));
  }
}

/** How long a group of writes waits for more, where the last one took `lastMs`. */
export function patienceFor(
  lastMs: number,
  seats: { readonly atWork: number; readonly waiting: number },
): number {
  // Nothing can come.
  if (seats.atWork === 0) return 0;
  // Short ones, as more than one lies ready: several share a flush, during which nothing else runs here.
  if (seats.waiting > 1) return Math.min(8 * lastMs, longestWaitMs);
  // Another that ends soon; trials that take longer gain nothing by it.
  return Math.min(lastMs / 2, 2);
}
