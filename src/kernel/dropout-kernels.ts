/** The kernels of dropout and of class weights. */
import type { Address, LayerParameters } from './layout.ts';

/** Which numbers of a block drop out, and what the others are multiplied by. */
export interface Dropping {
  /** Two words from 0 to 2^32 - 1. */
  readonly key: readonly [number, number];
  /** Number n of a block is kept where its random word, which follows from n and the key, is at least this. */
  readonly threshold: number;
  readonly scale: number;
}

export interface DropoutKernels {
  /**
   * to = from times the scale where a number is kept, 0 where it drops out, on `floats` numbers (a multiple of 4), the first of
   * which is number `first` of its block.
   */
  drop(from: Address, to: Address, floats: number, first: number, dropping: Dropping): void;

  /**
   * Each row of deltas times the weight of its label.
   * @param deltas (count x stride)
   * @param weights float32, one for each label
   */
  weighRows(
    order: Address,
    labels: Address,
    count: number,
    layer: LayerParameters,
    deltas: Address,
    weights: Address,
  ): void;
}
