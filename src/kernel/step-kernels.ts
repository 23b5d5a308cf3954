/** The kernels of a step: descent, its penalties, and the optimizers that keep moments. Not here: schedules (train). */
import type { Address } from './layout.ts';

/** The gradient g that a step with moments is made of: scale gradient + l2 w + l1 sign(w). */
export interface PenalisedStep {
  readonly scale: number;
  readonly l1: number;
  readonly l2: number;
}

export interface MomentumStep extends PenalisedStep {
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
}

export interface AdamStep extends PenalisedStep {
  /** The learning rate / (1 - beta1^t). */
  readonly stepSize: number;
  /** 1 - beta1, and below 1 - beta2: taken in float32, 1 - 0.999 would be off by a hundred thousandth. */
  readonly rest1: number;
  readonly beta2: number;
  readonly rest2: number;
  /** 1 / sqrt(1 - beta2^t) */
  readonly rootCorrection: number;
  readonly epsilon: number;
  /** What is left of the parameters before the step: 1, or less where they decay. */
  readonly keep: number;
}

export interface StepKernels {
  /** parameters += factor * gradient, then gradient = 0, on `floats` numbers each (a multiple of 4). */
  descend(parameters: Address, gradient: Address, floats: number, factor: number): void;

  /**
   * A step with momentum, as PyTorch's SGD: v = momentum v + g, then parameters -= learningRate v, or (g + momentum v) for
   * nesterov; then gradient = 0. Moments below 2^-100 become 0. `floats` is a multiple of 4.
   */
  momentum(
    parameters: Address,
    gradient: Address,
    velocity: Address,
    floats: number,
    step: MomentumStep,
  ): void;

  /**
   * A step as PyTorch's Adam: the gradient's mean m and the mean of its square v move, then parameters =
   * keep parameters - stepSize m / (sqrt(v) rootCorrection + epsilon); then gradient = 0. Moments below 2^-100 and gradients
   * below 2^-50 count as 0. `floats` is a multiple of 4.
   */
  adam(
    parameters: Address,
    gradient: Address,
    mean: Address,
    square: Address,
    floats: number,
    step: AdamStep,
  ): void;

  /** L2: x = x + factor * x. `floats` is a multiple of 4. */
  decayL2(values: Address, floats: number, factor: number): void;

  /** L1: x = x + factor * sign(x), sign(0) = 0. `floats` is a multiple of 4. */
  decayL1(values: Address, floats: number, factor: number): void;
}
