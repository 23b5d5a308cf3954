/**
 * A model as an ONNX file: raw values in (pixels from 0 to 255, or a table's numbers), a probability for each class out.
 * Not here: reading. Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
import type { Activation } from '../kernel/activations.ts';
import type { Model } from '../model/model-file.ts';
import { modelMetadata } from '../model/model-metadata.ts';
import { type Encoding, type Target, targetsOf } from '../train/encoding.ts';
import { type Output, outputs } from '../train/outputs.ts';
import { weightsBytes } from '../train/weights-hash.ts';
import { bytesField, type Field, numberField } from './protobuf.ts';

/** The format of 2021, and the operators of that year: read by everything since. */
const irVersion = 8;
const operatorSet = 17;

const float32 = 1;
const float64 = 11;

/** What the graph's input and output are called; both have a free number of rows, N. */
const inputName = (encoding: Encoding): string => (encoding.kind === 'pictures' ? 'pixels' : 'values');
export const outputName = (output: Output): string =>
  outputs[output].learns === 'classes' ? 'probabilities' : 'predictions';

/** The nodes and constants of a piece of graph, and the name of its last value. */
interface Graph {
  readonly nodes: readonly Field[];
  readonly tensors: readonly Field[];
  readonly output: string;
}

/**
 * The whole file: `pixels` or `values` (N x inputs, float32) to `probabilities` (N x classes, float32), or of numbers to
 * `predictions` (N x targets, float32) in the targets' own units.
 */
export function onnxOf(model: Model): Uint8Array {
  const { encoding, weights } = model;
  const input = inputName(encoding);
  const scaling = scalingGraph(encoding, input);
  const network = networkGraph(model, scaling.output);
  const units = unitsGraph(targetsOf(encoding), network.output);
  const parts = [scaling, network, units];
  const graph = [
    ...parts.flatMap(({ nodes }) => nodes).map((node) => bytesField(1, node)),
    bytesField(2, 'coresweep'),
    ...parts.flatMap(({ tensors }) => tensors).map((tensor) => bytesField(5, tensor)),
    bytesField(11, rowsOf(input, weights.sizes[0] as number)),
    bytesField(12, rowsOf(units.output, weights.sizes.at(-1) as number)),
  ];
  const metadata = Object.entries(modelMetadata(model));
  return Buffer.concat([
    numberField(1, irVersion),
    bytesField(2, 'coresweep'),
    bytesField(7, graph),
    bytesField(8, [bytesField(1, ''), numberField(2, operatorSet)]),
    ...metadata.map(([key, value]) => bytesField(14, [bytesField(1, key), bytesField(2, value)])),
  ]);
}

/** Raw values to what the network was trained on. */
function scalingGraph(encoding: Encoding, input: string): Graph {
  switch (encoding.kind) {
    case 'pictures': {
      if (encoding.pixels === 'raw') return { nodes: [], tensors: [], output: input };
      const tensors = [tensor('white', [], float32, weightsBytes(Float32Array.of(255)))];
      return { nodes: [node('Div', [input, 'white'], 'scaled')], tensors, output: 'scaled' };
    }
    case 'table': {
      // In float64, as the training rows were: a column of large numbers close together would lose its digits.
      const { offsets, divisors } = encoding;
      return {
        nodes: [
          node('Cast', [input], 'wide', [castTo(float64)]),
          node('Sub', ['wide', 'offsets'], 'centred'),
          node('Div', ['centred', 'divisors'], 'divided'),
          node('Cast', ['divided'], 'scaled', [castTo(float32)]),
        ],
        tensors: [
          tensor('offsets', [offsets.length], float64, bytesOf(offsets)),
          tensor('divisors', [divisors.length], float64, bytesOf(divisors)),
        ],
        output: 'scaled',
      };
    }
    default:
      return encoding satisfies never;
  }
}

/** Numbers as they were learnt to their own units, in float64 as predict() does. */
function unitsGraph(targets: readonly Target[] | undefined, input: string): Graph {
  if (targets === undefined) return { nodes: [], tensors: [], output: input };
  const [offsets, divisors] = [targets.map(({ offset }) => offset), targets.map(({ divisor }) => divisor)];
  const output = outputName('linear');
  return {
    nodes: [
      node('Cast', [input], 'wideOutputs', [castTo(float64)]),
      node('Mul', ['wideOutputs', 'targetDivisors'], 'multiplied'),
      node('Add', ['multiplied', 'targetOffsets'], 'moved'),
      node('Cast', ['moved'], output, [castTo(float32)]),
    ],
    tensors: [
      tensor('targetOffsets', [offsets.length], float64, bytesOf(offsets)),
      tensor('targetDivisors', [divisors.length], float64, bytesOf(divisors)),
    ],
    output,
  };
}

/** What the operators are called. */
const activationOperators: Readonly<Record<Activation, string>> = {
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  relu: 'Relu',
};
const outputOperators: Readonly<Record<Output, string | undefined>> = {
  sigmoid: 'Sigmoid',
  softmax: 'Softmax',
  // Numbers are what they are.
  linear: undefined,
};

/** Layer by layer: Gemm (rows x weights + biases), then its activation, where it has one. */
function networkGraph(model: Model, input: string): Graph {
  const { weights, activation, output, encoding } = model;
  const { sizes, parameters } = weights;
  const nodes: Field[] = [];
  const tensors: Field[] = [];
  let from = input;
  let at = 0;
  const take = (name: string, shape: readonly number[], count: number): void => {
    tensors.push(tensor(name, shape, float32, weightsBytes(parameters.subarray(at, at + count))));
    at += count;
  };
  for (const [index, units] of sizes.slice(1).entries()) {
    const [layer, inputs] = [index + 1, sizes[index] as number];
    take(`weights${layer}`, [inputs, units], inputs * units);
    take(`biases${layer}`, [units], units);
    const isLast = layer === sizes.length - 1;
    const to = isLast
      ? targetsOf(encoding) === undefined
        ? outputName(output)
        : 'scaledOutputs'
      : `activations${layer}`;
    // Softmax goes over the last axis by default: over a row's classes.
    const operator = isLast ? outputOperators[output] : activationOperators[activation];
    const sums = operator === undefined ? to : `sums${layer}`;
    nodes.push(node('Gemm', [from, `weights${layer}`, `biases${layer}`], sums));
    if (operator !== undefined) nodes.push(node(operator, [sums], to));
    from = to;
  }
  return { nodes, tensors, output: from };
}

const bytesOf = (numbers: readonly number[]): Uint8Array => {
  const bytes = Buffer.alloc(8 * numbers.length);
  for (const [at, number] of numbers.entries()) bytes.writeDoubleLE(number, 8 * at);
  return bytes;
};

const node = (type: string, inputs: readonly string[], output: string, attributes: readonly Field[] = []) =>
  Buffer.concat([
    ...inputs.map((name) => bytesField(1, name)),
    bytesField(2, output),
    bytesField(3, output),
    bytesField(4, type),
    ...attributes,
  ]);

/** The attribute `to` of a Cast: the number of an element type, as a whole number (2). */
const castTo = (type: number): Field =>
  bytesField(5, [bytesField(1, 'to'), numberField(3, type), numberField(20, 2)]);

/** @param type number of its element type @param bytes little-endian */
const tensor = (name: string, shape: readonly number[], type: number, bytes: Uint8Array): Field =>
  Buffer.concat([
    ...shape.map((length) => numberField(1, length)),
    numberField(2, type),
    bytesField(8, name),
    bytesField(9, bytes),
  ]);

/** A value of float32 (N x columns). */
const rowsOf = (name: string, columns: number): readonly Field[] => {
  const shape = [bytesField(1, [bytesField(2, 'N')]), bytesField(1, [numberField(1, columns)])];
  return [
    bytesField(1, name),
    bytesField(2, [bytesField(1, [numberField(1, float32), bytesField(2, shape)])]),
  ];
};
