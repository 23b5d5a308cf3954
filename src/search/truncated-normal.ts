/** The normal distribution between two bounds, by src/exact. Not here: which bounds, and mixtures of it. */
import { exp } from '../exact/exp.ts';
import { log, log1p } from '../exact/log.ts';
import { logNormalCdf, normalCdf } from '../exact/normal.ts';
import { normalQuantile } from '../exact/normal-quantile.ts';

/** Below this a probability is too near the smallest float64 to differ from another. */
const faint = 1e-290;

/** ln P(a < standard normal < b) for a < b. */
export function logMass(a: number, b: number): number {
  if (a > 0) return logMass(-b, -a);
  if (b > 0) return a < -9 && b > 9 ? 0 : log1p(-(normalCdf(a) + normalCdf(-b)));
  const upper = normalCdf(b);
  if (upper > faint) return log(upper - normalCdf(a));
  const logUpper = logNormalCdf(b);
  return logUpper + log1p(-exp(logNormalCdf(a) - logUpper));
}

/** The x with P(normal < x | low < normal < high) = place, for a place from 0 to 1; `mu` lies between low and high. */
export function truncatedQuantile(
  place: number,
  mu: number,
  sigma: number,
  low: number,
  high: number,
): number {
  const below = normalCdf((low - mu) / sigma);
  const above = normalCdf((mu - high) / sigma);
  const mass = 1 - below - above;
  // From the nearer tail, because near 1 a probability has lost how far from it it is.
  const isLower = below + place * mass < 0.5;
  const z = isLower ? normalQuantile(below + place * mass) : -normalQuantile(above + (1 - place) * mass);
  return Math.min(high, Math.max(low, mu + sigma * z));
}
