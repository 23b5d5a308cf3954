/**
 * Accuracies beside scikit-learn's MLPClassifier: the same network, Adam, and the same 20 splits of digits, breast cancer and iris.
 * Their means should differ by less than the 95 % interval of their difference, split by split.
 * Not here: what is printed (run.ts). It follows from seeds alone, so a busy machine makes it slower and nothing else.
 */
import { readFileSync } from 'node:fs';
import { trainMlp } from '../src/index.ts';
import { randomStream, shuffle } from '../src/random.ts';
import { peerSays } from './peers.ts';

const seeds = 20;
const settings = { hidden: [32], epochs: 60, batchSize: 32, learningRate: 0.001 } as const;

interface Rows {
  readonly inputs: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

function rowsOf(name: string): Rows {
  const file = new URL(`../experiments/data/${name}.csv`, import.meta.url);
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const cells = lines.map((line) => line.split(','));
  const classes = [...new Set(cells.map((row) => row.at(-1)))].sort();
  return {
    inputs: cells.map((row) => row.slice(0, -1).map(Number)),
    labels: cells.map((row) => classes.indexOf(row.at(-1))),
  };
}

/** Three rows of ten, drawn anew for each seed. */
function testRows(count: number, seed: number): number[] {
  const order = new Uint32Array(count);
  shuffle(order, randomStream(seed, 'rows of a table', 0, 0));
  return [...order.subarray(0, Math.round(0.3 * count))];
}

async function ours({ inputs, labels }: Rows, test: readonly number[], seed: number): Promise<number> {
  const isTest = new Set(test);
  const training = [...labels.keys()].filter((row) => !isTest.has(row));
  const pick = (rows: readonly number[]) => ({
    inputs: rows.flatMap((row) => inputs[row] as readonly number[]),
    labels: rows.map((row) => labels[row] as number),
  });
  const { last } = await trainMlp({
    ...{ ...pick(training), validation: pick(test), ...settings, seed },
    ...{ activation: 'relu', output: 'softmax', optimizer: 'adam', reduction: 'mean' },
  });
  return last.evaluationAccuracy;
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
  readonly ours: Mean;
  readonly theirs: Mean;
  /** Ours minus theirs, split by split. */
  readonly difference: Mean;
}

export async function* scikitComparisons(): AsyncGenerator<Comparison> {
  for (const name of ['digits', 'breast-cancer', 'iris']) {
    const rows = rowsOf(name);
    const tests = Array.from({ length: seeds }, (_, seed) => testRows(rows.labels.length, seed));
    const job = JSON.stringify({ ...rows, tests, ...settings });
    const theirs = JSON.parse(peerSays('sklearn_mlp.py', [], job)) as number[];
    const own: number[] = [];
    for (const [seed, test] of tests.entries()) own.push(await ours(rows, test, seed));
    const difference = meanOf(own.map((value, at) => value - (theirs[at] as number)));
    yield { name, ours: meanOf(own), theirs: meanOf(theirs), difference };
  }
}
