/** Kernels along a continuous axis: normal distributions, cut off at its ends. */
import { log } from '../exact/log.ts';
import type { Axis } from '../space/unit.ts';
import { type AxisKernels, type Kernels, mostLost } from './kernels.ts';
import { logMass, truncatedQuantile } from './truncated-normal.ts';

const halfLogTwoPi = 0.9189385332046728;

export function smoothKernels({ mu, sigma }: AxisKernels, { low, high }: Axis): Kernels {
  const n = mu.length;
  let narrowest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < n; k++) narrowest = Math.min(narrowest, sigma[k] as number);
  const most = mostLost - (halfLogTwoPi + log(narrowest));
  /** ln of each kernel's density in its middle; 0 until it is asked for. */
  const constants = new Float64Array(n);

  function constantOf(k: number): number {
    const middle = mu[k] as number;
    const width = sigma[k] as number;
    const mass = logMass((low - middle) / width, (high - middle) / width);
    return -(halfLogTwoPi + log(width) + mass);
  }

  return {
    most,
    addBound(x, near, count, bounds) {
      for (let i = 0; i < count; i++) {
        const k = near[i] as number;
        const z = (x - (mu[k] as number)) / (sigma[k] as number);
        bounds[i] = (bounds[i] as number) + (most - 0.5 * z * z);
      }
    },
    addLogPdf(x, near, count, sums) {
      for (let i = 0; i < count; i++) {
        const k = near[i] as number;
        if (constants[k] === 0) constants[k] = constantOf(k);
        const z = (x - (mu[k] as number)) * (1 / (sigma[k] as number));
        sums[i] = (sums[i] as number) + ((constants[k] as number) - 0.5 * z * z);
      }
    },
    sample: (k, random) =>
      truncatedQuantile(random.uniform(), mu[k] as number, sigma[k] as number, low, high),
  };
}
