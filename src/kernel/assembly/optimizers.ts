// Steps that keep moments, four parameters at a time: the operations of reference-steps.ts, which explains them.

const smallestGradient: f32 = reinterpret<f32>((127 - 50) << 23);
const smallestMoment: f32 = reinterpret<f32>((127 - 100) << 23);

/** x, or 0 where it is nearer to 0 than `smallest`; NaN stays NaN. */
@inline
function notTiny(x: v128, smallest: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), smallest));
}

/** The gradient of a batch with its penalty: scale g + (l2 w + l1 sign(w)). */
@inline
function penalised(g: v128, w: v128, scale: v128, l1: v128, l2: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1), minusZero = f32x4.splat(-0.0);
  const sign = v128.and(f32x4.ne(w, zero), v128.or(one, v128.and(w, minusZero)));
  return f32x4.add(f32x4.mul(scale, g), f32x4.add(f32x4.mul(l2, w), f32x4.mul(l1, sign)));
}

export function momentum(
  parameters: usize, gradient: usize, velocity: usize, floats: u32,
  scale: f32, l1: f32, l2: f32, learningRate: f32, momentum: f32, nesterov: bool,
): void {
  const s = f32x4.splat(scale), p1 = f32x4.splat(l1), p2 = f32x4.splat(l2), rate = f32x4.splat(learningRate);
  const mu = f32x4.splat(momentum), zero = f32x4.splat(0), tiny = f32x4.splat(smallestMoment);
  for (const end = parameters + (floats << 2); parameters < end; parameters += 16, gradient += 16, velocity += 16) {
    const w = v128.load(parameters);
    const g = penalised(v128.load(gradient), w, s, p1, p2);
    const v = notTiny(f32x4.add(f32x4.mul(mu, v128.load(velocity)), g), tiny);
    const step = nesterov ? f32x4.add(g, f32x4.mul(mu, v)) : v;
    v128.store(parameters, f32x4.sub(w, f32x4.mul(rate, step)));
    v128.store(velocity, v);
    v128.store(gradient, zero);
  }
}

export function adam(
  parameters: usize, gradient: usize, mean: usize, square: usize, floats: u32,
  scale: f32, l1: f32, l2: f32, stepSize: f32, rest1: f32, beta2: f32, rest2: f32, rootCorrection: f32, epsilon: f32, keep: f32,
): void {
  if (l1 == 0 && l2 == 0) adamSteps(false, parameters, gradient, mean, square, floats, scale, l1, l2, stepSize, rest1, beta2, rest2, rootCorrection, epsilon, keep);
  else adamSteps(true, parameters, gradient, mean, square, floats, scale, l1, l2, stepSize, rest1, beta2, rest2, rootCorrection, epsilon, keep);
}

/** Without a penalty a step has a quarter fewer operations, and the same bits: what it would add is 0, and notTiny() knows one 0 alone. */
@inline
function adamSteps(
  hasPenalty: bool, parameters: usize, gradient: usize, mean: usize, square: usize, floats: u32,
  scale: f32, l1: f32, l2: f32, stepSize: f32, rest1: f32, beta2: f32, rest2: f32, rootCorrection: f32, epsilon: f32, keep: f32,
): void {
  const s = f32x4.splat(scale), p1 = f32x4.splat(l1), p2 = f32x4.splat(l2), step = f32x4.splat(stepSize);
  const r1 = f32x4.splat(rest1), b2 = f32x4.splat(beta2), r2 = f32x4.splat(rest2);
  const root = f32x4.splat(rootCorrection), eps = f32x4.splat(epsilon), k = f32x4.splat(keep), zero = f32x4.splat(0);
  const tinyGradient = f32x4.splat(smallestGradient), tiny = f32x4.splat(smallestMoment);
  const end = parameters + (floats << 2);
  for (; parameters < end; parameters += 16, gradient += 16, mean += 16, square += 16) {
    const w = v128.load(parameters), before = v128.load(mean), raw = v128.load(gradient);
    const g = notTiny(hasPenalty ? penalised(raw, w, s, p1, p2) : f32x4.mul(s, raw), tinyGradient);
    const m = notTiny(f32x4.add(before, f32x4.mul(r1, f32x4.sub(g, before))), tiny);
    const v = notTiny(f32x4.add(f32x4.mul(b2, v128.load(square)), f32x4.mul(r2, f32x4.mul(g, g))), tiny);
    const size = f32x4.add(f32x4.mul(f32x4.sqrt(v), root), eps);
    v128.store(parameters, f32x4.sub(f32x4.mul(k, w), f32x4.mul(step, f32x4.div(m, size))));
    v128.store(mean, m);
    v128.store(square, v);
    v128.store(gradient, zero);
  }
}
