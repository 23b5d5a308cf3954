/**
 * Accuracies beside scikit-learn's MLPClassifier: the same network, Adam, and the same 20 splits of digits, breast cancer and iris.
 * Their means should differ by less than the 95 % interval of their difference, split by split.
 *   node bench/scikit-learn.ts     (the peer is the one that npm run bench:peers installs)
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainMlp } from '../src/index.ts';
import { randomStream, shuffle } from '../src/random.ts';
import { peersPython } from './peers.ts';

const seeds = 20;
const settings = { hidden: [32], epochs: 60, batchSize: 32, learningRate: 0.001 } as const;
const python = process.env['BENCH_PYTHON'] ?? peersPython;

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

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Of a mean: half of its 95 % interval, by Student's t of 19 degrees of freedom. */
const half = (values: readonly number[]) => {
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  return 2.093 * Math.sqrt(variance / values.length);
};
const percent = (value: number) => (100 * value).toFixed(2);

for (const name of ['digits', 'breast-cancer', 'iris']) {
  const rows = rowsOf(name);
  const tests = Array.from({ length: seeds }, (_, seed) => testRows(rows.labels.length, seed));
  const input = JSON.stringify({ ...rows, tests, ...settings });
  const theirs = JSON.parse(
    execFileSync(python, [join(import.meta.dirname, 'peers/sklearn_mlp.py')], { input, encoding: 'utf8' }),
  ) as number[];
  const own: number[] = [];
  for (const [seed, test] of tests.entries()) own.push(await ours(rows, test, seed));
  const differences = own.map((value, at) => value - (theirs[at] as number));
  const isEven = Math.abs(mean(differences)) <= half(differences);
  console.log(
    `${name}: ours ${percent(mean(own))} ± ${percent(half(own))} %, scikit-learn ${percent(mean(theirs))} ± ${percent(half(theirs))} %, ` +
      `difference ${percent(mean(differences))} ± ${percent(half(differences))}: ${isEven ? 'none to be seen' : 'NOT THE SAME'}`,
  );
}
