/** The kernels of a step as plain loops: descent, its penalties, and the optimizers that keep moments. */
import { add, divide, fround, multiply, subtract } from './float32.ts';
import type { Address } from './layout.ts';
import type { PenalisedStep, StepKernels } from './step-kernels.ts';

/**
 * Numbers nearer to 0 count as 0: moments of inputs that are always blank decay for ever, and denormal numbers, which they
 * would become, take a hundred times as long to compute with. A gradient's square would be as small as a moment.
 */
const smallestMoment = 2 ** -100;
const smallestGradient = 2 ** -50;
const notTiny = (x: number, smallest: number): number => (Math.abs(x) < smallest ? 0 : x);

// Not Math.sign, which keeps the sign of -0.
const sign = (x: number): number => (x > 0 ? 1 : x < 0 ? -1 : 0);

/** These kernels on the numbers of `buffer`. */
export function stepKernels(buffer: ArrayBufferLike): StepKernels {
  const floats = new Float32Array(buffer);
  const blockAt = (address: Address, count: number): Float32Array =>
    floats.subarray(address / 4, address / 4 + count);
  const penalised = (g: number, w: number, { scale, l1, l2 }: PenalisedStep): number =>
    add(multiply(fround(scale), g), add(multiply(fround(l2), w), multiply(fround(l1), sign(w))));

  return {
    descend(parameters, gradient, count, factor) {
      const [ws, gs] = [blockAt(parameters, count), blockAt(gradient, count)];
      for (const [i, g] of gs.entries()) ws[i] = add(ws[i] as number, multiply(fround(factor), g));
      gs.fill(0);
    },

    decayL2(values, count, factor) {
      const ws = blockAt(values, count);
      for (const [i, w] of ws.entries()) ws[i] = add(w, multiply(fround(factor), w));
    },

    decayL1(values, count, factor) {
      const ws = blockAt(values, count);
      for (const [i, w] of ws.entries()) ws[i] = add(w, multiply(fround(factor), sign(w)));
    },

    momentum(parameters, gradient, velocity, count, step) {
      const [ws, gs, vs] = [parameters, gradient, velocity].map((address) =>
        blockAt(address, count),
      ) as Blocks<3>;
      const [momentum, rate] = [fround(step.momentum), fround(step.learningRate)];
      for (const [i, w] of ws.entries()) {
        const g = penalised(gs[i] as number, w, step);
        const v = notTiny(add(multiply(momentum, vs[i] as number), g), smallestMoment);
        ws[i] = subtract(w, multiply(rate, step.nesterov ? add(g, multiply(momentum, v)) : v));
        vs[i] = v;
      }
      gs.fill(0);
    },

    adam(parameters, gradient, mean, square, count, step) {
      const [ws, gs, ms, vs] = [parameters, gradient, mean, square].map((address) =>
        blockAt(address, count),
      ) as Blocks<4>;
      const [rest1, beta2, rest2] = [step.rest1, step.beta2, step.rest2].map(fround) as [
        number,
        number,
        number,
      ];
      for (const [i, w] of ws.entries()) {
        const before = ms[i] as number;
        const g = notTiny(penalised(gs[i] as number, w, step), smallestGradient);
        const m = notTiny(add(before, multiply(rest1, subtract(g, before))), smallestMoment);
        const v = notTiny(
          add(multiply(beta2, vs[i] as number), multiply(rest2, multiply(g, g))),
          smallestMoment,
        );
        const size = add(multiply(fround(Math.sqrt(v)), fround(step.rootCorrection)), fround(step.epsilon));
        ws[i] = subtract(multiply(fround(step.keep), w), multiply(fround(step.stepSize), divide(m, size)));
        ms[i] = m;
        vs[i] = v;
      }
      gs.fill(0);
    },
  };
}

type Blocks<Count extends 3 | 4> = Count extends 3
  ? [Float32Array, Float32Array, Float32Array]
  : [Float32Array, Float32Array, Float32Array, Float32Array];
