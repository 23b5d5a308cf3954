/**
 * How a gradient becomes a step: the optimizers and penalties, with PyTorch's meaning of every name.
 * Not here: gradients (backprop.ts), the rate of an epoch (schedule.ts), the arithmetic (kernel/).
 */
import type { Kernels } from '../kernel/kernels.ts';
import type { Address } from '../kernel/layout.ts';
import { power } from './schedule.ts';

export type Optimizer =
  | {
      readonly kind: 'sgd';
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly weightDecay: number;
    }
  | {
      readonly kind: 'adam' | 'adamw';
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    };

export type OptimizerKind = Optimizer['kind'];
export const optimizerKinds = ['sgd', 'adam', 'adamw'] as const satisfies readonly OptimizerKind[];

export type Penalty = 'none' | 'l1' | 'l2';

/** Plain gradient descent. */
export const plainDescent = {
  kind: 'sgd',
  momentum: 0,
  nesterov: false,
  weightDecay: 0,
} as const satisfies Optimizer;

/** How many numbers an optimizer keeps of each parameter. */
export function momentsOf(optimizer: Optimizer): number {
  switch (optimizer.kind) {
    case 'sgd':
      return optimizer.momentum === 0 ? 0 : 1;
    case 'adam':
    case 'adamw':
      return 2;
    default:
      return optimizer satisfies never;
  }
}

/** Adam's betas to the power of the number of a step, for the correction of its moments, which start at 0. */
export interface Decayed {
  readonly beta1: number;
  readonly beta2: number;
}

const betasOf = (optimizer: Optimizer): Decayed =>
  optimizer.kind === 'sgd' ? { beta1: 0, beta2: 0 } : optimizer;

/** After so many steps. */
export function decayedAfter(optimizer: Optimizer, steps: number): Decayed {
  const { beta1, beta2 } = betasOf(optimizer);
  return { beta1: power(beta1, steps), beta2: power(beta2, steps) };
}

/** After one step more. */
export function decayedOnce(optimizer: Optimizer, before: Decayed): Decayed {
  const { beta1, beta2 } = betasOf(optimizer);
  return { beta1: before.beta1 * beta1, beta2: before.beta2 * beta2 };
}

/** How far a step goes. */
export interface Step {
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  /** What the summed gradient is divided by: 1, or the batch's rows for their mean. */
  readonly divisor: number;
  readonly penalty: Penalty;
  readonly lambda: number;
  /** Of this step. */
  readonly decayed: Decayed;
}

/** What a step works on: blocks of `floats` padded numbers each. */
export interface Stepped {
  readonly parameters: Address;
  readonly gradient: Address;
  /** momentsOf(optimizer) blocks. */
  readonly moments: readonly Address[];
  readonly floats: number;
}

/** One step; leaves the gradient at 0. */
export function descend(kernels: Kernels, at: Stepped, step: Step): void {
  const { parameters, gradient, floats } = at;
  const { optimizer, learningRate, divisor, penalty, lambda } = step;
  if (momentsOf(optimizer) === 0) {
    const { weightDecay } = optimizer;
    if (penalty === 'l1') kernels.decayL1(parameters, floats, -learningRate * lambda);
    if (penalty === 'l2') kernels.decayL2(parameters, floats, -learningRate * lambda);
    if (weightDecay > 0) kernels.decayL2(parameters, floats, -learningRate * weightDecay);
    kernels.descend(parameters, gradient, floats, -learningRate / divisor);
    return;
  }
  const decay = optimizer.kind === 'adamw' ? 0 : optimizer.weightDecay;
  const penalised = {
    scale: 1 / divisor,
    l1: penalty === 'l1' ? lambda : 0,
    l2: (penalty === 'l2' ? lambda : 0) + decay,
  };
  const [first, second] = at.moments as [Address, Address];
  switch (optimizer.kind) {
    case 'sgd': {
      const { momentum, nesterov } = optimizer;
      kernels.momentum(parameters, gradient, first, floats, {
        ...penalised,
        learningRate,
        momentum,
        nesterov,
      });
      return;
    }
    case 'adam':
    case 'adamw': {
      const { beta1, beta2, epsilon, weightDecay } = optimizer;
      kernels.adam(parameters, gradient, first, second, floats, {
        ...{ ...penalised, rest1: 1 - beta1, beta2, rest2: 1 - beta2, epsilon },
        stepSize: learningRate / (1 - step.decayed.beta1),
        rootCorrection: 1 / Math.sqrt(1 - step.decayed.beta2),
        keep: optimizer.kind === 'adamw' ? 1 - learningRate * weightDecay : 1,
      });
      return;
    }
    default:
      optimizer satisfies never;
  }
}
