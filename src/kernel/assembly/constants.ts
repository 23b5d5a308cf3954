// The constants of math.ts, four copies each; float32.ts has the same and says where they come from.
//
// They are variables, assigned when the module starts, because V8 builds a vector constant anew at every use, with three
// instructions, but reads a variable with one: the sigmoid takes 20 ns a row of 20 units instead of 37.

export let signBit: v128 = f32x4.splat(-0.0);
export let lowest: v128 = f32x4.splat(-87.3);
export let log2OfE: v128 = f32x4.splat(1.4426950408889634);
export let roundToWhole: v128 = f32x4.splat(12582912);
export let ln2High: v128 = f32x4.splat(0.693359375);
export let ln2Low: v128 = f32x4.splat(-2.1219444e-4);
export let expOfLowest: v128 = f32x4.splat(1.2192433092680476e-38);
export let one: v128 = f32x4.splat(1);

// exp(r) = 1 + r + r^2 (exp2 + exp3 r + ...)
export let exp2: v128 = f32x4.splat(0.4999999403953552);
export let exp3: v128 = f32x4.splat(0.16666516661643982);
export let exp4: v128 = f32x4.splat(0.04166810214519501);
export let exp5: v128 = f32x4.splat(0.008369192481040955);
export let exp6: v128 = f32x4.splat(0.001383890281431377);

// log(1 + t) = t + t^2 (log2 + log3 t + ...)
export let log2: v128 = f32x4.splat(-0.4999993145465851);
export let log3: v128 = f32x4.splat(0.33330464363098145);
export let log4: v128 = f32x4.splat(-0.24958018958568573);
export let log5: v128 = f32x4.splat(0.19692102074623108);
export let log6: v128 = f32x4.splat(-0.15344880521297455);
export let log7: v128 = f32x4.splat(0.10661128163337708);
export let log8: v128 = f32x4.splat(-0.05745723098516464);
export let log9: v128 = f32x4.splat(0.020086241886019707);
export let log10: v128 = f32x4.splat(-0.003290468594059348);

// tanh(x) = x + x^3 (tanh3 + tanh5 x^2 + ...) while |x| < tanhNear
export let tanhNear: v128 = f32x4.splat(0.625);
export let tanh3: v128 = f32x4.splat(-0.3333328068256378);
export let tanh5: v128 = f32x4.splat(0.13331441581249237);
export let tanh7: v128 = f32x4.splat(-0.05373971536755562);
export let tanh9: v128 = f32x4.splat(0.0206390880048275);
export let tanh11: v128 = f32x4.splat(-0.005704987328499556);

/**
 * The same, for a place outside a loop: V8's revectorizer packs what uses a splat, and nothing that uses a variable. It is not built
 * anew either.
 */
@inline
export function splatted(constant: v128): v128 {
  return f32x4.splat(f32x4.extract_lane(constant, 0));
}
