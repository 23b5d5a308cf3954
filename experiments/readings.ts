// What the paper leaves open: how a mini-batch's gradient is reduced, how pixels are scaled, how weights start.
// Runs phase 1 of the paper under each reading and prints what the paper says beside what was measured.
//   npm run readings                  all five, 100 epochs each
//   npm run readings -- --epochs 10   a quick look
import { parseArgs } from 'node:util';
import { type DoneTrial, type NetworkInput, runSweep, type Trial } from 'coresweep';
import paper from './paper.ts';

type Mnist = Extract<NetworkInput['data'], { source: 'mnist' }>;

type Reading = Pick<NonNullable<NetworkInput['training']>, 'reduction'> &
  Pick<Mnist, 'pixels'> &
  Pick<NonNullable<NetworkInput['model']>, 'initialWeights'>;

const readings = [
  { reduction: 'sum', pixels: '0-1', initialWeights: 'normal' },
  { reduction: 'sum', pixels: '0-1', initialWeights: 'xavier-uniform' },
  { reduction: 'sum', pixels: 'raw', initialWeights: 'xavier-uniform' },
  { reduction: 'mean', pixels: '0-1', initialWeights: 'normal' },
  { reduction: 'mean', pixels: '0-1', initialWeights: 'xavier-uniform' },
] as const satisfies readonly Reading[];

const { values } = parseArgs({
  options: {
    epochs: { type: 'string', default: String(paper.training.epochs) },
    // In a folder of its own: beside it lies the bestmodel.json of the last reading, which must not replace the paper's.
    db: { type: 'string', default: 'results/readings/results.db' },
  },
});

console.log(
  'The paper says: about 84 % validation accuracy; the best learning rate is 0.001 in two places and 0.01 in',
);
console.log('a third, the best batch size 128 always. Measured, last epoch, by batch size:\n');
const { learningRate, batchSize } = paper.space;
const columns = learningRate.map((rate) => `learning rate ${rate}`);
printRow('gradient', 'pixels', 'initial weights', ...columns, 'best');
printRow('---', '---', '---', ...columns.map(() => '---'), '---');

for (const reading of readings) {
  const { trials } = await runSweep(definitionOf(reading), { database: values.db, lastPhase: 1 });
  const cells = learningRate.map((rate) =>
    batchSize.map((size) => accuracy(find(trials, rate, size))).join(' '),
  );
  const { reduction, pixels, initialWeights } = reading;
  printRow(reduction, pixels, initialWeights, ...cells, best(trials));
}

function definitionOf({ reduction, pixels, initialWeights }: (typeof readings)[number]): NetworkInput {
  return {
    ...paper,
    name: `paper: ${reduction}, ${pixels}, ${initialWeights}`,
    data: { ...(paper.data as Mnist), pixels },
    model: { ...paper.model, initialWeights },
    training: { ...paper.training, reduction, epochs: Number(values.epochs) },
  };
}

function find(trials: readonly Trial[], rate: number, size: number): Trial | undefined {
  return trials.find(({ params }) => params['learningRate'] === rate && params['batchSize'] === size);
}

/** The first of a network's metrics, which in a final trial is measured on the test rows. */
function testAccuracy({ last }: DoneTrial): number {
  return last.values[0] ?? Number.NaN;
}

function accuracy(trial: Trial | undefined): string {
  return trial?.state === 'done' ? (100 * testAccuracy(trial)).toFixed(1) : (trial?.state ?? '-');
}

function best(trials: readonly Trial[]): string {
  const done = trials.filter((trial) => trial.state === 'done');
  const first = done.toSorted((a, b) => testAccuracy(b) - testAccuracy(a))[0];
  return first === undefined ? '-' : `${first.params['learningRate']}, batch ${first.params['batchSize']}`;
}

function printRow(...cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}
