/** What every implementation of the kernels must do: leave the same bytes behind as the reference does. */
import type { Test } from 'tap';
import { type Activation, activationNames } from '../../src/kernel/activations.ts';
import {
  type ActivationKernels,
  denseScratchBytes,
  type Kernels,
  sparseScratchBytes,
} from '../../src/kernel/kernels.ts';
import type { Address, LayerParameters, SparseRows } from '../../src/kernel/layout.ts';

/** Kernels on a memory of their own. */
export interface KernelsInMemory {
  readonly kernels: Kernels;
  /** At least `memoryBytes` long. */
  readonly buffer: ArrayBufferLike;
}

export const memoryBytes = 2 ** 20;

export interface Shape {
  readonly rows: number;
  readonly inputs: number;
  readonly units: number;
  /** The part of a row's inputs that is not blank: 0 to 1. */
  readonly density: number;
  /** The largest weight and pre-activation. */
  readonly largest: number;
  /** What numbers there are: up to `largest` by default. */
  readonly numbers?: 'denormal' | 'any finite' | undefined;
}

/** One layer, the rows it works on and every block that a kernel may want, at the same addresses in every memory. */
export interface Problem {
  readonly count: number;
  readonly order: Address;
  readonly rows: SparseRows;
  /** Rows with the same inputs, whose values are bytes and a table. */
  readonly codedRows: SparseRows;
  /** The rows with their blank inputs: (rows x inputStride). */
  readonly denseRows: Address;
  readonly inputStride: number;
  readonly labels: Address;
  /** Bytes of which some equal the labels. */
  readonly others: Address;
  readonly layer: LayerParameters;
  /** (count x inputStride), 0 to 1 */
  readonly activations: Address;
  /** (units x inputStride) */
  readonly transposed: Address;
  /** (count x stride), its padding not 0 */
  readonly outputs: Address;
  /** (count x stride), its padding 0 */
  readonly deltas: Address;
  readonly predictions: Address;
  /** (count x stride), of either sign */
  readonly moments: Address;
  /** (count x stride), at least 0 */
  readonly squares: Address;
  /** What kernels may use as they like. */
  readonly scratch: Address;
  /** (count x stride), its padding not 0 */
  readonly targets: Address;
  /** float64 (stride) */
  readonly sums: Address;
  /** (inputs x stride) */
  readonly tiled: Address;
}

export type Bytes = readonly [from: Address, length: number];

/** A kernel used on a problem, and the bytes that it may change. */
export interface Use {
  readonly run: (kernels: Kernels, problem: Problem) => number | undefined;
  readonly writes: (problem: Problem) => readonly Bytes[];
  /** Bytes that it may leave as it likes. */
  readonly scratch?: (problem: Problem) => readonly Bytes[];
}

const parametersOf = ({ layer }: Problem): Bytes[] => [
  [layer.weights, 4 * layer.inputs * layer.stride],
  [layer.biases, 4 * layer.stride],
];
const outputsOf = ({ outputs, count, layer }: Problem): Bytes => [outputs, 4 * count * layer.stride];
const activationsOf = ({ activations, count, inputStride }: Problem): Bytes => [
  activations,
  4 * count * inputStride,
];
const denseScratchOf = ({ scratch, count, layer: { inputs, units } }: Problem): Bytes[] => [
  [scratch, denseScratchBytes(count, inputs, units)],
];
const weightsLength = ({ inputs, stride }: LayerParameters): number => inputs * stride;

const ofActivation = (name: Activation): [string, Use][] => [
  [
    name,
    {
      run: (kernels, p) => void kernels[name](p.outputs, p.count * p.layer.stride),
      writes: (p) => [outputsOf(p)],
    },
  ],
  [
    `${name}Deltas`,
    {
      run: (kernels, { layer, ...p }) =>
        void kernels[`${name}Deltas`](
          ...([p.deltas, layer.units, layer.stride, p.transposed, p.count] as const),
          ...([p.inputStride, p.activations, p.scratch] as const),
        ),
      writes: (p) => [activationsOf(p)],
      scratch: denseScratchOf,
    },
  ],
];

export const uses: Record<keyof Kernels, Use> = {
  ...(Object.fromEntries(activationNames.flatMap(ofActivation)) as Record<keyof ActivationKernels, Use>),
  forwardSparse: {
    run: (kernels, p) => void kernels.forwardSparse(p.order, p.count, p.rows, p.layer, p.outputs, p.scratch),
    writes: (p) => [outputsOf(p)],
    scratch: (p) => [[p.scratch, sparseScratchBytes(p.layer.inputs, p.layer.stride)]],
  },
  tileWeights: {
    run: (kernels, p) => void kernels.tileWeights(p.layer, p.tiled),
    writes: (p) => [[p.tiled, 4 * weightsLength(p.layer)]],
    // None, but the wide shapes too.
    scratch: () => [],
  },
  forwardDense: {
    run: (kernels, p) =>
      void kernels.forwardDense(p.activations, p.inputStride, p.count, p.layer, p.outputs, p.scratch),
    writes: (p) => [outputsOf(p)],
    scratch: denseScratchOf,
  },
  outputDeltas: {
    run: (kernels, p) => void kernels.outputDeltas(p.order, p.labels, p.count, p.layer, p.outputs),
    writes: (p) => [outputsOf(p)],
  },
  transpose: {
    run: (kernels, p) => void kernels.transpose(p.layer, p.transposed),
    writes: (p) => [[p.transposed, 4 * p.layer.units * p.inputStride]],
  },
  descend: {
    run: (kernels, p) => void kernels.descend(p.outputs, p.deltas, p.count * p.layer.stride, -0.1),
    writes: (p) => [outputsOf(p), [p.deltas, 4 * p.count * p.layer.stride]],
  },
  updateSparse: {
    run: (kernels, p) => void kernels.updateSparse(p.order, p.count, p.rows, p.deltas, p.layer, p.scratch),
    writes: parametersOf,
    scratch: (p) => [[p.scratch, sparseScratchBytes(p.layer.inputs, p.layer.stride)]],
  },
  updateDense: {
    run: (kernels, p) =>
      void kernels.updateDense(p.activations, p.inputStride, p.count, p.deltas, p.layer, p.scratch),
    writes: parametersOf,
    scratch: denseScratchOf,
  },
  decayL2: {
    run: (kernels, p) => void kernels.decayL2(p.layer.weights, weightsLength(p.layer), -0.1),
    writes: parametersOf,
  },
  decayL1: {
    run: (kernels, p) => void kernels.decayL1(p.layer.weights, weightsLength(p.layer), -0.1),
    writes: parametersOf,
  },
  loss: {
    run: (kernels, p) => kernels.loss(p.labels, p.count, p.layer, p.outputs, p.deltas, p.predictions),
    writes: (p) => [
      [p.deltas, 4 * p.count * p.layer.stride],
      [p.predictions, p.count],
    ],
  },
  drop: {
    run: (kernels, p) =>
      void kernels.drop(p.outputs, p.moments, p.count * p.layer.stride, 4 * p.count, {
        ...{ key: [0xdead_beef, 4_000_000_000 + p.count], threshold: 0x4000_0000, scale: 4 / 3 },
      }),
    writes: (p) => [[p.moments, 4 * p.count * p.layer.stride]],
  },
  weighRows: {
    // A weight for each label, of which there are as many as units.
    run: (kernels, p) =>
      void kernels.weighRows(p.order, p.labels, p.count, p.layer, p.deltas, p.layer.biases),
    writes: (p) => [[p.deltas, 4 * p.count * p.layer.stride]],
  },
  momentum: {
    run: (kernels, p) =>
      void kernels.momentum(p.outputs, p.deltas, p.moments, p.count * p.layer.stride, {
        ...{ scale: 0.5, l1: 0.01, l2: 0.1, learningRate: 0.1, momentum: 0.9, nesterov: p.count % 2 === 0 },
      }),
    writes: (p) => [
      outputsOf(p),
      ...[p.deltas, p.moments].map((at): Bytes => [at, 4 * p.count * p.layer.stride]),
    ],
  },
  adam: {
    run: (kernels, p) =>
      void kernels.adam(p.outputs, p.deltas, p.moments, p.squares, p.count * p.layer.stride, {
        ...{ scale: 0.5, l1: 0.01, l2: 0.1, stepSize: 0.01, rest1: 0.1, beta2: 0.999, rest2: 0.001 },
        ...{ rootCorrection: 1.5, epsilon: 1e-8, keep: 0.99 },
      }),
    writes: (p) => [
      outputsOf(p),
      ...[p.deltas, p.moments, p.squares].map((at): Bytes => [at, 4 * p.count * p.layer.stride]),
    ],
  },
  softmax: {
    run: (kernels, p) => void kernels.softmax(p.count, p.layer, p.outputs),
    writes: (p) => [outputsOf(p)],
  },
  softmaxDeltas: {
    run: (kernels, p) => void kernels.softmaxDeltas(p.order, p.labels, p.count, p.layer, p.outputs),
    writes: (p) => [outputsOf(p)],
  },
  softmaxLoss: {
    run: (kernels, p) => kernels.softmaxLoss(p.labels, p.count, p.layer, p.outputs, p.deltas, p.predictions),
    writes: (p) => [
      [p.deltas, 4 * p.count * p.layer.stride],
      [p.predictions, p.count],
    ],
  },
  squaredDeltas: {
    run: (kernels, p) => void kernels.squaredDeltas(p.order, p.targets, p.count, p.layer, p.outputs),
    writes: (p) => [outputsOf(p)],
  },
  squaredErrors: {
    run: (kernels, p) => void kernels.squaredErrors(p.targets, p.count, p.layer, p.outputs, p.sums),
    writes: (p) => [[p.sums, 8 * p.layer.stride]],
  },
  countEqual: {
    run: (kernels, p) => kernels.countEqual(p.labels, p.others, p.count),
    writes: () => [],
  },
  gather: {
    run: (kernels, p) => void kernels.gather(p.order, p.count, p.denseRows, p.inputStride, p.activations),
    writes: (p) => [activationsOf(p)],
  },
};

/** Kernels that read rows in a second way, which the outputs that are recorded do not know. */
const secondUses: Record<string, Use> = Object.fromEntries(
  (['forwardSparse', 'updateSparse'] as const).map((name) => [
    `${name} of bytes`,
    { ...uses[name], run: (kernels, p) => uses[name].run(kernels, { ...p, rows: p.codedRows }) },
  ]),
);

export function kernelsContract(t: Test, reference: KernelsInMemory, tested: KernelsInMemory): void {
  for (const [kernel, { run, writes, scratch }] of Object.entries({ ...uses, ...secondUses })) {
    t.test(`${kernel} leaves the same bytes behind as the reference`, async (t) => {
      const tried = scratch === undefined ? shapes() : [...shapes(), ...wideShapes()];
      for (const [seed, shape] of tried.entries()) {
        const problem = layOut(shape, seed, reference.buffer);
        layOut(shape, seed, tested.buffer);
        const before = bytesOf(reference.buffer).slice();
        const expected = run(reference.kernels, problem);
        const found = run(tested.kernels, problem);
        for (const { buffer } of [reference, tested]) {
          for (const [from, length] of scratch?.(problem) ?? [])
            bytesOf(buffer).fill(canary, from, from + length);
        }
        if (!Object.is(found, expected)) t.equal(found, expected, `result of ${JSON.stringify(shape)}`);
        const difference = firstDifference(bytesOf(tested.buffer), bytesOf(reference.buffer));
        if (difference >= 0) t.fail(`byte ${difference} of ${JSON.stringify({ ...shape, ...problem })}`);
        for (const [from, length] of writes(problem)) {
          before.set(bytesOf(tested.buffer).subarray(from, from + length), from);
        }
        if (firstDifference(bytesOf(tested.buffer), before) >= 0) {
          t.fail(`${JSON.stringify(shape)} changed a byte outside its outputs`);
        }
      }
    });
  }

  t.test('padding of weights, biases and deltas stays 0 through a training step', async (t) => {
    const shape = { rows: 9, inputs: 7, units: 5, density: 0.5, largest: 1 };
    const problem = layOut(shape, 1, tested.buffer);
    const { layer, count } = problem;
    for (const kernel of [
      'updateDense',
      'updateSparse',
      'decayL1',
      'decayL2',
      'outputDeltas',
      'softmaxDeltas',
      'squaredDeltas',
    ] as const) {
      uses[kernel].run(tested.kernels, problem);
    }
    for (const [block, rows] of [
      [layer.weights, layer.inputs],
      [layer.biases, 1],
      [problem.outputs, count],
    ] as const) {
      const padding = new Float32Array(tested.buffer, block, rows * layer.stride).filter(
        (_, at) => at % layer.stride >= layer.units,
      );
      t.equal(padding.length, 3 * rows);
      t.ok(padding.every((x) => x === 0));
    }
  });

  t.test('the loss is not finite if any pre-activation is not, whatever the label', async (t) => {
    const shape = { rows: 1, inputs: 1, units: 6, density: 1, largest: 1 };
    const { labels, layer, outputs, deltas, predictions } = layOut(shape, 1, tested.buffer);
    const row = new Float32Array(tested.buffer, outputs, layer.stride);
    const { kernels } = tested;
    for (const loss of [kernels.loss, kernels.softmaxLoss]) {
      const measured = () => loss(labels, 1, layer, outputs, deltas, predictions);
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        for (let label = 0; label < layer.units; label++) {
          for (let unit = 0; unit < layer.units; unit++) {
            bytesOf(tested.buffer)[labels] = label;
            row.fill(0.5);
            t.ok(Number.isFinite(measured()));
            row[unit] = wrong;
            t.notOk(Number.isFinite(measured()), `${wrong} in unit ${unit}, label ${label}`);
          }
        }
      }
    }
  });

  t.test('an output that is not finite shows in its own sum of squared errors', async (t) => {
    const shape = { rows: 3, inputs: 1, units: 6, density: 1, largest: 1 };
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (let unit = 0; unit < shape.units; unit++) {
        const { targets, layer, outputs, sums } = layOut(shape, 1, tested.buffer);
        new Float32Array(tested.buffer, outputs, 3 * layer.stride)[layer.stride + unit] = wrong;
        tested.kernels.squaredErrors(targets, 3, layer, outputs, sums);
        const found = [...new Float64Array(tested.buffer, sums, shape.units)].map(Number.isFinite);
        t.same(
          found,
          Array.from({ length: shape.units }, (_, at) => at !== unit),
        );
      }
    }
  });

  t.test('NaN in weights or biases reaches the loss', async (t) => {
    const shape = { rows: 3, inputs: 5, units: 5, density: 1, largest: 1 };
    for (const at of ['weights', 'biases'] as const) {
      const problem = layOut(shape, 2, tested.buffer);
      new Float32Array(tested.buffer, problem.layer[at], 1)[0] = Number.NaN;
      uses.forwardSparse.run(tested.kernels, problem);
      for (const loss of ['loss', 'softmaxLoss'] as const)
        t.notOk(Number.isFinite(uses[loss].run(tested.kernels, problem)), `${at}, ${loss}`);
      const output = new Float32Array(tested.buffer, problem.outputs, 1);
      for (const activation of activationNames) {
        output[0] = Number.NaN;
        uses[activation].run(tested.kernels, problem);
        t.ok(Number.isNaN(output[0]), `${at}, ${activation}`);
      }
    }
  });
}

/** Every width of a tile, what does not divide by four, single rows, inputs and units, blank and full rows. */
export function shapes(): Shape[] {
  const random = randomNumbers(7);
  const upTo = (limit: number) => 1 + Math.floor(random() * limit);
  const widths = Array.from({ length: 70 }, (_, at) => at + 1);
  return [
    { rows: 1, inputs: 1, units: 1, density: 1, largest: 1 },
    { rows: 5, inputs: 9, units: 3, density: 0, largest: 1 },
    { rows: 6, inputs: 600, units: 13, density: 0.2, largest: 1 },
    { rows: 37, inputs: 5, units: 3, density: 0.5, largest: 1 },
    ...widths.map((units, at) => ({
      rows: upTo(11),
      inputs: upTo(33),
      units,
      density: random(),
      largest: [1, 50, 200][at % 3] as number,
    })),
    // Wide layers, whose updates sort 128 rows at a time: not one whole tile more, and several chunks.
    { rows: 3, inputs: 31, units: 93, density: 0.4, largest: 1 },
    { rows: 128, inputs: 20, units: 96, density: 0.3, largest: 1 },
    { rows: 300, inputs: 9, units: 131, density: 0.5, largest: 50 },
    { rows: 1, inputs: 1, units: 160, density: 1, largest: 200 },
  ];
}

/**
 * Wide layers whose weights are copied for a part of 64 rows or more: evenly split tiles, several parts, rows without any entry in
 * one. Not among shapes(): outputs of those are recorded.
 */
export function wideShapes(): Shape[] {
  return [
    { rows: 64, inputs: 810, units: 34, density: 0.03, largest: 1 },
    { rows: 130, inputs: 13, units: 101, density: 0.5, largest: 50 },
    { rows: 65, inputs: 3, units: 256, density: 0.2, largest: 1, numbers: 'any finite' },
  ];
}

const canary = 0xa5;

/** Writes a problem into a memory full of canaries; equal arguments write equal bytes. */
export function layOut(
  { rows, inputs, units, density, largest, numbers }: Shape,
  seed: number,
  buffer: ArrayBufferLike,
): Problem {
  bytesOf(buffer).fill(canary);
  let next = 64;
  const place = (
    numbers: Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array,
    offset = 0,
  ): Address => {
    const address = next + offset;
    next = (address + numbers.byteLength + 31) & ~15;
    bytesOf(buffer).set(new Uint8Array(numbers.buffer), address);
    return address;
  };
  const random = randomNumbers(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const many = <T>(count: number, make: (at: number) => T): T[] =>
    Array.from({ length: count }, (_, at) => make(at));
  const special = [0, -0, 1e-40, -1e-45, 1, -1, largest, -largest];
  const moderate = (): number =>
    random() < 0.2 ? (special[below(special.length)] as number) : (2 * random() - 1) * largest;
  const denormal = (): number => (2 * random() - 1) * 2 ** -126;
  const anyFinite = (): number => (random() < 0.5 ? -1 : 1) * (1 + random()) * 2 ** (below(254) - 126);
  const number = { moderate, denormal, 'any finite': anyFinite }[numbers ?? 'moderate'];
  const matrix = (height: number, width: number, stride: number, make: () => number): Float32Array =>
    Float32Array.from(many(height * stride, (at) => (at % stride < width ? make() : 0)));

  const stride = (units + 3) & ~3;
  const inputStride = (inputs + 3) & ~3;
  const denseRows = matrix(rows, inputs, inputStride, () => (random() < density ? random() + 0.001 : 0));
  const start = [0];
  const index: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let input = 0; input < inputs; input++)
      if (denseRows[row * inputStride + input]) index.push(2 * input);
    start.push(index.length);
  }
  const placed = {
    count: rows,
    order: place(Uint32Array.from(many(rows, () => below(rows)))),
    rows: {
      start: place(Uint32Array.from(start)),
      index: place(Uint16Array.from(index)),
      value: place(denseRows.filter((x) => x !== 0)),
    },
    denseRows: place(denseRows),
    inputStride,
    labels: place(Uint8Array.from(many(rows, () => below(units))), 3),
    others: place(Uint8Array.from(many(rows, () => below(units))), 7),
    layer: {
      inputs,
      units,
      stride,
      weights: place(matrix(inputs, units, stride, number)),
      biases: place(matrix(1, units, stride, number)),
    },
    activations: place(matrix(rows, inputs, inputStride, random)),
    transposed: place(matrix(units, inputs, inputStride, number)),
    outputs: place(matrix(rows, stride, stride, number)),
    deltas: place(matrix(rows, units, stride, () => number() / largest)),
    predictions: place(new Uint8Array(rows), 5),
    // Behind all else: the pinned outputs of older kernels come from the same random numbers as ever.
    moments: place(matrix(rows, units, stride, number)),
    squares: place(matrix(rows, units, stride, () => Math.abs(number()))),
    scratch: place(
      new Uint8Array(
        Math.max(sparseScratchBytes(inputs, stride), denseScratchBytes(rows, inputs, units)),
      ).fill(canary),
    ),
    targets: place(matrix(rows, stride, stride, number)),
    sums: place(new Float64Array(stride).fill(1)),
    tiled: place(new Float32Array(inputs * stride)),
  };
  const coded = {
    value: place(
      Uint8Array.from(index, () => below(256)),
      1,
    ),
    table: place(Float32Array.from(many(256, () => number() || 1))),
  };
  return { ...placed, codedRows: { ...placed.rows, ...coded } };
}

const bytesOf = (buffer: ArrayBufferLike): Uint8Array => new Uint8Array(buffer, 0, memoryBytes);

/** The first place where two byte arrays differ, or -1. */
function firstDifference(a: Uint8Array, b: Uint8Array): number {
  if (Buffer.compare(a, b) === 0) return -1;
  return a.findIndex((byte, at) => byte !== b[at]);
}

/** Mulberry32: numbers from 0 to 1, the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
