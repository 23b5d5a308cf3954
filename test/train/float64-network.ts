/**
 * The network in float64 and plain loops, written from the paper's formulas and sharing no code with src: what the
 * float32 kernels are checked against. Its gradients are differences of its loss, so no derivative is taken by hand.
 */
import type { LoadedData } from '../../src/data/dataset.ts';

export type Reduction = 'sum' | 'mean';
export type ActivationName = keyof typeof activations;
export type OutputName = keyof typeof losses;
export type PenaltyKind = 'none' | 'l1' | 'l2';

/** Pre-activations of the last layer for one row. @param parameters weights1 (inputs x units), biases1, weights2, ... */
export function preActivations(
  sizes: readonly number[],
  parameters: ArrayLike<number>,
  row: ArrayLike<number>,
  activation: ActivationName = 'sigmoid',
  /** What a hidden unit's activation is multiplied by: 0 where it drops out. */
  mask: (layer: number, unit: number) => number = () => 1,
): number[] {
  let values = Array.from(row);
  let at = 0;
  for (let layer = 1; layer < sizes.length; layer++) {
    const inputs = sizes[layer - 1] as number;
    const units = sizes[layer] as number;
    const sums: number[] = [];
    for (let j = 0; j < units; j++) {
      let sum = parameters[at + inputs * units + j] as number;
      for (let i = 0; i < inputs; i++) {
        const h =
          layer === 1
            ? (values[i] as number)
            : activations[activation](values[i] as number) * mask(layer - 2, i);
        sum += h * (parameters[at + i * units + j] as number);
      }
      sums.push(sum);
    }
    at += (inputs + 1) * units;
    values = sums;
  }
  return values;
}

export function sigmoid(a: number): number {
  return 1 / (1 + Math.exp(-a));
}

const activations = {
  sigmoid,
  tanh: (a: number): number => (Math.exp(2 * a) - 1) / (Math.exp(2 * a) + 1),
  relu: (a: number): number => (a > 0 ? a : 0),
};

/** -ln of the probability of the label. */
export function categoricalCrossEntropy(outputs: readonly number[], label: number): number {
  const exps = outputs.map(Math.exp);
  return -Math.log((exps[label] as number) / exps.reduce((sum, exp) => sum + exp));
}

/** -(1 - y) ln(1 - y') - y ln y', summed over the outputs, for a row of this label. */
export function crossEntropy(outputs: readonly number[], label: number): number {
  let loss = 0;
  for (const [j, a] of outputs.entries()) {
    const predicted = sigmoid(a);
    loss -= j === label ? Math.log(predicted) : Math.log(1 - predicted);
  }
  return loss;
}

/** The mean over the outputs of (y' - y)^2. */
export const squaredError = (outputs: readonly number[], targets: ArrayLike<number>): number =>
  outputs.reduce((sum, output, j) => sum + (output - (targets[j] as number)) ** 2, 0) / outputs.length;

/** Of one row, by what its outputs are. */
export const losses = { sigmoid: crossEntropy, softmax: categoricalCrossEntropy, linear: squaredError };

/** The inputs of one row as the network sees them: pixels / 255. */
export const inputsOf = ({ values, inputs }: LoadedData, row: number): number[] =>
  Array.from(values.subarray(row * inputs, (row + 1) * inputs), (value) =>
    values instanceof Uint8Array ? value / 255 : value,
  );

export interface Setting {
  readonly reduction: Reduction;
  readonly penalty: PenaltyKind;
  readonly lambda: number;
  readonly activation?: ActivationName;
  readonly output?: OutputName;
}

/** Loss over `rows`, summed or averaged, and lambda * Omega over all parameters. */
export function loss(
  data: LoadedData,
  sizes: readonly number[],
  parameters: ArrayLike<number>,
  rows: readonly number[],
  setting: Setting,
): number {
  const { reduction, penalty, lambda, activation = 'sigmoid', output = 'sigmoid' } = setting;
  let total = 0;
  for (const row of rows) {
    const outputs = preActivations(sizes, parameters, inputsOf(data, row), activation);
    const targets = data.targets?.subarray(row * outputs.length, (row + 1) * outputs.length) ?? [];
    total +=
      output === 'linear'
        ? squaredError(outputs, targets)
        : losses[output](outputs, data.labels[row] as number);
  }
  return (reduction === 'sum' ? total : total / rows.length) + lambda * omega(parameters, penalty);
}

function omega(parameters: ArrayLike<number>, penalty: PenaltyKind): number {
  let sum = 0;
  for (let i = 0; i < parameters.length; i++) {
    const theta = parameters[i] as number;
    if (penalty === 'l2') sum += theta ** 2 / 2;
    if (penalty === 'l1') sum += Math.abs(theta);
  }
  return sum;
}

/** The gradient of `f` at `point` by central differences; their error is about 1e-9 where f is smooth. */
export function numericGradient(f: (point: Float64Array) => number, point: ArrayLike<number>): Float64Array {
  const step = 1e-5;
  const moved = Float64Array.from(point);
  return moved.map((value, i) => {
    moved[i] = value + step;
    const above = f(moved);
    moved[i] = value - step;
    const below = f(moved);
    moved[i] = value;
    return (above - below) / (2 * step);
  });
}
