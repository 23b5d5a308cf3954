/**
 * The kernels of mlp.wasm (128-bit SIMD, built from assembly/ by `npm run build:kernels`) on one shared memory.
 * Not here: how they compute; assembly/ says how, reference.ts says what.
 */
import { readFileSync } from 'node:fs';
import { errors } from '../errors.ts';
import { activationNames } from './activations.ts';
import type { ActivationKernels, Kernels } from './kernels.ts';

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

let compiled: WebAssembly.Module | undefined;

/**
 * mlp.wasm, compiled once a process: post the module to the worker threads, which then compile nothing.
 * @throws ERR_MACHINE where this machine cannot
 */
export function loadKernelModule(hasLowByteFirst = isLittleEndian): WebAssembly.Module {
  // Its memory is little-endian everywhere, and typed arrays on it are not.
  if (!hasLowByteFirst) throw errors.bigEndian();
  if (compiled !== undefined) return compiled;
  const bytes = new Uint8Array(readFileSync(new URL('./mlp.wasm', import.meta.url)));
  try {
    compiled = new WebAssembly.Module(bytes);
    return compiled;
  } catch (cause) {
    throw errors.noVectors(cause);
  }
}

/** The kernels on `memory`; any number of threads may do so with one module and one memory. */
export function simdKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const wasm = exports as Record<keyof Kernels, (...numbers: number[]) => number>;
  // These take numbers only, as they are.
  const ofActivations = Object.fromEntries(
    activationNames.flatMap((name) => [name, `${name}Deltas` as const]).map((name) => [name, wasm[name]]),
  ) as unknown as ActivationKernels;
  return {
    ...ofActivations,
    forwardSparse(
      order,
      count,
      { start, index, value, table = 0 },
      { inputs, stride, weights, biases, tiled = 0 },
      output,
      scratch,
    ) {
      wasm.forwardSparse(
        ...[order, count, start, index, value, table],
        ...[inputs, stride, weights, biases, output, scratch, tiled],
      );
    },
    tileWeights({ inputs, stride, weights }, to) {
      wasm.tileWeights(inputs, stride, weights, to);
    },
    forwardDense(input, inputStride, count, { inputs, stride, weights, biases }, output, scratch) {
      wasm.forwardDense(input, inputStride, count, inputs, stride, weights, biases, output, scratch);
    },
    outputDeltas(order, labels, count, { units, stride }, outputs) {
      wasm.outputDeltas(order, labels, count, units, stride, outputs);
    },
    transpose({ inputs, units, stride, weights }, to) {
      wasm.transpose(inputs, units, stride, weights, to);
    },
    descend(parameters, gradient, floats, factor) {
      wasm.descend(parameters, gradient, floats, factor);
    },
    momentum(parameters, gradient, velocity, floats, { scale, l1, l2, learningRate, momentum, nesterov }) {
      wasm.momentum(
        ...[parameters, gradient, velocity, floats],
        ...[scale, l1, l2, learningRate, momentum, Number(nesterov)],
      );
    },
    adam(parameters, gradient, mean, square, floats, step) {
      wasm.adam(
        ...[parameters, gradient, mean, square, floats],
        ...[step.scale, step.l1, step.l2, step.stepSize, step.rest1, step.beta2, step.rest2],
        ...[step.rootCorrection, step.epsilon, step.keep],
      );
    },
    updateSparse(
      order,
      count,
      { start, index, value, table = 0 },
      deltas,
      { inputs, stride, weights, biases },
      scratch,
    ) {
      wasm.updateSparse(
        ...[order, count, start, index, value, table],
        ...[stride, deltas, inputs, weights, biases, scratch],
      );
    },
    updateDense(input, inputStride, count, deltas, { inputs, stride, weights, biases }, scratch) {
      wasm.updateDense(input, inputStride, count, deltas, inputs, stride, weights, biases, scratch);
    },
    decayL2(values, floats, factor) {
      wasm.decayL2(values, floats, factor);
    },
    decayL1(values, floats, factor) {
      wasm.decayL1(values, floats, factor);
    },
    loss(labels, count, { units, stride }, outputs, logs, predictions) {
      return wasm.loss(labels, count, units, stride, outputs, logs, predictions);
    },
    softmax(count, { units, stride }, outputs) {
      wasm.softmax(count, units, stride, outputs);
    },
    softmaxDeltas(order, labels, count, { units, stride }, outputs) {
      wasm.softmaxDeltas(order, labels, count, units, stride, outputs);
    },
    softmaxLoss(labels, count, { units, stride }, outputs, exps, predictions) {
      return wasm.softmaxLoss(labels, count, units, stride, outputs, exps, predictions);
    },
    squaredDeltas(order, targets, count, { units, stride }, outputs) {
      wasm.squaredDeltas(order, targets, count, units, stride, outputs);
    },
    squaredErrors(targets, count, { units, stride }, outputs, sums) {
      wasm.squaredErrors(targets, count, units, stride, outputs, sums);
    },
    drop(from, to, floats, first, { key, threshold, scale }) {
      wasm.drop(from, to, floats, first, key[0], key[1], threshold, scale);
    },
    weighRows(order, labels, count, { stride }, deltas, weights) {
      wasm.weighRows(order, labels, count, stride, deltas, weights);
    },
    countEqual(bytes, others, count) {
      return wasm.countEqual(bytes, others, count);
    },
    gather(order, count, rows, stride, to) {
      wasm.gather(order, count, rows, stride, to);
    },
  };
}
