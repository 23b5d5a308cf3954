/**
 * What a network's outputs say of rows, gathered row by row: the class, how sure it is, and how much each looks like every class.
 * Not here: where outputs come from, what the rows are, and what follows for the model (classification.ts).
 */

export interface ClassifiedRows {
  /** The class with the highest output, the first of equals, uint8 (rows). */
  readonly predicted: Uint8Array;
  /** That output, 0 to 1, float32 (rows). */
  readonly confidence: Float32Array;
  /**
   * How much each row looks like a class: its output, of two classes its share in both, 0 to 1, float32 (rows) by class;
   * undefined where there are more than mostScored.
   */
  readonly scores: readonly Float32Array[] | undefined;
}

/** More classes than that are tables and curves that nobody reads. */
export const mostScored = 100;

/** Room for `rows` rows, all of them 0 yet. */
export const unclassified = (rows: number, classes: number): ClassifiedRows => ({
  predicted: new Uint8Array(rows),
  confidence: new Float32Array(rows),
  scores: classes <= mostScored ? Array.from({ length: classes }, () => new Float32Array(rows)) : undefined,
});

/** Writes down what `outputs` say of a row. Returns its class. */
export function classify(
  { predicted, confidence, scores }: ClassifiedRows,
  row: number,
  outputs: Float32Array | Float64Array,
): number {
  const highest = classOf(outputs);
  predicted[row] = highest;
  confidence[row] = outputs[highest] as number;
  // Two sigmoids need not add up to 1; the two of a softmax do.
  const whole = outputs.length === 2 ? (outputs[0] as number) + (outputs[1] as number) || 1 : 1;
  for (const [label, column] of scores?.entries() ?? []) column[row] = (outputs[label] as number) / whole;
  return highest;
}

/** The first rows alone. */
export const firstRows = (
  { predicted, confidence, scores }: ClassifiedRows,
  rows: number,
): ClassifiedRows => ({
  predicted: predicted.subarray(0, rows),
  confidence: confidence.subarray(0, rows),
  scores: scores?.map((column) => column.subarray(0, rows)),
});

/** The class with the highest output, the first of equals. */
export function classOf(outputs: ArrayLike<number>): number {
  let best = 0;
  for (let label = 1; label < outputs.length; label++)
    if ((outputs[label] as number) > (outputs[best] as number)) best = label;
  return best;
}
