// exp, sigmoid and log1p on four lanes: the operations of reference.ts, which explains them, in the same order.
import {
  exp2, exp3, exp4, exp5, exp6, expOfLowest, ln2High, ln2Low, log2, log2OfE, log3, log4, log5, log6, log7, log8, log9,
  log10, lowest, one, roundToWhole, signBit,
} from './constants';

/** exp(-|a|); NaN where a is NaN. pmax is one instruction on x86, max is a dozen. */
// @ts-ignore: decorator
@inline
export function expMinusAbs(a: v128): v128 {
  const x = f32x4.pmax(v128.or(a, signBit), lowest);
  const shifted = f32x4.add(f32x4.mul(x, log2OfE), roundToWhole);
  const n = f32x4.sub(shifted, roundToWhole);
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, ln2High)), f32x4.mul(n, ln2Low));
  let q = f32x4.add(f32x4.mul(r, exp6), exp5);
  q = f32x4.add(f32x4.mul(r, q), exp4);
  q = f32x4.add(f32x4.mul(r, q), exp3);
  q = f32x4.add(f32x4.mul(r, q), exp2);
  const expOfR = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), q), r), one);
  return f32x4.sub(i32x4.add(expOfR, i32x4.shl(shifted, 23)), expOfLowest);
}

/** 1 / (1 + exp(-a)) */
// @ts-ignore: decorator
@inline
export function sigmoidOf(a: v128): v128 {
  const t = expMinusAbs(a);
  return f32x4.div(v128.bitselect(one, t, f32x4.ge(a, f32x4.splat(0))), f32x4.add(one, t));
}

/** log(1 + t) for t from 0 to 1. */
// @ts-ignore: decorator
@inline
export function log1pOf(t: v128): v128 {
  let q = f32x4.add(f32x4.mul(t, log10), log9);
  q = f32x4.add(f32x4.mul(t, q), log8);
  q = f32x4.add(f32x4.mul(t, q), log7);
  q = f32x4.add(f32x4.mul(t, q), log6);
  q = f32x4.add(f32x4.mul(t, q), log5);
  q = f32x4.add(f32x4.mul(t, q), log4);
  q = f32x4.add(f32x4.mul(t, q), log3);
  q = f32x4.add(f32x4.mul(t, q), log2);
  return f32x4.add(f32x4.mul(f32x4.mul(t, t), q), t);
}
