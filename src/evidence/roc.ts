/**
 * How well scores tell rows of a class from the rest: the ROC curve and the area under it.
 * Ends and areas are scikit-learn's (roc_curve, roc_auc_score); points are vertices alone.
 */

/** Shares from 0 to 1: of the other rows, those that a threshold takes for the class; of the class's rows, those it finds. */
export type RocPoint = readonly [falsePositives: number, truePositives: number];

export interface RocCurve {
  /** From (0, 0) to (1, 1), one a different score that turns the curve. */
  readonly points: readonly RocPoint[];
  /** The chance that a row of the class has a higher score than another one, equal ones counted half (Mann and Whitney 1947). */
  readonly area: number;
}

/**
 * Undefined where all rows are of the class, or none is.
 * @param scores float32 from 0 on: how much a row looks like the class
 */
export function rocCurve(
  labels: ArrayLike<number>,
  label: number,
  scores: ArrayLike<number>,
): RocCurve | undefined {
  const keys = sortedKeys(labels, label, scores);
  const positives = keys.reduce((sum, key) => sum + (key % 2), 0);
  const negatives = keys.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  const points: RocPoint[] = [[0, 0]];
  let [right, wrong, rightBefore, wrongBefore, doubled] = [0, 0, 0, 0, 0];
  let before: readonly [wrong: number, right: number] = [0, 0];
  for (let at = keys.length - 1; at >= 0; ) {
    const score = Math.floor((keys[at] as number) / 2);
    [rightBefore, wrongBefore] = [right, wrong];
    for (; at >= 0 && Math.floor((keys[at] as number) / 2) === score; at--) {
      if ((keys[at] as number) % 2 === 1) right += 1;
      else wrong += 1;
    }
    // Whole numbers: exact.
    doubled += (wrong - wrongBefore) * (right + rightBefore);
    const step = [wrong - wrongBefore, right - rightBefore] as const;
    // On the line of the step before, the vertex between the two would show nothing.
    if (points.length > 1 && step[0] * before[1] === step[1] * before[0]) points.pop();
    points.push([wrong / negatives, right / positives]);
    before = step;
  }
  return { points, area: doubled / (2 * positives * negatives) };
}

/**
 * Ascending by score, each twice its bits plus whether it is of the class: the bits of float32 from 0 on sort as their numbers
 * do, and a typed array without a comparison sorts ten times as fast.
 */
function sortedKeys(labels: ArrayLike<number>, label: number, scores: ArrayLike<number>): Float64Array {
  const bits = new Uint32Array(Float32Array.from(scores).buffer);
  return Float64Array.from(bits, (score, row) => 2 * score + (labels[row] === label ? 1 : 0)).sort();
}
