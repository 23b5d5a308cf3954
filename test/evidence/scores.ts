/** What scikit-learn makes of made-up predictions (test/fixtures/evidence/scores.json; how it was made stands there). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface ClassificationCase {
  readonly name: string;
  readonly classes: number;
  readonly labels: readonly number[];
  readonly predicted: readonly number[];
  readonly confidence: readonly number[];
  /** By class; of the cases that have few. */
  readonly scores: readonly (readonly number[])[] | null;
  readonly expect: {
    readonly accuracy: number;
    /** Precision, recall, F1, rows. */
    readonly each: readonly (readonly number[])[];
    readonly macro: readonly number[];
    readonly weighted: readonly number[];
    /** Of each class against the rest. */
    readonly rocAuc: readonly number[] | null;
    /** False and true positives, of two classes. */
    readonly rocCurve: readonly (readonly number[])[] | null;
    readonly bins: readonly number[];
    /** Of the bins that hold rows. */
    readonly accuracyOfBins: readonly number[];
    readonly confidenceOfBins: readonly number[];
    readonly calibrationError: number;
  };
}

interface RegressionCase {
  readonly name: string;
  readonly targets: readonly number[];
  readonly predicted: readonly number[];
  readonly expect: Readonly<Record<'rmse' | 'mae' | 'maxError' | 'r2' | 'bias', number>>;
}

const path = join(import.meta.dirname, '..', 'fixtures', 'evidence', 'scores.json');

export const scores = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly classification: readonly ClassificationCase[];
  readonly regression: readonly RegressionCase[];
};

export const isNear = (one: number | null | undefined, other: number): boolean =>
  typeof one === 'number' && Math.abs(one - other) <= 1e-12 * Math.max(1, Math.abs(other));
