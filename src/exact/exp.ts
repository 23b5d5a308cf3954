/** The exponential, the same bits in every engine; within 2 ulp. */
import { ln2High, ln2Low } from './log.ts';

/** 2^k at place k + 1022, for k from -1022 to 1023. */
const powersOfTwo = new Float64Array(2046);
for (let k = 0, power = 2 ** -1022; k < powersOfTwo.length; k++, power *= 2) powersOfTwo[k] = power;
const powerOfTwo = (k: number): number => powersOfTwo[k + 1022] as number;

/** (e^r - 1 - r) / r^2 = 1/2! + r/3! + ... + r^11/13!, for r up to half of ln 2. */
function expRest(r: number): number {
  // Written out, as the other two: a loop over an array takes three times as long, and a search's time goes here.
  let sum = 1 / 479001600 + r * (1 / 6227020800);
  sum = 1 / 39916800 + r * sum;
  sum = 1 / 3628800 + r * sum;
  sum = 1 / 362880 + r * sum;
  sum = 1 / 40320 + r * sum;
  sum = 1 / 5040 + r * sum;
  sum = 1 / 720 + r * sum;
  sum = 1 / 120 + r * sum;
  sum = 1 / 24 + r * sum;
  sum = 1 / 6 + r * sum;
  return 0.5 + r * sum;
}

/**
 * (m + mLow) e^(x + xLow), where the low parts are small beside the high ones.
 * @param isRest what its rounding has lost, in its place, for results that are not subnormal
 */
export function timesExp(m: number, mLow: number, x: number, xLow: number, isRest = false): number {
  if (Number.isNaN(x)) return x;
  if (x > 710) return Number.POSITIVE_INFINITY;
  if (x < -750) return 0;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low - xLow;
  const r = high - low;
  const lost = high - r - low;
  // e^r - 1
  const q = r + (r * r * expRest(r) + lost);
  const change = mLow + (m + mLow) * q;
  const value = m + change;
  if (isRest) return (change - (value - m)) * powerOfTwo(k);
  if (k > 1023) return value * 2 ** 1023 * powerOfTwo(k - 1023);
  return k >= -1022 ? value * powerOfTwo(k) : value * powerOfTwo(k + 108) * 2 ** -108;
}

/** e^x. */
export const exp = (x: number): number => timesExp(1, 0, x, 0);
