// exp, sigmoid and log1p on four float32 lanes, by polynomials: Math.exp and Math.log differ between engines.
// reference.ts does the same operations in the same order and explains them; a coefficient changes in both files or in none.

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** exp(-|a|); NaN where a is NaN. */
// @ts-ignore: decorator
@inline
export function expMinusAbs(a: v128): v128 {
  const x = f32x4.pmax(v128.or(a, i32x4.splat(0x80000000)), splat(-87.3));
  const z = f32x4.add(f32x4.mul(x, splat(1.44269504)), splat(12582912));
  const n = f32x4.sub(z, splat(12582912));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, splat(0.693359375))), f32x4.mul(n, splat(-2.12194440e-4)));
  let q = f32x4.add(f32x4.mul(r, splat(0.001383890281431377)), splat(0.008369192481040955));
  q = f32x4.add(f32x4.mul(r, q), splat(0.04166810214519501));
  q = f32x4.add(f32x4.mul(r, q), splat(0.16666516661643982));
  q = f32x4.add(f32x4.mul(r, q), splat(0.4999999403953552));
  const p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), q), r), splat(1));
  const t = i32x4.add(p, i32x4.shl(z, 23));
  return f32x4.sub(t, splat(TINY));
}

/** What exp(-|a|) would be from |a| = 87.3 on. */
const TINY: f32 = 1.2192433092680476e-38;

/** 1 / (1 + exp(-a)) */
// @ts-ignore: decorator
@inline
export function sigmoidOf(a: v128): v128 {
  const t = expMinusAbs(a);
  const one = splat(1);
  return f32x4.div(v128.bitselect(one, t, f32x4.ge(a, splat(0))), f32x4.add(one, t));
}

/** log(1 + t) for t from 0 to 1. */
// @ts-ignore: decorator
@inline
export function log1pOf(t: v128): v128 {
  let q = f32x4.add(f32x4.mul(t, splat(-0.003290468594059348)), splat(0.020086241886019707));
  q = f32x4.add(f32x4.mul(t, q), splat(-0.05745723098516464));
  q = f32x4.add(f32x4.mul(t, q), splat(0.10661128163337708));
  q = f32x4.add(f32x4.mul(t, q), splat(-0.15344880521297455));
  q = f32x4.add(f32x4.mul(t, q), splat(0.19692102074623108));
  q = f32x4.add(f32x4.mul(t, q), splat(-0.24958018958568573));
  q = f32x4.add(f32x4.mul(t, q), splat(0.33330464363098145));
  q = f32x4.add(f32x4.mul(t, q), splat(-0.4999993145465851));
  return f32x4.add(f32x4.mul(f32x4.mul(t, t), q), t);
}
