/**
 * The kernels of mlp.wasm that make rows of bytes. They compute nothing: what they write is in no identity.
 * Not here: where rows lie.
 */
import type { Address, SparseRows } from './layout.ts';

export interface RowKernels {
  /** How many of `count` bytes are not 0. Reads up to 16 bytes behind them. */
  countMarked(bytes: Address, count: number): number;

  /**
   * Writes rows of `inputs` bytes each, the first of which becomes row `first`, as lists of their bytes that are not 0; the rows'
   * table says what those stand for. Reads up to 16 bytes behind them.
   * @param entry where the first row's entries go
   * @returns where the next row's entries go
   */
  placeMarked(
    bytes: Address,
    count: number,
    inputs: number,
    rows: SparseRows,
    first: number,
    entry: number,
  ): number;
}

/** On `memory`; any number of threads may write rows of their own. */
export function rowKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): RowKernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const wasm = exports as Record<keyof RowKernels, (...numbers: number[]) => number>;
  return {
    // As a number without a sign: an i32 is all that WebAssembly gives.
    countMarked: (bytes, count) => wasm.countMarked(bytes, count) >>> 0,
    placeMarked(bytes, count, inputs, { start, index, value }, first, entry) {
      const starts = start + 4 * first;
      return wasm.placeMarked(bytes, count, inputs, starts, index, value, entry) >>> 0;
    },
  };
}
