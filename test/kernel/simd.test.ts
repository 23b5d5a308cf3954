import t from 'tap';
import { activationNames } from '../../src/kernel/activations.ts';
import { referenceKernels } from '../../src/kernel/reference.ts';
import { loadKernelModule, simdKernels } from '../../src/kernel/simd.ts';
import { kernelsContract, layOut, memoryBytes, wideShapes } from '../contracts/kernels-contract.ts';

const module = loadKernelModule();
const pages = memoryBytes / 65_536;
const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
const buffer = new ArrayBuffer(memoryBytes);

kernelsContract(
  t,
  { buffer, kernels: referenceKernels(buffer) },
  { buffer: memory.buffer, kernels: simdKernels(module, memory) },
);

t.test(
  'without a penalty a step of Adam has the bits of the whole formula, zeros of either sign too',
  async (t) => {
    const floats = 64;
    const [parameters, gradient, first, second] = [0, 1, 2, 3].map(
      (block) => 65_536 + 4 * floats * block,
    ) as [number, number, number, number];
    const odd = [0, -0, 1e-30, -1e-30, 1e-12, -0.5, 3, 1e20];
    const found = ([buffer, memory.buffer] as const).map((shared, place) => {
      const numbers = new Float32Array(shared, parameters, 4 * floats);
      for (const at of numbers.keys())
        numbers[at] = (odd[(at * 5 + (at >> 3)) % odd.length] as number) * (1 + at / 7);
      // Squares are never negative.
      numbers.subarray(3 * floats).forEach((square, at, squares) => {
        squares[at] = Math.abs(square);
      });
      const kernels = place === 0 ? referenceKernels(buffer) : simdKernels(module, memory);
      for (let step = 0; step < 3; step++)
        kernels.adam(parameters, gradient, first, second, floats, {
          ...{ scale: 0.5, l1: 0, l2: 0, stepSize: 0.01, rest1: 0.1, beta2: 0.999, rest2: 0.001 },
          ...{ rootCorrection: 1.5, epsilon: 1e-8, keep: 1 },
        });
      return new Uint32Array(shared, parameters, 4 * floats).slice();
    });
    t.same(found[1], found[0]);
  },
);

t.test('slopes are the same at activations below 0, at 0 of either sign, and above', async (t) => {
  const [count, units, nextUnits] = [5, 12, 3];
  const [nextDeltas, transposed, hidden, scratch] = [65_536, 66_560, 67_584, 68_608];
  const places = [-2, -0.75, -0, 0, 0.25, 1, 3];
  for (const name of activationNames) {
    const found = ([buffer, memory.buffer] as const).map((shared, place) => {
      const fill = (at: number, length: number, value: (index: number) => number) => {
        const numbers = new Float32Array(shared, at, length);
        for (const index of numbers.keys()) numbers[index] = value(index);
      };
      fill(nextDeltas, count * 4, (index) => Math.sin(index));
      fill(transposed, nextUnits * units, (index) => Math.cos(3 * index));
      fill(hidden, count * units, (index) => places[index % places.length] as number);
      const kernels = place === 0 ? referenceKernels(buffer) : simdKernels(module, memory);
      kernels[`${name}Deltas`](nextDeltas, nextUnits, 4, transposed, count, units, hidden, scratch);
      return new Uint32Array(shared, hidden, count * units).slice();
    });
    t.same(found[1], found[0], name);
  }
});

t.test('rows have the same sums by weights that are laid out in tiles', async (t) => {
  const kernels = simdKernels(module, memory);
  for (const [seed, shape] of wideShapes().entries()) {
    const { order, count, rows, layer, outputs, scratch, tiled } = layOut(shape, seed, memory.buffer);
    const sums = new Uint32Array(memory.buffer, outputs, count * layer.stride);
    kernels.forwardSparse(order, count, rows, layer, outputs, scratch);
    const wanted = sums.slice();
    kernels.tileWeights(layer, tiled);
    // So that a weight read from there shows.
    new Float32Array(memory.buffer, layer.weights, layer.inputs * layer.stride).fill(Number.NaN);
    sums.fill(0);
    kernels.forwardSparse(order, count, rows, { ...layer, tiled }, outputs, scratch);
    t.same(sums, wanted, JSON.stringify(shape));
  }
});
