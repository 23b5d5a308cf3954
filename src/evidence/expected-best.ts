/**
 * The best of the first k trials, had the same trials come in a random order: exact, the mean over all orders.
 * Not here: how good other trials would have been, of which nothing is known.
 */

/**
 * For each `k` the expectation of the lowest of k of the losses, drawn without replacement: the i-th lowest is the lowest of
 * k with probability C(n - i, k - 1) / C(n, k), which is k / n for the lowest of all and falls by a known factor.
 * @param losses finite @param counts each from 1 to losses.length
 */
export function expectedBest(losses: readonly number[], counts: readonly number[]): number[] {
  const sorted = losses.toSorted((a, b) => a - b);
  const all = sorted.length;
  return counts.map((k) => {
    let chance = k / all;
    let mean = 0;
    for (const [place, loss] of sorted.entries()) {
      mean += chance * loss;
      const behind = all - 1 - place;
      if (behind < k) break;
      chance *= (behind - k + 1) / behind;
    }
    return mean;
  });
}
