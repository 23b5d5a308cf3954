/**
 * The natural logarithm, the same bits in every engine. As all of this folder it is made of + - * / and square roots alone,
 * which IEEE 754 rounds alike everywhere; errors stay under 2 ulp.
 * Not here: the float32 polynomials of the kernels, and random.ts's own logarithm, whose bits old runs depend on.
 */

/** ln 2 as a sum whose first term has 20 bits, so that a whole number of up to 11 bits times it is exact. */
export const ln2High = 0.6931467056274414;
export const ln2Low = 4.7493250390316726e-7;

/** One float64 as two words; which of them holds the exponent depends on the machine. */
const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
float[0] = 1;
const upper = words[0] === 0 ? 1 : 0;

/** 2/3 z + 2/5 z^2 + 2/7 z^3 + ...: ln((1 + s) / (1 - s)) = 2 s + s times it, where z = s^2. */
function logRest(z: number): number {
  let sum = 2 / 19 + z * (2 / 21);
  sum = 2 / 17 + z * sum;
  sum = 2 / 15 + z * sum;
  sum = 2 / 13 + z * sum;
  sum = 2 / 11 + z * sum;
  sum = 2 / 9 + z * sum;
  sum = 2 / 7 + z * sum;
  sum = 2 / 5 + z * sum;
  sum = 2 / 3 + z * sum;
  return z * sum;
}

/** ln(1 + f) + k ln 2 for 1 + f from about 0.7 to 1.42; `low` is a small correction. */
export function logOf(f: number, k: number, low: number): number {
  const s = f / (2 + f);
  const square = s * s;
  const half = 0.5 * f * f;
  const rest = logRest(square);
  return k * ln2High - (half - (s * (half + rest) + (k * ln2Low + low)) - f);
}

/** ln(x). */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const subnormal = x < 2 ** -1022;
  float[0] = subnormal ? x * 2 ** 54 : x;
  const high = words[upper] as number;
  let k = (high >>> 20) - 1023 - (subnormal ? 54 : 0);
  words[upper] = (high & 0xf_ffff) | 0x3ff0_0000;
  let mantissa = float[0] as number;
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    k += 1;
  }
  return logOf(mantissa - 1, k, 0);
}

/** ln(1 + x), also where 1 + x has lost most of x. */
export function log1p(x: number): number {
  if (x > -0.29 && x < 0.41) return logOf(x, 0, 0);
  const sum = 1 + x;
  if (!(sum > 0) || sum === Number.POSITIVE_INFINITY) return log(sum);
  // What the sum has lost, to first order.
  const lost = sum > 2 ? 1 - (sum - x) : x - (sum - 1);
  return log(sum) + lost / sum;
}
