/**
 * How good a classifier is, class by class: precision, recall and F1, the area under its ROC curve, and its calibration.
 * Names and conventions are scikit-learn's (zero_division=0: a class that is never predicted has a precision of 0).
 * Not here: how sure these numbers are, and where predictions come from.
 */

/** Shares from 0 to 1. */
export interface Scores {
  /** Of the rows predicted as the class, those that are of it. */
  readonly precision: number;
  /** Of the rows of the class, those predicted as it. */
  readonly recall: number;
  /** Their harmonic mean. */
  readonly f1: number;
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
  /** The chance that a row of the second class has a higher score than one of the first; null but for two classes, both with rows. */
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
  /** Of each row how much it looks like the second class; needed for two classes alone. */
  readonly secondScores?: ArrayLike<number> | undefined;
}

const bins = 10;

/** @param classified at least one row */
export function classification(classified: Classified): Classification {
  const { classes: names, labels, predicted, confidence, secondScores } = classified;
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
  const classes = counts.map((count, place): ClassScores => {
    const precision = share(count.right, count.predicted);
    const recall = share(count.right, count.rows);
    const f1 = share(2 * count.right, count.rows + count.predicted);
    return { name: names[place] as string, precision, recall, f1, rows: count.rows };
  });
  const reliability = reliabilityOf(labels, predicted, confidence);
  const gap = ({ accuracy, confidence, rows }: ReliabilityBin) =>
    rows * Math.abs((accuracy ?? 0) - (confidence ?? 0));
  return {
    ...{ rows, classes, reliability, accuracy: right / rows },
    macro: meanOf(classes, () => 1),
    weighted: meanOf(classes, ({ rows }) => rows),
    rocAuc: names.length === 2 && secondScores !== undefined ? rocAuc(labels, secondScores) : null,
    calibrationError: reliability.reduce((sum, bin) => sum + gap(bin), 0) / rows,
  };
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function meanOf(classes: readonly ClassScores[], weight: (scores: ClassScores) => number): Scores {
  const total = classes.reduce((sum, scores) => sum + weight(scores), 0);
  const mean = (key: keyof Scores) =>
    classes.reduce((sum, scores) => sum + weight(scores) * scores[key], 0) / total;
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') };
}

/** By ranks (Mann and Whitney 1947); equal scores share theirs. */
function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  const order = Uint32Array.from({ length: labels.length }, (_, row) => row);
  const scoreOf = (place: number) => scores[order[place] as number] as number;
  order.sort((one, other) => (scores[one] as number) - (scores[other] as number));
  let [positives, ranks] = [0, 0];
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && scoreOf(to) === scoreOf(from)) to++;
    for (let place = from; place < to; place++) {
      if (labels[order[place] as number] !== 1) continue;
      positives += 1;
      ranks += (from + 1 + to) / 2;
    }
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
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
