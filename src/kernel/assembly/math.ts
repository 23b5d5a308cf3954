// exp, sigmoid and log1p on four lanes: the operations of float32.ts, which explains them, in the same order.
// Each is a chain in which every operation waits for the one before, and a processor looks only some hundred operations ahead
// for others. So exponentials.ts takes four numbers at a time, and logarithms of a block come in a loop of their own: two short
// chains take half the time of one long one.
import {
  exp2, exp3, exp4, exp5, exp6, expOfLowest, ln2High, ln2Low, log2, log2OfE, log3, log4, log5, log6, log7, log8, log9,
  log10, lowest, one, roundToWhole, signBit,
} from './constants';

/** The largest number that exp is asked for: -|a|, but not below where it would leave the normal numbers. */
@inline
export function exponent(a: v128, sign: v128, least: v128): v128 {
  // pmax is one instruction on x86, max is a dozen.
  return f32x4.pmax(v128.or(a, sign), least);
}

/** Which power of two is next to exp(x), in the low bits of a float. */
@inline
export function power(x: v128, powers: v128, toWhole: v128): v128 {
  return f32x4.add(f32x4.mul(x, powers), toWhole);
}

/** What the power n leaves of x. */
@inline
export function rest(x: v128, n: v128, toWhole: v128, high: v128, low: v128): v128 {
  const whole = f32x4.sub(n, toWhole);
  return f32x4.sub(f32x4.sub(x, f32x4.mul(whole, high)), f32x4.mul(whole, low));
}

/** sum + x w: product first, two roundings, never fused. */
@inline
export function more(sum: v128, x: v128, w: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, w));
}

/** t q + c: a polynomial's next sum. */
@inline
export function next(q: v128, t: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(t, q), c);
}

/** exp(r), from its polynomial's last sum, times the power n. */
@inline
export function exp(r: v128, q: v128, n: v128, ones: v128, least: v128): v128 {
  const expOfR = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), q), r), ones);
  return f32x4.sub(i32x4.add(expOfR, i32x4.shl(n, 23)), least);
}

/** exp(-|a|); NaN where a is NaN. */
@inline
export function expMinusAbs(a: v128): v128 {
  const x = exponent(a, signBit, lowest), n = power(x, log2OfE, roundToWhole), r = rest(x, n, roundToWhole, ln2High, ln2Low);
  return exp(r, next(next(next(next(exp6, r, exp5), r, exp4), r, exp3), r, exp2), n, one, expOfLowest);
}

/** log(1 + t) for t from 0 to 1. */
@inline
export function log1p(t: v128): v128 {
  const q = next(next(next(next(next(log10, t, log9), t, log8), t, log7), t, log6), t, log5);
  return f32x4.add(f32x4.mul(f32x4.mul(t, t), next(next(next(q, t, log4), t, log3), t, log2)), t);
}

/** 1 / (1 + exp(-a)), given t = exp(-|a|). */
@inline
export function sigmoidOf(a: v128, t: v128, ones: v128): v128 {
  return f32x4.div(v128.bitselect(ones, t, f32x4.ge(a, f32x4.splat(0))), f32x4.add(ones, t));
}

/** log(1 + x) for x of at least 0, the same in all lanes. */
export function logOf1Plus(x: f32): f32 {
  let t = x, power: f32 = 0;
  if (!(x <= 1)) {
    const bits = reinterpret<i32>(<f32>1 + x);
    power = <f32>((bits >> 23) - 127);
    t = reinterpret<f32>((bits & 0x7f_ffff) | 0x3f80_0000) - <f32>1;
  }
  const v = f32x4.splat(t);
  const log = f32x4.extract_lane(log1p(v), 0);
  return power * f32x4.extract_lane(ln2High, 0) + (power * f32x4.extract_lane(ln2Low, 0) + log);
}
