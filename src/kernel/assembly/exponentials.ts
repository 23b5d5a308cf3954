// exp(-|a|) on a block of numbers, the activations that are made of it, and log(1 + t).
//
// Every constant is splatted before the loop, and what a step stores it stores last: from such a loop V8 makes 256-bit operations,
// where that is on, and none from one that reads variables or stores twice at the same place.
import {
  exp2, exp3, exp4, exp5, exp6, expOfLowest, ln2High, ln2Low, log10, log2, log2OfE, log3, log4, log5, log6, log7, log8, log9, lowest,
  one, roundToWhole, signBit, splatted, tanh11, tanh3, tanh5, tanh7, tanh9, tanhNear,
} from './constants';
import { exp, expMinusAbs, exponent, log1p, next, power, rest, sigmoidOf } from './math';

/** What becomes of a number a: exp(-|a|) itself, 1 / (1 + exp(-a)) or tanh(a). */
const EXPONENTIAL: u32 = 0, SIGMOID: u32 = 1, TANH: u32 = 2;

export function sigmoid(values: usize, floats: u32): void {
  ofExponentials(SIGMOID, values, values, floats);
}

export function tanh(values: usize, floats: u32): void {
  ofExponentials(TANH, values, values, floats);
}

/** exp(-|a|) of each a. */
export function exponentials(from: usize, to: usize, floats: u32): void {
  ofExponentials(EXPONENTIAL, from, to, floats);
}

/** t = log(1 + t) for each t from 0 to 1, four numbers' chains at a time. */
export function logarithms(values: usize, floats: u32): void {
  const c2 = splatted(log2), c3 = splatted(log3), c4 = splatted(log4), c5 = splatted(log5), c6 = splatted(log6);
  const c7 = splatted(log7), c8 = splatted(log8), c9 = splatted(log9), c10 = splatted(log10), end = values + (floats << 2);
  for (; values + 48 < end; values += 64) {
    const t0 = v128.load(values), t1 = v128.load(values, 16), t2 = v128.load(values, 32), t3 = v128.load(values, 48);
    let q0 = next(c10, t0, c9), q1 = next(c10, t1, c9), q2 = next(c10, t2, c9), q3 = next(c10, t3, c9);
    q0 = next(q0, t0, c8), q1 = next(q1, t1, c8), q2 = next(q2, t2, c8), q3 = next(q3, t3, c8);
    q0 = next(q0, t0, c7), q1 = next(q1, t1, c7), q2 = next(q2, t2, c7), q3 = next(q3, t3, c7);
    q0 = next(q0, t0, c6), q1 = next(q1, t1, c6), q2 = next(q2, t2, c6), q3 = next(q3, t3, c6);
    q0 = next(q0, t0, c5), q1 = next(q1, t1, c5), q2 = next(q2, t2, c5), q3 = next(q3, t3, c5);
    q0 = next(q0, t0, c4), q1 = next(q1, t1, c4), q2 = next(q2, t2, c4), q3 = next(q3, t3, c4);
    q0 = next(q0, t0, c3), q1 = next(q1, t1, c3), q2 = next(q2, t2, c3), q3 = next(q3, t3, c3);
    q0 = next(q0, t0, c2), q1 = next(q1, t1, c2), q2 = next(q2, t2, c2), q3 = next(q3, t3, c2);
    v128.store(values, next(q0, f32x4.mul(t0, t0), t0));
    v128.store(values, next(q1, f32x4.mul(t1, t1), t1), 16);
    v128.store(values, next(q2, f32x4.mul(t2, t2), t2), 32);
    v128.store(values, next(q3, f32x4.mul(t3, t3), t3), 48);
  }
  for (; values < end; values += 16) v128.store(values, log1p(v128.load(values)));
}

/** Four numbers' chains at a time: see math.ts. */
@inline
function ofExponentials(kind: u32, from: usize, to: usize, floats: u32): void {
  const sign = splatted(signBit), least = splatted(lowest), powers = splatted(log2OfE), toWhole = splatted(roundToWhole);
  const high = splatted(ln2High), low = splatted(ln2Low), ones = splatted(one), expOfLeast = splatted(expOfLowest);
  const e2 = splatted(exp2), e3 = splatted(exp3), e4 = splatted(exp4), e5 = splatted(exp5), e6 = splatted(exp6);
  const h3 = splatted(tanh3), h5 = splatted(tanh5), h7 = splatted(tanh7), h9 = splatted(tanh9), h11 = splatted(tanh11);
  const near = splatted(tanhNear), end = from + (floats << 2);
  for (; from + 48 < end; from += 64, to += 64) {
    const a0 = v128.load(from), a1 = v128.load(from, 16), a2 = v128.load(from, 32), a3 = v128.load(from, 48);
    const x0 = exponent(argument(kind, a0), sign, least), x1 = exponent(argument(kind, a1), sign, least);
    const x2 = exponent(argument(kind, a2), sign, least), x3 = exponent(argument(kind, a3), sign, least);
    const n0 = power(x0, powers, toWhole), n1 = power(x1, powers, toWhole), n2 = power(x2, powers, toWhole), n3 = power(x3, powers, toWhole);
    const r0 = rest(x0, n0, toWhole, high, low), r1 = rest(x1, n1, toWhole, high, low);
    const r2 = rest(x2, n2, toWhole, high, low), r3 = rest(x3, n3, toWhole, high, low);
    let q0 = next(e6, r0, e5), q1 = next(e6, r1, e5), q2 = next(e6, r2, e5), q3 = next(e6, r3, e5);
    q0 = next(q0, r0, e4), q1 = next(q1, r1, e4), q2 = next(q2, r2, e4), q3 = next(q3, r3, e4);
    q0 = next(q0, r0, e3), q1 = next(q1, r1, e3), q2 = next(q2, r2, e3), q3 = next(q3, r3, e3);
    q0 = next(q0, r0, e2), q1 = next(q1, r1, e2), q2 = next(q2, r2, e2), q3 = next(q3, r3, e2);
    const t0 = exp(r0, q0, n0, ones, expOfLeast), t1 = exp(r1, q1, n1, ones, expOfLeast);
    const t2 = exp(r2, q2, n2, ones, expOfLeast), t3 = exp(r3, q3, n3, ones, expOfLeast);
    v128.store(to, made(kind, a0, t0, ones, sign, near, h3, h5, h7, h9, h11));
    v128.store(to, made(kind, a1, t1, ones, sign, near, h3, h5, h7, h9, h11), 16);
    v128.store(to, made(kind, a2, t2, ones, sign, near, h3, h5, h7, h9, h11), 32);
    v128.store(to, made(kind, a3, t3, ones, sign, near, h3, h5, h7, h9, h11), 48);
  }
  for (; from < end; from += 16, to += 16) {
    const a = v128.load(from);
    v128.store(to, made(kind, a, expMinusAbs(argument(kind, a)), one, signBit, near, h3, h5, h7, h9, h11));
  }
}

/** What exp is asked of. */
@inline
function argument(kind: u32, a: v128): v128 {
  return kind == TANH ? f32x4.add(a, a) : a;
}

/** Of a, given t = exp(-|a|), or exp(-2 |a|) for tanh. */
@inline
function made(
  kind: u32, a: v128, t: v128, ones: v128, sign: v128, near: v128, h3: v128, h5: v128, h7: v128, h9: v128, h11: v128,
): v128 {
  if (kind == EXPONENTIAL) return t;
  if (kind == SIGMOID) return sigmoidOf(a, t, ones);
  const z = f32x4.mul(a, a);
  const q = next(next(next(next(h11, z, h9), z, h7), z, h5), z, h3);
  const small = f32x4.add(a, f32x4.mul(f32x4.mul(a, z), q));
  const far = v128.or(f32x4.div(f32x4.sub(ones, t), f32x4.add(ones, t)), v128.and(a, sign));
  return v128.bitselect(small, far, f32x4.lt(f32x4.abs(a), near));
}
