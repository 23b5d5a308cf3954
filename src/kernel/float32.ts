/**
 * Mathematics in float32, one number at a time, from operations that every machine rounds alike.
 * Not here: blocks of numbers (reference.ts); assembly/math.ts has the same on four numbers at once.
 *
 * Math.fround after each operation makes it a float32 operation: the float64 result of one +, -, * or / on float32
 * numbers rounds to the same float32 as the exact result does. exp and log are polynomials because Math.exp and Math.log
 * differ between engines.
 */
export const { fround } = Math;
export const add = (a: number, b: number): number => fround(a + b);
export const subtract = (a: number, b: number): number => fround(a - b);
export const multiply = (a: number, b: number): number => fround(a * b);
export const divide = (a: number, b: number): number => fround(a / b);

const scratch = new DataView(new ArrayBuffer(4));
const bitsOf = (x: number): number => {
  scratch.setFloat32(0, x);
  return scratch.getInt32(0);
};
const fromBits = (bits: number): number => {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
};

/** 1.5 * 2^23: a float32 of this size has no fraction bits, so adding it rounds to a whole number. */
const roundToWhole = 12_582_912;
/** ln 2 in two parts; the first has so few bits that its products with whole numbers up to 2^15 are exact. */
const ln2High = fround(0.693359375);
const ln2Low = fround(-2.1219444e-4);
const log2OfE = fround(Math.LOG2E);
/** Where exp(-|a|) would leave the normal numbers. */
const lowest = fround(-87.3);
/** What the polynomial makes of exp(lowest). Taken off every result, it makes the exp of anything lower exactly 0. */
const expOfLowest = fround(1.2192433092680476e-38);

/** Minimax coefficients of (exp(r) - 1 - r) / r^2 for |r| <= ln(2) / 2, highest power first; relative error of exp 3.2e-9. */
const expCoefficients = [
  0.001383890281431377, 0.008369192481040955, 0.04166810214519501, 0.16666516661643982, 0.4999999403953552,
].map(fround);

/** Minimax coefficients of (log(1 + t) - t) / t^2 for 0 <= t <= 1, highest power first; relative error of the log 5.3e-9. */
const logCoefficients = [
  -0.003290468594059348, 0.020086241886019707, -0.05745723098516464, 0.10661128163337708,
  -0.15344880521297455, 0.19692102074623108, -0.24958018958568573, 0.33330464363098145, -0.4999993145465851,
].map(fround);

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => add(multiply(x, sum), coefficient));

/**
 * exp(-|a|), 0 below -87.3, NaN for NaN. One ulp from the truth while |a| < 70, 1.3e-38 beyond.
 *
 * Reaching exactly 0 matters: deltas of saturated units would otherwise be denormal, which are slow to compute with.
 */
export function expMinusAbs(a: number): number {
  const x = -Math.abs(a) < lowest ? lowest : -Math.abs(a);
  const shifted = add(multiply(x, log2OfE), roundToWhole);
  const n = subtract(shifted, roundToWhole);
  const r = subtract(subtract(x, multiply(n, ln2High)), multiply(n, ln2Low));
  const q = polynomial(expCoefficients, r);
  const expOfR = add(add(multiply(multiply(r, r), q), r), 1);
  // The low bits of `shifted` are n: moved to the exponent and added as integers, they multiply by 2^n.
  return subtract(fromBits(bitsOf(expOfR) + (bitsOf(shifted) << 23)), expOfLowest);
}

/** log(1 + t) for t from 0 to 1, 1.6 ulp from the truth. */
export function log1p(t: number): number {
  return add(multiply(multiply(t, t), polynomial(logCoefficients, t)), t);
}

/** 1 / (1 + exp(-a)) without overflow, 2.5 ulp from the truth while |a| < 70; exactly 0 and 1 at the infinities. */
export function sigmoid(a: number): number {
  const t = expMinusAbs(a);
  return divide(a >= 0 ? 1 : t, add(1, t));
}

/** Minimax coefficients of (tanh(a) - a) / a^3 in a^2 for |a| < 0.625, highest power first; relative error of tanh 4.4e-9. */
const tanhCoefficients = [
  -0.005704987328499556, 0.0206390880048275, -0.05373971536755562, 0.13331441581249237, -0.3333328068256378,
].map(fround);
const tanhNear = 0.625;

/** The hyperbolic tangent, 2 ulp from the truth; exactly 1 and -1 beyond 9.1, and -0 becomes 0. */
export function tanh(a: number): number {
  if (Math.abs(a) < tanhNear) {
    const square = multiply(a, a);
    return add(a, multiply(multiply(a, square), polynomial(tanhCoefficients, square)));
  }
  const t = expMinusAbs(add(a, a));
  const size = divide(subtract(1, t), add(1, t));
  return a < 0 ? -size : size;
}

/** log(1 + x) for x of at least 0: the power of two of 1 + x, and log1p of what is left. */
export function logOf1Plus(x: number): number {
  if (x <= 1) return log1p(x);
  const bits = bitsOf(add(1, x));
  const power = (bits >> 23) - 127;
  const t = subtract(fromBits((bits & 0x7f_ffff) | 0x3f80_0000), 1);
  return add(multiply(power, ln2High), add(multiply(power, ln2Low), log1p(t)));
}

/** The binary cross-entropy of pre-activation `a` against y, 0 or 1; NaN unless `a` is finite. */
export function crossEntropy(a: number, y: 0 | 1): number {
  // a * 0 is NaN where a is infinite; without it an infinite pre-activation of the right sign would cost nothing.
  const linear = subtract(a < 0 ? 0 : a, y === 1 ? a : 0);
  return add(add(linear, log1p(expMinusAbs(a))), multiply(a, 0));
}
