/**
 * The identity of weights: SHA-256 over their bits.
 * Not here: what the weights mean, where they are kept.
 */
import { hash } from 'node:crypto';

/**
 * The bytes of `parameters`, float32 little-endian, without a copy. The machine's own order is that order: parameters
 * are views of WebAssembly memory, which is little-endian, so coresweep cannot run where float32 arrays are not.
 */
export const weightsBytes = (parameters: Float32Array): Buffer =>
  Buffer.from(parameters.buffer, parameters.byteOffset, parameters.byteLength);

/** SHA-256 (hex) of logical parameters as little-endian float32: equal exactly if every bit is, so -0 is not 0. */
export const weightsSha256 = (parameters: Float32Array): string => hash('sha256', weightsBytes(parameters));
