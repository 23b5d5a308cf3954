/**
 * The outputs of a network: one row each, with what they learn and the kernels that work on their pre-activations.
 * Not here: the arithmetic (kernel/).
 */
import type { Kernels } from '../kernel/kernels.ts';
import type { Address, LayerParameters } from '../kernel/layout.ts';
import type { Learning } from '../metric.ts';

interface OutputFacts {
  /** What a row's answer is: its label, or its targets. */
  readonly learns: Learning;
  readonly deltas: 'outputDeltas' | 'softmaxDeltas' | 'squaredDeltas';
  readonly loss: 'loss' | 'softmaxLoss' | 'squaredErrors';
  /** Makes outputs of `count` rows of pre-activations, in place. */
  readonly finish: (kernels: Kernels, count: number, layer: LayerParameters, outputs: Address) => void;
}

export const outputs = {
  /** A sigmoid each; binary cross-entropy, summed over them. */
  sigmoid: {
    learns: 'classes',
    deltas: 'outputDeltas',
    loss: 'loss',
    finish: (kernels, count, { stride }, outputs) => kernels.sigmoid(outputs, count * stride),
  },
  /** Probabilities that add up to 1; categorical cross-entropy. */
  softmax: {
    learns: 'classes',
    deltas: 'softmaxDeltas',
    loss: 'softmaxLoss',
    finish: (kernels, count, layer, outputs) => kernels.softmax(count, layer, outputs),
  },
  /** A number each, as it is; squared errors, their mean over them. */
  linear: {
    learns: 'numbers',
    deltas: 'squaredDeltas',
    loss: 'squaredErrors',
    finish: () => {},
  },
} as const satisfies Record<string, OutputFacts>;

export type Output = keyof typeof outputs;

export const outputNames = Object.keys(outputs) as readonly Output[];

/** Those that learn classes, or those that learn numbers. */
export const outputsFor = (learning: Learning): readonly Output[] =>
  outputNames.filter((name) => outputs[name].learns === learning);
