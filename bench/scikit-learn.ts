/**
 * Test rows beside scikit-learn's MLPClassifier and MLPRegressor: the same network, Adam, and the same 20 splits of digits, breast
 * cancer, iris and friedman. Means should differ by less than the 95 % interval of their difference, split by split.
 * Not here: what is printed (run.ts). It follows from seeds alone, so a busy machine makes it slower and nothing else.
 */
import { readFileSync } from 'node:fs';
import { trainMlp } from '../src/index.ts';
import { randomStream, shuffle } from '../src/random.ts';
import { peerSays } from './peers.ts';

const seeds = 20;
const settings = { hidden: [32], epochs: 60, batchSize: 32, learningRate: 0.001 } as const;
/** As scikit-learn does it; its biases start in the same range, ours at 0. */
const alike = {
  activation: 'relu',
  optimizer: 'adam',
  reduction: 'mean',
  initialWeights: 'xavier-uniform',
} as const;

/** The files of rows, and whether they are told by their class or by a number. */
const tables = {
  digits: 'labels',
  'breast-cancer': 'labels',
  iris: 'labels',
  friedman: 'targets',
} as const;

/** What is measured on the test rows of a split. */
type Score = 'accuracy' | 'rmse' | 'r2';
type Scores = Readonly<Partial<Record<Score, number>>>;

interface Rows {
  readonly inputs: readonly (readonly number[])[];
  /** What the last column says: numbered classes, or numbers. */
  readonly answers: readonly number[];
}

function rowsOf(name: keyof typeof tables): Rows {
  const file = new URL(`../experiments/data/${name}.csv`, import.meta.url);
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const cells = lines.map((line) => line.split(','));
  const classes = [...new Set(cells.map((row) => row.at(-1)))].sort();
  return {
    inputs: cells.map((row) => row.slice(0, -1).map(Number)),
    answers: cells.map((row) =>
      tables[name] === 'labels' ? classes.indexOf(row.at(-1)) : Number(row.at(-1)),
    ),
  };
}

/** Three rows of ten, drawn anew for each seed. */
function testRows(count: number, seed: number): number[] {
  const order = new Uint32Array(count);
  shuffle(order, randomStream(seed, 'rows of a table', 0, 0));
  return [...order.subarray(0, Math.round(0.3 * count))];
}

async function ours(
  kind: 'labels' | 'targets',
  { inputs, answers }: Rows,
  test: readonly number[],
  seed: number,
): Promise<Scores> {
  const isTest = new Set(test);
  const training = [...answers.keys()].filter((row) => !isTest.has(row));
  const pick = (rows: readonly number[]) => ({
    inputs: rows.flatMap((row) => inputs[row] as readonly number[]),
    [kind]: rows.map((row) => answers[row] as number),
  });
  const options = { ...{ ...pick(training), validation: pick(test) }, ...settings, ...alike, seed };
  if (kind === 'labels') {
    const { last } = await trainMlp({ ...options, output: 'softmax' });
    return { accuracy: last.evaluationAccuracy };
  }
  const { last } = await trainMlp({ ...options, output: 'linear' });
  return { rmse: last.evaluationRmse, r2: last.evaluationR2 };
}

/** A mean, and half of its 95 % interval. */
interface Mean {
  readonly mean: number;
  readonly half: number;
}

/** By Student's t of 19 degrees of freedom. */
function meanOf(values: readonly number[]): Mean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, half: 2.093 * Math.sqrt(variance / values.length) };
}

export interface Comparison {
  readonly name: string;
  readonly score: Score;
  readonly ours: Mean;
  readonly theirs: Mean;
  /** Ours minus theirs, split by split. */
  readonly difference: Mean;
}

export async function* scikitComparisons(): AsyncGenerator<Comparison> {
  for (const name of Object.keys(tables) as (keyof typeof tables)[]) {
    const rows = rowsOf(name);
    const kind = tables[name];
    const tests = Array.from({ length: seeds }, (_, seed) => testRows(rows.answers.length, seed));
    const job = JSON.stringify({ ...rows, kind, tests, ...settings });
    const theirs = JSON.parse(peerSays('sklearn_mlp.py', [], job)) as Scores[];
    const own: Scores[] = [];
    for (const [seed, test] of tests.entries()) own.push(await ours(kind, rows, test, seed));
    for (const score of Object.keys(own[0] as Scores) as Score[]) {
      const [one, other] = [own, theirs].map((all) => all.map((scores) => scores[score] as number)) as [
        number[],
        number[],
      ];
      const difference = meanOf(one.map((value, at) => value - (other[at] as number)));
      yield { ...{ name, score, difference }, ours: meanOf(one), theirs: meanOf(other) };
    }
  }
}
