/**
 * The activations of hidden units: one row each, number by number. assembly/ has the same on four numbers at once, as the
 * kernels `name` and `nameDeltas`.
 */
import { multiply, sigmoid, subtract, tanh } from './float32.ts';

interface ActivationFacts {
  /** Of a pre-activation. */
  readonly of: (a: number) => number;
  /** Its slope where it is h. */
  readonly slopeAt: (h: number) => number;
}

export const activations = {
  sigmoid: { of: sigmoid, slopeAt: (h) => multiply(h, subtract(1, h)) },
  tanh: { of: tanh, slopeAt: (h) => subtract(1, multiply(h, h)) },
  // NaN stays NaN, so that a training that has diverged is seen to have.
  relu: { of: (a) => (a < 0 ? 0 : a), slopeAt: (h) => (h > 0 ? 1 : 0) },
} as const satisfies Record<string, ActivationFacts>;

export type Activation = keyof typeof activations;

export const activationNames = Object.keys(activations) as readonly Activation[];
