/** Kernels over choices: a row of probabilities each, much for its own choice, little for all; the prior's are equal. */
import { log } from '../exact/log.ts';
import type { Kernels } from './kernels.ts';

export function choiceKernels(column: Float64Array, choices: number, priorWeight: number): Kernels {
  const n = column.length;
  const little = n === 0 ? 1 : priorWeight / (n + 1);
  const whole = 1 + choices * little;
  const [logHit, logMiss] = [log((1 + little) / whole), log(little / whole)];
  const logPrior = -log(choices);
  function addLogPdf(x: number, near: Uint32Array, count: number, sums: Float64Array): void {
    for (let i = 0; i < count; i++) {
      const k = near[i] as number;
      sums[i] = (sums[i] as number) + (k === n ? logPrior : column[k] === x ? logHit : logMiss);
    }
  }

  return {
    most: 0,
    addBound: addLogPdf,
    addLogPdf,
    sample(kernel, random) {
      const place = random.uniform();
      if (kernel === n) return Math.floor(place * choices);
      // A part of the whole is spread evenly, the rest is the kernel's own choice.
      const spread = (choices * little) / whole;
      return place < spread
        ? Math.min(choices - 1, Math.floor((place / spread) * choices))
        : (column[kernel] as number);
    },
  };
}
