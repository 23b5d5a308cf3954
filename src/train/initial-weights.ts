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

export type InitialWeights = keyof typeof distributions | ExplicitLayers;

/**
 * The starting parameters of a network: logical, in the order of its blocks; biases are 0 unless given.
 * - xavier-uniform: uniform in ±sqrt(6 / (inputs + units)) (Glorot and Bengio 2010, eq. 16)
 * - normal: N(0, 1)
 * - normal-scaled: N(0, 1) / sqrt(inputs)
 * - he-uniform: uniform in ±sqrt(6 / inputs) (He et al. 2015, eq. 10)
 * - he-normal: N(0, 1) * sqrt(2 / inputs)
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
      const draw = distributions[kind](random, rows, cols);
      for (let i = at; i < end; i++) parameters[i] = draw();
    }
    at = end;
  }
  return parameters;
}

type Distribution = (random: Random, inputs: number, units: number) => () => number;

const uniformWithin = (random: Random, limit: number) => () => (2 * random.uniform() - 1) * limit;
const normalTimes = (random: Random, scale: number) => () => random.normal() * scale;

const distributions = {
  'xavier-uniform': (random, inputs, units) => uniformWithin(random, Math.sqrt(6 / (inputs + units))),
  normal: (random) => () => random.normal(),
  'normal-scaled': (random, inputs) => normalTimes(random, 1 / Math.sqrt(inputs)),
  'he-uniform': (random, inputs) => uniformWithin(random, Math.sqrt(6 / inputs)),
  'he-normal': (random, inputs) => normalTimes(random, Math.sqrt(2 / inputs)),
} as const satisfies Record<string, Distribution>;

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
