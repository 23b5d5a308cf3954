// exp, sigmoid and tanh and log1p on four lanes: the operations of float32.ts, which explains them, in the same order.
// Each is a chain in which every operation waits for the one before, and a processor looks only some hundred operations ahead
// for others. So exp takes four numbers' chains at a time, and a logarithm has a loop of its own behind it: two short chains on
// a block take half the time of one long one.
import {
  exp2, exp3, exp4, exp5, exp6, expOfLowest, ln2High, ln2Low, log2, log2OfE, log3, log4, log5, log6, log7, log8, log9,
  log10, lowest, one, roundToWhole, signBit, tanh11, tanh3, tanh5, tanh7, tanh9, tanhNear,
} from './constants';

/** The largest number that exp is asked for: -|a|, but not below where it would leave the normal numbers. */
@inline
function exponent(a: v128): v128 {
  // pmax is one instruction on x86, max is a dozen.
  return f32x4.pmax(v128.or(a, signBit), lowest);
}

/** Which power of two is next to exp(x), in the low bits of a float. */
@inline
function power(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, log2OfE), roundToWhole);
}

/** What the power n leaves of x. */
@inline
function rest(x: v128, n: v128): v128 {
  const whole = f32x4.sub(n, roundToWhole);
  return f32x4.sub(f32x4.sub(x, f32x4.mul(whole, ln2High)), f32x4.mul(whole, ln2Low));
}

/** t q + c: a polynomial's next sum. */
@inline
function next(q: v128, t: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(t, q), c);
}

/** exp(r), from its polynomial's last sum, times the power n. */
@inline
function exp(r: v128, q: v128, n: v128): v128 {
  const expOfR = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), q), r), one);
  return f32x4.sub(i32x4.add(expOfR, i32x4.shl(n, 23)), expOfLowest);
}

/** exp(-|a|); NaN where a is NaN. */
@inline
export function expMinusAbs(a: v128): v128 {
  const x = exponent(a), n = power(x), r = rest(x, n);
  return exp(r, next(next(next(next(exp6, r, exp5), r, exp4), r, exp3), r, exp2), n);
}

/** log(1 + t) for t from 0 to 1. */
@inline
export function log1p(t: v128): v128 {
  const q = next(next(next(next(next(log10, t, log9), t, log8), t, log7), t, log6), t, log5);
  return f32x4.add(f32x4.mul(f32x4.mul(t, t), next(next(next(q, t, log4), t, log3), t, log2)), t);
}

/** 1 / (1 + exp(-a)), given t = exp(-|a|). */
@inline
export function sigmoidOf(a: v128, t: v128): v128 {
  return f32x4.div(v128.bitselect(one, t, f32x4.ge(a, f32x4.splat(0))), f32x4.add(one, t));
}

/** tanh(a), given t = exp(-2 |a|). */
@inline
export function tanhOf(a: v128, t: v128): v128 {
  const z = f32x4.mul(a, a);
  const q = next(next(next(next(tanh11, z, tanh9), z, tanh7), z, tanh5), z, tanh3);
  const near = f32x4.add(a, f32x4.mul(f32x4.mul(a, z), q));
  const far = v128.or(f32x4.div(f32x4.sub(one, t), f32x4.add(one, t)), v128.and(a, signBit));
  return v128.bitselect(near, far, f32x4.lt(f32x4.abs(a), tanhNear));
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

/** a = exp(-|a|) on 16 numbers. */
@inline
export function expsOf16(at: usize): void {
  const x0 = exponent(v128.load(at)), x1 = exponent(v128.load(at, 16));
  const x2 = exponent(v128.load(at, 32)), x3 = exponent(v128.load(at, 48));
  const n0 = power(x0), n1 = power(x1), n2 = power(x2), n3 = power(x3);
  const r0 = rest(x0, n0), r1 = rest(x1, n1), r2 = rest(x2, n2), r3 = rest(x3, n3);
  let c = exp5, q0 = next(exp6, r0, c), q1 = next(exp6, r1, c), q2 = next(exp6, r2, c), q3 = next(exp6, r3, c);
  c = exp4, q0 = next(q0, r0, c), q1 = next(q1, r1, c), q2 = next(q2, r2, c), q3 = next(q3, r3, c);
  c = exp3, q0 = next(q0, r0, c), q1 = next(q1, r1, c), q2 = next(q2, r2, c), q3 = next(q3, r3, c);
  c = exp2, q0 = next(q0, r0, c), q1 = next(q1, r1, c), q2 = next(q2, r2, c), q3 = next(q3, r3, c);
  v128.store(at, exp(r0, q0, n0));
  v128.store(at, exp(r1, q1, n1), 16);
  v128.store(at, exp(r2, q2, n2), 32);
  v128.store(at, exp(r3, q3, n3), 48);
}
