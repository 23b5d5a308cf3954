/**
 * How sure an accuracy is, and whether two models differ by more than chance.
 * Not here: which trials are compared.
 */
import { exp } from '../exact/exp.ts';
import { log } from '../exact/log.ts';

/** Both ends are shares from 0 to 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % quantile of the normal distribution. */
export const normal975 = 1.959963984540054;

/**
 * 95 % interval of a share, by Wilson's score (Wilson 1927): it stays within 0 to 1 and holds its level near the ends,
 * where the usual one does not (Brown, Cai and DasGupta 2001).
 * @param rows from 1
 */
export function wilsonInterval(share: number, rows: number): Interval {
  const shrink = 1 + normal975 ** 2 / rows;
  const centre = (share + normal975 ** 2 / (2 * rows)) / shrink;
  const half =
    (normal975 / shrink) * Math.sqrt((share * (1 - share)) / rows + normal975 ** 2 / (4 * rows ** 2));
  // At the ends centre and half are equal but for rounding.
  return { low: share === 0 ? 0 : centre - half, high: share === 1 ? 1 : centre + half };
}

/** A difference with a p value of at least this may be chance. */
export const significance = 0.05;

export interface PairedTest {
  /** Rows that only the first, or only the second, gets right. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided; 1 where no row tells them apart. */
  readonly p: number;
}

/**
 * McNemar's test of two models on the same rows (McNemar 1947): were both equally good, each row that only one of them
 * gets right would be a toss of a coin. Exact for any number of rows, by the binomial distribution.
 * @param first bit sets of the rows that each gets right, equally long
 */
export function mcnemarTest(first: Uint8Array, second: Uint8Array): PairedTest {
  if (first.length !== second.length) throw new Error(`${first.length} and ${second.length} bytes of rows`);
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let i = 0; i < first.length; i++) {
    const a = first[i] as number;
    const b = second[i] as number;
    onlyFirst += ones(a & ~b);
    onlySecond += ones(b & ~a);
  }
  return { onlyFirst, onlySecond, p: signTest(onlyFirst, onlySecond) };
}

/**
 * p values of several tests, each as large as it must be for the chance of one false alarm among all of them to stay what a
 * single test's would be (Holm 1979). In the order given; never smaller than before, never above 1.
 */
export function holmCorrected(values: readonly number[]): number[] {
  const ascending = values.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const corrected = new Array<number>(values.length);
  let least = 0;
  for (const [rank, { p, index }] of ascending.entries()) {
    least = Math.max(least, Math.min(1, (values.length - rank) * p));
    corrected[index] = least;
  }
  return corrected;
}

/** How many of the lowest eight bits are 1. */
function ones(byte: number): number {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Twice the chance of at most the smaller count of heads in `a + b` tosses of a fair coin, but never above 1. */
export function signTest(a: number, b: number): number {
  const tosses = a + b;
  const fewest = Math.min(a, b);
  // By logarithms: 2 to the power of a thousand tosses is no double.
  let logChance = -tosses * Math.LN2;
  for (let k = 1; k <= fewest; k++) logChance += log((tosses - fewest + k) / k);
  let sum = 1;
  for (let k = fewest, ratio = 1; k > 0; k--) {
    ratio *= k / (tosses - k + 1);
    sum += ratio;
  }
  return Math.min(1, 2 * exp(logChance) * sum);
}
