/**
 * What a trained network says to a picture, worked out in the page.
 * Not here: training. Its Math.exp is not the kernels': outputs may differ in the last digits, which no digit turns on.
 */
import type { Activation } from '../../kernel/activations.ts';
import type { Output } from '../../train/outputs.ts';

export interface Network {
  readonly activation: Activation;
  readonly output: Output;
  /** Units of each layer, the input first. */
  readonly sizes: readonly number[];
  /** weights1 (inputs x units), biases1, weights2, ... */
  readonly parameters: Float32Array;
}

const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));

const activations: Readonly<Record<Activation, (a: number) => number>> = {
  sigmoid,
  tanh: Math.tanh,
  relu: (a) => Math.max(a, 0),
};

const outputs: Readonly<Record<Output, (sums: Float64Array<ArrayBuffer>) => Float64Array<ArrayBuffer>>> = {
  sigmoid: (sums) => sums.map(sigmoid),
  softmax(sums) {
    const largest = Math.max(...sums);
    const exps = sums.map((sum) => Math.exp(sum - largest));
    const total = exps.reduce((one, other) => one + other, 0);
    return exps.map((exp) => exp / total);
  },
  linear: (sums) => sums,
};

/** The outputs (0 to 1, one a class) for one picture; `input` as the network was trained on: value / 255, or raw. */
export function outputsOf(
  { sizes, parameters, activation, output }: Network,
  input: ArrayLike<number>,
): Float64Array {
  let values = Float64Array.from(input);
  let offset = 0;
  for (let layer = 1; layer < sizes.length; layer++) {
    const inputs = sizes[layer - 1] as number;
    const units = sizes[layer] as number;
    const biases = offset + inputs * units;
    const sums = Float64Array.from(parameters.subarray(biases, biases + units));
    for (let from = 0; from < inputs; from++) {
      const value = values[from] as number;
      // Most pixels are blank.
      if (value === 0) continue;
      const row = offset + from * units;
      for (let unit = 0; unit < units; unit++)
        sums[unit] = (sums[unit] as number) + value * (parameters[row + unit] as number);
    }
    values = layer < sizes.length - 1 ? sums.map(activations[activation]) : outputs[output](sums);
    offset = biases + units;
  }
  return values;
}
