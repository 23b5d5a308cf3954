/**
 * The outputs of a network: one row each, with the kernels that work on its pre-activations.
 * Not here: the arithmetic (kernel/).
 */
import type { Address, Kernels, LayerParameters } from '../kernel/kernels.ts';

interface OutputFacts {
  readonly deltas: 'outputDeltas' | 'softmaxDeltas';
  readonly loss: 'loss' | 'softmaxLoss';
  /** Makes outputs of `count` rows of pre-activations, in place. */
  readonly finish: (kernels: Kernels, count: number, layer: LayerParameters, outputs: Address) => void;
}

export const outputs = {
  /** A sigmoid each; binary cross-entropy, summed over them. */
  sigmoid: {
    deltas: 'outputDeltas',
    loss: 'loss',
    finish: (kernels, count, { stride }, outputs) => kernels.sigmoid(outputs, count * stride),
  },
  /** Probabilities that add up to 1; categorical cross-entropy. */
  softmax: {
    deltas: 'softmaxDeltas',
    loss: 'softmaxLoss',
    finish: (kernels, count, layer, outputs) => kernels.softmax(count, layer, outputs),
  },
} as const satisfies Record<string, OutputFacts>;

export type Output = keyof typeof outputs;

export const outputNames = Object.keys(outputs) as readonly Output[];
