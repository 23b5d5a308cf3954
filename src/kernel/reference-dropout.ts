/** The kernels of dropout and of class weights as plain loops. */
import type { DropoutKernels } from './dropout-kernels.ts';
import { fround, multiply } from './float32.ts';

/** Mixes the bits of a number such that each decides about every other (lowbias32, Wellons 2018). */
function mixed(number: number): number {
  let x = number;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb_352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846c_a68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** These kernels on the numbers of `buffer`. */
export function dropoutKernels(buffer: ArrayBufferLike): DropoutKernels {
  const floats = new Float32Array(buffer);
  const words = new Uint32Array(buffer);
  const bytes = new Uint8Array(buffer);
  return {
    drop(from, to, count, first, { key, threshold, scale }) {
      for (let i = 0; i < count; i++) {
        const isKept = mixed(mixed(first + key[0] + i) ^ key[1]) >= threshold;
        floats[to / 4 + i] = isKept ? multiply(floats[from / 4 + i] as number, fround(scale)) : 0;
      }
    },

    weighRows(order, labels, count, { stride }, deltas, weights) {
      for (let k = 0; k < count; k++) {
        const label = bytes[labels + (words[order / 4 + k] as number)] as number;
        const weight = floats[weights / 4 + label] as number;
        for (let j = 0; j < stride; j++) {
          const at = deltas / 4 + k * stride + j;
          floats[at] = multiply(floats[at] as number, weight);
        }
      }
    },
  };
}
