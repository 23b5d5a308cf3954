/** The normal distribution, the same bits in every engine; within 2 ulp. */
import { log, log1p, logOf } from './log.ts';
import { tail } from './normal-tail.ts';
import { productMinus } from './product.ts';

/** P(standard normal <= x). */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 0) return x > 9 ? 1 : 1 - tail(x, 'tail');
  return x < -39 ? 0 : tail(-x, 'tail');
}

/** ln P(standard normal <= x), also where the probability itself would be 0. */
export function logNormalCdf(x: number): number {
  if (x > 0) {
    const above = normalCdf(-x);
    return above > 0.29 || x > 30 ? log1p(-above) : logOf(-above, 0, -tail(x, 'rest') / (1 - above));
  }
  if (x > -0.5 || Number.isNaN(x)) return log(normalCdf(x));
  if (x < -1e8) return -0.5 * x * x;
  return -0.5 * x * x + (log(tail(-x, 'scaled')) - 0.5 * productMinus(x, x, x * x));
}
