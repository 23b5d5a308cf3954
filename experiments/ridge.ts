// How strongly to hold the weights of a linear model down: ridge regression on the breast-cancer rows, by 5-fold cross-validation.
// Solved exactly, fold by fold, so that a report stands for the folds so far. No framework: 30 columns are a small matrix.
//   npm run coresweep -- run experiments/ridge.ts
import { readFileSync } from 'node:fs';
import { defineExperiment } from 'coresweep';

const folds = 5;

export default defineExperiment({
  name: 'ridge',
  space: {
    alpha: [0.01, 0.1, 1, 10, 100, 1_000, 10_000],
    scaling: ['none', 'standard'],
    squares: [false, true],
  },
  metrics: { error: 'minimise', largestWeight: 'none' },
  // The mean over all folds, not over the luckiest ones.
  search: { result: 'last' },
  async objective({ params, report }) {
    const { inputs, labels } = rows(params.scaling, params.squares);
    let wrong = 0;
    let tested = 0;
    for (let fold = 0; fold < folds; fold++) {
      const isTest = (row: number) => row % folds === fold;
      const weights = ridge(inputs, labels, (row) => !isTest(row), params.alpha);
      for (const [row, input] of inputs.entries()) {
        if (!isTest(row)) continue;
        tested++;
        if (Math.sign(dot(input, weights)) !== labels[row]) wrong++;
      }
      await report(fold + 1, { error: wrong / tested, largestWeight: Math.max(...weights.map(Math.abs)) });
    }
  },
});

/** Columns and a 1 for the intercept; labels are 1 and -1. */
function rows(
  scaling: 'none' | 'standard',
  squares: boolean,
): { inputs: readonly Float64Array[]; labels: readonly number[] } {
  const lines = readFileSync(new URL('data/breast-cancer.csv', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const table = lines.slice(1).map((line) => line.split(','));
  const classes = [...new Set(table.map((cells) => cells.at(-1)))];
  const labels = table.map((cells) => (cells.at(-1) === classes[0] ? 1 : -1));
  const given = table.map((cells) => cells.slice(0, -1).map(Number));
  const columns = given.map((row) => (squares ? [...row, ...row.map((value) => value * value)] : row));
  const scaled = scaling === 'none' ? columns : standardised(columns);
  return { inputs: scaled.map((row) => Float64Array.of(...row, 1)), labels };
}

function standardised(table: readonly (readonly number[])[]): number[][] {
  const width = table[0]?.length ?? 0;
  const column = (at: number) => table.map((row) => row[at] as number);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const means = Array.from({ length: width }, (_, at) => mean(column(at)));
  const deviations = means.map((middle, at) =>
    Math.sqrt(mean(column(at).map((value) => (value - middle) ** 2))),
  );
  return table.map((row) =>
    row.map((value, at) => (value - (means[at] as number)) / (deviations[at] as number)),
  );
}

const dot = (one: Float64Array, other: Float64Array): number =>
  one.reduce((sum, value, at) => sum + value * (other[at] as number), 0);

/** The weights w that solve (X'X + alpha I) w = X'y over the rows that are used, by Cholesky's decomposition. */
function ridge(
  inputs: readonly Float64Array[],
  labels: readonly number[],
  isUsed: (row: number) => boolean,
  alpha: number,
): Float64Array {
  const size = inputs[0]?.length ?? 0;
  // The lower triangle, row by row, with X'y as one row more: decomposing solves for it on the way.
  const matrix = Array.from({ length: size + 1 }, () => new Float64Array(size));
  const at = (row: number): Float64Array => matrix[row] as Float64Array;
  for (let i = 0; i < size; i++) at(i)[i] = alpha;
  for (const [row, input] of inputs.entries()) {
    if (!isUsed(row)) continue;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++)
        at(i)[j] = (at(i)[j] as number) + (input[i] as number) * (input[j] as number);
      at(size)[i] = (at(size)[i] as number) + (labels[row] as number) * (input[i] as number);
    }
  }
  for (let i = 0; i <= size; i++) {
    for (let j = 0; j < Math.min(i + 1, size); j++) {
      let sum = at(i)[j] as number;
      for (let k = 0; k < j; k++) sum -= (at(i)[k] as number) * (at(j)[k] as number);
      at(i)[j] = i === j ? Math.sqrt(sum) : sum / (at(j)[j] as number);
    }
  }
  const weights = at(size);
  for (let i = size - 1; i >= 0; i--) {
    let sum = weights[i] as number;
    for (let k = i + 1; k < size; k++) sum -= (at(k)[i] as number) * (weights[k] as number);
    weights[i] = sum / (at(i)[i] as number);
  }
  return weights;
}
