// exp(-|a|) on a block of numbers, and the activations that are made of it.
//
// Every constant is splatted before the loop, and what a step stores it stores last: from such a loop V8 makes 256-bit operations,
// where that is on, and none from one that reads variables or stores twice at the same place.
import {
  exp2, exp3, exp4, exp5, exp6, expOfLowest, ln2High, ln2Low, log2OfE, lowest, one, roundToWhole, signBit, splatted, tanh11, tanh3,
  tanh5, tanh7, tanh9, tanhNear,
} from './constants';
import { exp, expMinusAbs, exponent, next, power, rest, sigmoidOf } from './math';

/** What becomes of a number a: exp(-|a|) itself, 1 / (1 + exp(-a)) or tanh(a). */
const EXPONENTIAL: u32 = 0, SIGMOID: u32 = 1, TANH: u32 = 2;

export function sigmoid(values: usize, floats: u32): void {
  ofExponentials(SIGMOID, values, floats);
}

export function tanh(values: usize, floats: u32): void {
  ofExponentials(TANH, values, floats);
}

/** x = exp(x) of numbers that are not above 0. */
export function exponentials(values: usize, floats: u32): void {
  ofExponentials(EXPONENTIAL, values, floats);
}

/** Four numbers' chains at a time: see math.ts. */
@inline
function ofExponentials(kind: u32, values: usize, floats: u32): void {
  const sign = splatted(signBit), least = splatted(lowest), powers = splatted(log2OfE), toWhole = splatted(roundToWhole);
  const high = splatted(ln2High), low = splatted(ln2Low), ones = splatted(one), expOfLeast = splatted(expOfLowest);
  const e2 = splatted(exp2), e3 = splatted(exp3), e4 = splatted(exp4), e5 = splatted(exp5), e6 = splatted(exp6);
  const h3 = splatted(tanh3), h5 = splatted(tanh5), h7 = splatted(tanh7), h9 = splatted(tanh9), h11 = splatted(tanh11);
  const near = splatted(tanhNear), end = values + (floats << 2);
  for (; values + 48 < end; values += 64) {
    const a0 = v128.load(values), a1 = v128.load(values, 16), a2 = v128.load(values, 32), a3 = v128.load(values, 48);
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
    v128.store(values, made(kind, a0, t0, ones, sign, near, h3, h5, h7, h9, h11));
    v128.store(values, made(kind, a1, t1, ones, sign, near, h3, h5, h7, h9, h11), 16);
    v128.store(values, made(kind, a2, t2, ones, sign, near, h3, h5, h7, h9, h11), 32);
    v128.store(values, made(kind, a3, t3, ones, sign, near, h3, h5, h7, h9, h11), 48);
  }
  for (; values < end; values += 16) {
    const a = v128.load(values);
    v128.store(values, made(kind, a, expMinusAbs(argument(kind, a)), one, signBit, near, h3, h5, h7, h9, h11));
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
