/** The kernels of outputs that are numbers as plain loops: their deltas and their squared errors. */
import { fround, multiply, subtract } from './float32.ts';
import type { SquareKernels } from './output-kernels.ts';

/** These kernels on the numbers of `buffer`. */
export function squareKernels(buffer: ArrayBufferLike): SquareKernels {
  const words = new Uint32Array(buffer);
  const floats = new Float32Array(buffer);
  return {
    squaredDeltas(order, targets, count, { units, stride }, outputs) {
      const factor = fround(2 / units);
      for (let k = 0; k < count; k++) {
        const target = targets / 4 + (words[order / 4 + k] as number) * stride;
        const row = floats.subarray(outputs / 4 + k * stride, outputs / 4 + (k + 1) * stride);
        for (const [j, output] of row.entries())
          row[j] = j < units ? multiply(factor, subtract(output, floats[target + j] as number)) : 0;
      }
    },

    squaredErrors(targets, count, { units, stride }, outputs, sums) {
      const totals = new Float64Array(buffer, sums, stride).fill(0);
      for (let k = 0; k < count; k++) {
        for (let j = 0; j < units; j++) {
          const at = k * stride + j;
          const error = subtract(floats[outputs / 4 + at] as number, floats[targets / 4 + at] as number);
          totals[j] = (totals[j] as number) + error * error;
        }
      }
    },
  };
}
