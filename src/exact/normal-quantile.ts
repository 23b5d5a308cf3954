/** Where the normal distribution reaches a probability; within 2 ulp. */
import { timesExp } from './exp.ts';
import { log } from './log.ts';
import { normalCdf } from './normal.ts';
import { productMinus } from './product.ts';

/** 1/sqrt(2 pi), and what it lacks. */
const [density, densityLow] = [0.3989422804014327, -2.49232720227773e-17];

/** -1/3, 1/(2! 5), -1/(3! 7), ...: the integral of e^(-y^2) from 0 to x is x + sum of these times x^3, x^5, ... */
const bellTerms = [-1 / 3];
for (let n = 2, factorial = 2; n <= 18; n++, factorial *= -n) bellTerms.push(1 / (factorial * (2 * n + 1)));

/** The sum of bellTerms[n] x^n. */
function bell(x: number): number {
  let sum = 0;
  for (let n = bellTerms.length - 1; n >= 0; n--) sum = sum * x + (bellTerms[n] as number);
  return sum;
}

/** The x with P(standard normal <= x) = p, for p from 2^-1022 to 1. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1))
    return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (p > 0.75) return -tailQuantile(1 - p);
  return p < 0.25 ? tailQuantile(p) : middleQuantile(p - 0.5);
}

/** How often Halley's rule is used: from three digits to all of them takes two; the last one takes rounding away. */
const refinements = 3;

function tailQuantile(p: number): number {
  // Abramowitz and Stegun 26.2.22.
  const t = Math.sqrt(-2 * log(p));
  let x = (2.30753 + 0.27061 * t) / (1 + (0.99229 + 0.04481 * t) * t) - t;
  for (let round = 0; round < refinements; round++) {
    const step = (normalCdf(x) - p) / timesExp(density, 0, -0.5 * x * x, 0);
    x -= step / (1 + 0.5 * x * step);
  }
  return x;
}

function middleQuantile(q: number): number {
  const y = q / density;
  let x = y + (y * y * y) / 6;
  for (let round = 0; round < refinements; round++) {
    const half = 0.5 * x * x;
    const w = half * bell(half);
    // x / sqrt(2 pi) - q without its rounding, so that the last step sees the true distance.
    const off = productMinus(x, density, q) + x * (densityLow + density * w);
    const step = off / timesExp(density, 0, -half, 0);
    x -= step / (1 + 0.5 * x * step);
  }
  return x;
}
