/**
 * Where the operands of kernels lie in the one linear memory.
 *
 * An Address is a byte offset, a multiple of 16. All numbers are float32 unless said otherwise. A layer with `units`
 * units has a `stride`, units rounded up to a multiple of 4: weights are (inputs x stride), biases (1 x stride),
 * activations and deltas (rows x stride). Columns from units to stride are padding: they hold 0 in weights, biases and
 * deltas, stay so, and hold what an activation leaves there in activations.
 */

/** A byte offset in the shared memory. */
export type Address = number;

/** Rows as lists of their non-blank inputs, in ascending order of input; row r has entries start[r] to start[r + 1]. */
export interface SparseRows {
  /** uint32 (rows + 1). */
  readonly start: Address;
  /** uint16 (entries): twice the number of the input, which spares the kernels a shift an entry. */
  readonly index: Address;
  /** (entries): its value, never 0: a float32 or, where there is a `table`, the uint8 that stands for it there. */
  readonly value: Address;
  /** float32 (256): the values that bytes stand for. A byte an entry in place of four leaves the caches to the weights. */
  readonly table?: Address | undefined;
}

/** One fully connected layer's parameters. */
export interface LayerParameters {
  readonly inputs: number;
  readonly units: number;
  readonly stride: number;
  /** (inputs x stride) */
  readonly weights: Address;
  /** (1 x stride) */
  readonly biases: Address;
  /** The weights once more, as tileWeights() lays them out; forwardSparse reads them from there and copies none. */
  readonly tiled?: Address | undefined;
}
