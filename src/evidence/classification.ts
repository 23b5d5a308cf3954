/**
 * How good a classifier is, class by class: precision, recall and F1, the area under its ROC curve, and its calibration.
 * Names and conventions are scikit-learn's (zero_division=0: a class that is never predicted has a precision of 0).
 * Not here: how sure these numbers are, and where predictions come from.
 */
import { rocCurve } from './roc.ts';

/** Shares from 0 to 1. */
export interface Scores {
  /** Of the rows predicted as the class, those that are of it. */
  readonly precision: number;
  /** Of the rows of the class, those predicted as it. */
  readonly recall: number;
  /** Their harmonic mean. */
  readonly f1: number;
  /** The area under the ROC curve of the class against the rest; null where rows of either are missing, or scores. */
  readonly rocAuc: number | null;
}

export interface ClassScores extends Scores {
  readonly name: string;
  /** How many rows are of the class. */
  readonly rows: number;
}

/** Rows whose confidence lies above `from`, and at most at `to`. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** What the model expects to get right of them, in the mean; null where there are no rows. */
  readonly confidence: number | null;
  /** What it gets right of them. */
  readonly accuracy: number | null;
}

export interface Classification {
  readonly rows: number;
  readonly accuracy: number;
  readonly classes: readonly ClassScores[];
  /** The mean over the classes. */
  readonly macro: Scores;
  /** The mean over the classes, each weighted by its rows. */
  readonly weighted: Scores;
  /** The mean over the classes, each against the rest: of two classes that of either. */
  readonly rocAuc: number | null;
  /** The mean distance of confidence and accuracy over the bins, weighted by their rows (Guo et al. 2017). */
  readonly calibrationError: number;
  readonly reliability: readonly ReliabilityBin[];
}

/** What a classifier says of rows, and what they are. */
export interface Classified {
  /** The names of the classes; labels and predictions are places among them. */
  readonly classes: readonly string[];
  readonly labels: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  /** How sure each prediction is, 0 to 1. */
  readonly confidence: ArrayLike<number>;
  /** How much each row looks like a class, float32 from 0 on, by class. */
  readonly scores?: readonly ArrayLike<number>[] | undefined;
}

const bins = 10;

/** @param classified at least one row */
export function classification(classified: Classified): Classification {
  const { classes: names, labels, predicted, confidence } = classified;
  const rows = labels.length;
  const counts = names.map(() => ({ rows: 0, predicted: 0, right: 0 }));
  let right = 0;
  for (let row = 0; row < rows; row++) {
    const [label, said] = [labels[row] as number, predicted[row] as number];
    (counts[label] as { rows: number }).rows += 1;
    (counts[said] as { predicted: number }).predicted += 1;
    if (label !== said) continue;
    (counts[label] as { right: number }).right += 1;
    right += 1;
  }
  const areas = rocAreas(classified);
  const classes = counts.map((count, place): ClassScores => {
    const precision = share(count.right, count.predicted);
    const recall = share(count.right, count.rows);
    const f1 = share(2 * count.right, count.rows + count.predicted);
    const rocAuc = areas[place] ?? null;
    return { name: names[place] as string, precision, recall, f1, rocAuc, rows: count.rows };
  });
  const reliability = reliabilityOf(labels, predicted, confidence);
  const gap = ({ accuracy, confidence, rows }: ReliabilityBin) =>
    rows * Math.abs((accuracy ?? 0) - (confidence ?? 0));
  const macro = meanOf(classes, () => 1);
  return {
    ...{ rows, classes, macro, reliability, accuracy: right / rows },
    weighted: meanOf(classes, ({ rows }) => rows),
    rocAuc: macro.rocAuc,
    calibrationError: reliability.reduce((sum, bin) => sum + gap(bin), 0) / rows,
  };
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function meanOf(classes: readonly ClassScores[], weight: (scores: ClassScores) => number): Scores {
  const total = classes.reduce((sum, scores) => sum + weight(scores), 0);
  const mean = (key: keyof Scores) =>
    classes.reduce((sum, scores) => sum + weight(scores) * (scores[key] ?? 0), 0) / total;
  const rocAuc = classes.every((scores) => scores.rocAuc !== null) ? mean('rocAuc') : null;
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), rocAuc };
}

/** By class. Of two, what tells one from the other is what tells the other from the one: rounding must not make it two numbers. */
function rocAreas({ classes, labels, scores = [] }: Classified): (number | undefined)[] {
  const areaOf = (column: ArrayLike<number>, label: number) => rocCurve(labels, label, column)?.area;
  const [, second] = scores;
  if (classes.length !== 2 || second === undefined) return scores.map(areaOf);
  return new Array(2).fill(areaOf(second, 1));
}

function reliabilityOf(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  confidence: ArrayLike<number>,
): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ rows: 0, confidence: 0, right: 0 }));
  for (let row = 0; row < labels.length; row++) {
    const sure = confidence[row] as number;
    const bin = sums.findIndex((_, place) => sure <= (place + 1) / bins || place === bins - 1);
    const sum = sums[bin] as { rows: number; confidence: number; right: number };
    sum.rows += 1;
    sum.confidence += sure;
    if (labels[row] === predicted[row]) sum.right += 1;
  }
  return sums.map(({ rows, confidence, right }, place) => ({
    ...{ from: place / bins, to: (place + 1) / bins, rows },
    confidence: rows === 0 ? null : confidence / rows,
    accuracy: rows === 0 ? null : right / rows,
  }));
}
