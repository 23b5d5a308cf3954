/** How weights start. */
import { errors } from '../errors.ts';
import { type Random, randomStream } from '../random.ts';
import { parameterBlocks, parameterCount } from './model.ts';

/** Weights (inputs x units) and biases given number by number. */
export interface ExplicitLayers {
  readonly layers: readonly {
    readonly weights: readonly (readonly number[])[];
    readonly biases: readonly number[];
  }[];
}

export type InitialWeights = 'xavier-uniform' | 'normal' | 'normal-scaled' | ExplicitLayers;

/**
 * The starting parameters of a network: logical, in the order of its blocks; biases are 0 unless given.
 * - xavier-uniform: uniform in ±sqrt(6 / (inputs + units)) (Glorot and Bengio 2010, eq. 16)
 * - normal: N(0, 1)
 * - normal-scaled: N(0, 1) / sqrt(inputs)
 * @throws ERR_WEIGHTS_SHAPE where explicit weights do not fit `sizes`
 */
export function initialParameters(
  sizes: readonly number[],
  kind: InitialWeights,
  seed: number,
  replicate: number,
): Float32Array {
  if (typeof kind === 'object') return explicitParameters(sizes, kind);
  const random = randomStream(seed, 'initial weights', replicate, 0);
  const parameters = new Float32Array(parameterCount(sizes));
  let at = 0;
  for (const { name, rows, cols } of parameterBlocks(sizes)) {
    const end = at + rows * cols;
    if (name.startsWith('weights')) {
      const draw = distribution(kind, rows, cols, random);
      for (let i = at; i < end; i++) parameters[i] = draw();
    }
    at = end;
  }
  return parameters;
}

function distribution(
  kind: Exclude<InitialWeights, ExplicitLayers>,
  inputs: number,
  units: number,
  random: Random,
): () => number {
  switch (kind) {
    case 'xavier-uniform': {
      const limit = Math.sqrt(6 / (inputs + units));
      return () => (2 * random.uniform() - 1) * limit;
    }
    case 'normal':
      return () => random.normal();
    case 'normal-scaled': {
      const scale = 1 / Math.sqrt(inputs);
      return () => random.normal() * scale;
    }
    default:
      return kind satisfies never;
  }
}

function explicitParameters(sizes: readonly number[], { layers }: ExplicitLayers): Float32Array {
  const given = layers.map(({ weights, biases }) => [
    weights.length,
    weights.map((row) => row.length),
    biases.length,
  ]);
  const expected = sizes
    .slice(1)
    .map((units, layer) => [sizes[layer], new Array<number>(sizes[layer] as number).fill(units), units]);
  if (JSON.stringify(given) !== JSON.stringify(expected)) {
    const shapes = layers.map(({ weights, biases }) => {
      const widths = new Set(weights.map((row) => row.length));
      return `${weights.length}x${[...widths].join('|')}+${biases.length}`;
    });
    const wanted = sizes.slice(1).map((units, layer) => `${sizes[layer]}x${units}+${units}`);
    throw errors.weightsShape('model.initialWeights', shapes.join(', '), wanted.join(', '));
  }
  return Float32Array.from(layers.flatMap(({ weights, biases }) => [...weights.flat(), ...biases]));
}
