/**
 * Whether this machine computes as every other: each kernel on one small problem, with denormal numbers in it, against
 * reference.ts. Some milliseconds, once a process, so that no wrong number is ever trained with.
 * Not here: whether the kernels are right (the tests), whether the engine can compile them (simd.ts).
 */
import { errors } from '../errors.ts';
import { type Activation, activationNames } from './activations.ts';
import type { Kernels } from './kernels.ts';
import { referenceKernels } from './reference.ts';
import { simdKernels } from './simd.ts';

const pageBytes = 65_536;
const [rows, inputs, units] = [5, 7, 6];
const stride = 8;
const block = 4 * 8 * stride;

/** Where everything lies; each block of floats holds 8 rows of `stride`, more than any use of it. */
const at = {
  ...{ order: 64, start: 128, index: 192, value: 320, codes: 384 },
  ...{ labels: 512, others: 528, predictions: 544 },
  ...{ dense: 1024, weights: 1024 + block, biases: 1024 + 2 * block, transposed: 1024 + 3 * block },
  ...{ activations: 1024 + 4 * block, outputs: 1024 + 5 * block, deltas: 1024 + 6 * block },
};
const end = 1024 + 7 * block;
/** Behind all that is compared. */
const scratch = 4096;
const layer = { inputs, units, stride, weights: at.weights, biases: at.biases };
const sparse = { start: at.start, index: at.index, value: at.value };
/** Such rows, their values as bytes that stand for some of the dense ones. */
const coded = { ...sparse, value: at.codes, table: at.dense };
const floats = rows * stride;

const penalised = { scale: 0.5, l1: 1e-40, l2: 0.1 };
const momentum = { learningRate: 0.1, momentum: 0.9, nesterov: true };
const adam = {
  ...{
    stepSize: 0.01,
    rest1: 0.1,
    beta2: 0.999,
    rest2: 0.001,
    rootCorrection: 1.5,
    epsilon: 1e-8,
    keep: 0.99,
  },
};

const dropping = { key: [0x9e37_79b9, 0x85eb_ca6b], threshold: 2 ** 31, scale: 2 } as const;

type Uses<Names extends keyof Kernels> = {
  readonly [Name in Names]: (kernels: Kernels) => number | undefined;
};

const deltasOfActivations = Object.fromEntries(
  activationNames.map((name) => [
    `${name}Deltas`,
    (k: Kernels) =>
      void k[`${name}Deltas`](
        ...([at.outputs, units, stride, at.transposed, rows, stride, at.activations, scratch] as const),
      ),
  ]),
) as Uses<`${Activation}Deltas`>;

const activationsThemselves = Object.fromEntries(
  activationNames.map((name) => [name, (k: Kernels) => void k[name](at.outputs, floats)]),
) as Uses<Activation>;

/** Each kernel on the problem, in an order in which the numbers stay finite. */
const uses: Uses<keyof Kernels> = {
  transpose: (k) => void k.transpose(layer, at.transposed),
  tileWeights: (k) => void k.tileWeights(layer, at.activations),
  gather: (k) => void k.gather(at.order, rows, at.dense, stride, at.activations),
  // So narrow a layer needs no scratch.
  forwardSparse(k) {
    k.forwardSparse(at.order, rows, coded, layer, at.deltas, 0);
    k.forwardSparse(at.order, rows, sparse, layer, at.outputs, 0);
  },
  forwardDense: (k) => void k.forwardDense(at.activations, stride, rows, layer, at.outputs, scratch),
  // Its sums are overwritten next: as float32 they would be any numbers.
  squaredErrors: (k) => void k.squaredErrors(at.dense, rows, layer, at.outputs, at.deltas),
  loss: (k) => k.loss(at.labels, rows, layer, at.outputs, at.deltas, at.predictions),
  countEqual: (k) => k.countEqual(at.labels, at.others, rows),
  outputDeltas: (k) => void k.outputDeltas(at.order, at.labels, rows, layer, at.outputs),
  updateSparse(k) {
    for (const given of [sparse, coded]) k.updateSparse(at.order, rows, given, at.outputs, layer, 0);
  },
  updateDense: (k) => void k.updateDense(at.activations, stride, rows, at.outputs, layer, scratch),
  softmaxLoss: (k) => k.softmaxLoss(at.labels, rows, layer, at.dense, at.deltas, at.predictions),
  softmax: (k) => void k.softmax(rows, layer, at.deltas),
  softmaxDeltas: (k) => void k.softmaxDeltas(at.order, at.labels, rows, layer, at.deltas),
  ...deltasOfActivations,
  decayL1: (k) => void k.decayL1(at.weights, floats, -1e-40),
  decayL2: (k) => void k.decayL2(at.weights, floats, -0.1),
  squaredDeltas: (k) => void k.squaredDeltas(at.order, at.dense, rows, layer, at.activations),
  drop: (k) => void k.drop(at.outputs, at.activations, floats, 7, dropping),
  weighRows: (k) => void k.weighRows(at.order, at.labels, rows, layer, at.activations, at.biases),
  momentum: (k) => void k.momentum(at.weights, at.outputs, at.deltas, floats, { ...penalised, ...momentum }),
  ...activationsThemselves,
  // The outputs are 0 or more by now, as means of squares are: the bits of a NaN are the engine's own, in plain loops too.
  adam: (k) =>
    void k.adam(at.weights, at.transposed, at.deltas, at.outputs, floats, { ...penalised, ...adam }),
  descend: (k) => void k.descend(at.weights, at.activations, floats, -0.1),
};

/** Numbers from -2 to 2, every fourth of them denormal; the same in every process. */
function layOut(buffer: ArrayBufferLike): void {
  const all = new Float32Array(buffer, 1024, (end - 1024) / 4);
  for (let i = 0, bits = 1; i < all.length; i++) {
    bits = (Math.imul(bits, 1_103_515_245) + 12_345) | 0;
    all[i] = i % stride >= units ? 0 : bits * (i % 4 === 0 ? 2 ** -158 : 2 ** -30);
  }
  new Uint32Array(buffer, at.order, rows).set([3, 0, 4, 1, 2]);
  new Uint32Array(buffer, at.start, rows + 1).set([0, 3, 4, 9, 9, 13]);
  new Uint16Array(buffer, at.index, 13).set([0, 4, 12, 6, 2, 4, 6, 8, 10, 0, 2, 8, 12]);
  new Float32Array(buffer, at.value, 13).set(all.subarray(0, 13).map((x) => x || 1e-42));
  new Uint8Array(buffer, at.codes, 13).set([0, 4, 2, 8, 3, 12, 1, 5, 16, 20, 4, 0, 9]);
  new Uint8Array(buffer, at.labels, rows).set([1, 5, 0, 2, 3]);
  new Uint8Array(buffer, at.others, rows).set([1, 5, 1, 2, 4]);
}

/**
 * @param kernelsOn the kernels in use, on a memory
 * @throws ERR_MACHINE where one of them gives other bits than the reference
 */
export function expectEqualArithmetic(
  module: WebAssembly.Module,
  kernelsOn: (memory: WebAssembly.Memory) => Kernels = (memory) => simdKernels(module, memory),
): void {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const buffer = new ArrayBuffer(pageBytes);
  layOut(memory.buffer);
  layOut(buffer);
  const [used, reference] = [kernelsOn(memory), referenceKernels(buffer)];
  const [found, wanted] = [new Uint32Array(memory.buffer, 0, end / 4), new Uint32Array(buffer, 0, end / 4)];
  for (const [kernel, use] of Object.entries(uses)) {
    const isEqual = Object.is(use(used), use(reference)) && found.every((word, i) => word === wanted[i]);
    if (!isEqual) throw errors.otherArithmetic(kernel, 'at start');
  }
}
