/** Weights that come back from a disk: trusted only after their shape, values and SHA-256 are checked. */
import { cut, shown } from '../errors.ts';
import { parameterCount } from '../train/model.ts';
import { weightsSha256 } from '../train/weights-hash.ts';
import type { TrainedWeights } from '../trial.ts';

/** The layer sizes as people write them: 784-20-10. */
export const shape = (sizes: readonly number[]): string => sizes.join('-');

/** Whether `value` can be the layer sizes of a network: two or more whole numbers from 1. */
const areSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) &&
  value.length >= 2 &&
  value.every((units) => Number.isSafeInteger(units) && units >= 1);

/**
 * The weights held by `bytes` (float32 little-endian, without padding), in memory of their own.
 * @param refuse is given the fault as the rest of a sentence that begins with the place; it throws
 */
export function checkedWeights(
  sizes: unknown,
  bytes: Uint8Array,
  sha256: unknown,
  refuse: (fault: string) => never,
): TrainedWeights {
  if (!areSizes(sizes))
    return refuse(`has the sizes ${shown(sizes)}, but they must be whole numbers from 1, at least two`);
  const expected = parameterCount(sizes);
  if (bytes.length !== 4 * expected) {
    return refuse(
      `holds ${bytes.length / 4} parameters, but its shape ${cut(shape(sizes))} needs ${expected} (weights and biases)`,
    );
  }
  const parameters = new Float32Array(expected);
  new Uint8Array(parameters.buffer).set(bytes);
  const fault = parameters.findIndex((value) => !Number.isFinite(value));
  if (fault >= 0) return refuse(`holds ${parameters[fault]} as parameter ${fault}, but all must be finite`);
  const actual = weightsSha256(parameters);
  if (actual !== sha256) {
    return refuse(`is damaged: its parameters have the SHA-256 ${actual}, but ${shown(sha256)} is recorded`);
  }
  return Object.freeze({ sizes: Object.freeze([...sizes]), parameters, sha256: actual });
}
